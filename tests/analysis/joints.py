"""Curves made by hand: nothing anywhere but at the places that a test names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis import planes
from verify4k.analysis.native.peaks import Axis, PairedAxes, Peak
from verify4k.analysis.native.spectra import BANDS, REACHES, Curves
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 3840, 2160


def single(lines: dict[float, float], length: int) -> NDArray[np.float32]:
    """A curve that is one bin high at each ratio."""
    curve = np.zeros(length, np.float32)
    for ratio, high in lines.items():
        curve[round(ratio * length)] = high
    return curve


def curves(length: int, aligned: NDArray[np.float32] | None = None) -> Curves:
    """The same curve in all reaches and bands, of a flat power spectrum."""
    shape = (len(REACHES), len(BANDS))
    row = np.zeros(length, np.float32) if aligned is None else aligned
    return Curves(
        np.tile(row, (*shape, 1)),
        np.full(shape, 100, np.float32),
        np.zeros(length, np.float32),
        np.zeros(length, np.float32),
    )


def joint(
    lines: dict[float, float],
    free: dict[float, float] | None = None,
    *,
    x: Curves | None = None,
    y: Curves | None = None,
) -> PairedAxes:
    """Both axes of a 3840x2160 picture with lines (aligned, and of the free lattice) at some ratios."""
    axes = [
        Axis(single(lines, size), single(free or {}, size), given or curves(size))
        for size, given in ((WIDTH, x), (HEIGHT, y))
    ]
    at_y = np.arange(WIDTH) * HEIGHT // WIDTH
    return PairedAxes(axes[0], axes[1], axes[0].aligned.copy(), axes[0].free.copy(), at_y)


def peak_at(ratio: float, strength: float, free: float = 0.0) -> Peak:
    """A peak that both axes show."""
    x, y = round(ratio * WIDTH), round(ratio * HEIGHT)
    return Peak(x, y, ratio, strength, free, (strength, strength))


def texture(step: float = 9.0) -> Texture:
    """Lines of a 3840x2160 picture that step up or down by as much everywhere, without a pattern."""
    draw = np.random.default_rng(8)
    rows, columns = (
        np.cumsum(draw.choice([-step, step], (planes.SAMPLES, size)), axis=1).astype(np.float32)
        for size in (WIDTH, HEIGHT)
    )
    return Texture(rows, columns)


def log(value: float) -> float:
    """As descriptions tell a strength."""
    return float(np.log1p(value))


def named(names: tuple[str, ...], values: tuple[float, ...] | NDArray[np.float64]) -> dict[str, float]:
    """Numbers by their names."""
    assert len(names) == len(values)
    return dict(zip(names, map(float, values), strict=True))
