"""What the report draws: the two spectra with the peak marked, and where to look in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis import planes
from verify4k.analysis.blas import one_thread
from verify4k.analysis.native import checkerboard
from verify4k.analysis.native.analyse import SMALLEST, Measured
from verify4k.analysis.native.peaks import FIRST_RATIO, normalised
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.cyclic import CyclicAutocorrelation
    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.planes import Pixels

POINTS = 512  # of a spectrum, at most
_AROUND, _STEP = 24, 2  # native pixels to each side at which the residual is drawn, and between its points
_CROP = (240, 160)  # pixels, width and height of the crop: a report shows it twice as large


@dataclass(frozen=True, slots=True)
class Evidence:
    """x, y: strength of the trace (deviations) at native ratios 0..1, evenly spaced, <= 512 points each.

    peak: the ratio to mark, or None. crop: (x, y, w, h) of the most detailed place. residual: native widths
    around the one that was told (heights, where only they were enlarged), and what undoing an enlargement
    from there leaves (8-bit levels); empty where nothing was undone.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    peak: float | None
    crop: tuple[int, int, int, int]
    residual: tuple[tuple[int, float], ...] = ()


def pooled(curve: NDArray[np.float32]) -> NDArray[np.float32]:
    """At most POINTS values, each the highest of its share: a peak one bin wide survives."""
    count = min(POINTS, curve.size)
    starts = (np.arange(count) * curve.size) // count
    highest: NDArray[np.float32] = np.maximum.reduceat(curve, starts)
    return np.maximum(highest, 0).astype(np.float32)


def _most_detailed(pixels: Pixels) -> tuple[int, int, int, int]:
    """The _CROP with the largest steps between neighbours, seen on an eighth of the rows."""
    height, width = pixels.shape[:2]
    wide, tall = min(_CROP[0], width), min(_CROP[1], height)
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    luma = planes.weights(full.shape[2], full.dtype.itemsize * 8)
    lines = range(0, height, 8)
    step = np.zeros((len(lines), max(1, width // 16)))
    for number, line in enumerate(lines):
        values = full[line].astype(np.float32) @ luma
        grey = np.abs(np.diff(values, prepend=values[:1]))
        cut = grey[: width // 16 * 16] if width >= 16 else np.pad(grey, (0, 16 - width))
        step[number] = cut.reshape(-1, 16).mean(1)
    sums = np.pad(step.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    high, broad = max(1, tall // 8), max(1, wide // 16)
    high, broad = min(high, step.shape[0]), min(broad, step.shape[1])
    window = sums[high:, broad:] - sums[:-high, broad:] - sums[high:, :-broad] + sums[:-high, :-broad]
    top, left = np.unravel_index(int(window.argmax()), window.shape)
    return min(int(left) * 16, width - wide), min(int(top) * 8, height - tall), wide, tall


@one_thread()
def evidence(pixels: Pixels, native: Native, measured: Measured) -> Evidence:
    """The spectra and the place for the HTML report; empty spectra for pictures too small to have one.

    ``measured``: of these pixels, so that what the verdict rests on is not measured again.
    """
    if min(pixels.shape[:2]) < SMALLEST:
        return Evidence((), (), native.ratio, _most_detailed(pixels))
    if native.basis == "cyclic":
        x, y = (_cyclic_curve(axis) for axis in Texture(*measured.lines).cyclic)
    elif native.basis == "signs":
        both = (normalised(curve.astype(np.float32)) for curve in checkerboard.pitch_curves(measured.counts))
        x, y = (_both_halves(curve, 2 * curve.size - 2) for curve in both)
    else:
        paired = measured.linear_light if native.basis == "linear-light" else measured.plain
        x, y = (np.maximum(axis.aligned, axis.free) for axis in (paired.x, paired.y))
    return Evidence(_told(x), _told(y), native.ratio, _most_detailed(pixels), _residual(native, measured))


def _told(curve: NDArray[np.float32]) -> tuple[float, ...]:
    return tuple(round(float(value), 1) for value in pooled(curve))


def _residual(native: Native, measured: Measured) -> tuple[tuple[int, float], ...]:
    """What the kernel that undoes it best leaves at widths close by, heights in proportion.

    Of both axes; of a picture that was stretched the one that it was stretched along, at heights where it was
    stretched down.
    """
    undone, size, axes = native.inversion, native.size, measured.inverse
    if undone is None or size is None or axes is None:
        return ()
    enlarged = [(axis, edge) for axis, edge in zip(axes, size, strict=True) if edge != axis.stored]
    first = enlarged[0][1]
    points = []
    for edge in range(first - _AROUND, first + _AROUND + 1, _STEP):
        left = [
            axis.left(undone.kernel, own * edge / first, undone.start * own * edge / first / axis.stored)
            for axis, own in enlarged
        ]
        points.append((edge, round(float(np.mean(left)) ** 0.5, 3)))
    return tuple(points)


def _cyclic_curve(axis: CyclicAutocorrelation) -> NDArray[np.float32]:
    """The stronger of both lags at every native size searched; those above one half mirror the others."""
    return _both_halves(np.maximum(*map(normalised, axis.curves)), axis.length)


def _both_halves(curve: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """A curve up to one half of ``length``, and its mirror image."""
    curve[: int(FIRST_RATIO * length)] = 0  # the picture's shapes, far above any lattice
    return np.concatenate([curve, curve[1 : length - curve.size + 1][::-1]])
