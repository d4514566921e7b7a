"""What single lines add to a peak, on lines whose repetition is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.analysis.native.repetition import PHASE_SHARE, PHASES, phase_correlation, phase_profile
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from verify4k.analysis.planes import Lines

LENGTH = 1200


def cells(ratio: float, phase: float = 0.5, contrast: float = 0.0) -> Lines:
    """Lines of noise, enlarged by nearest neighbour that starts anywhere in a cell, then more noise."""
    draw = np.random.default_rng(3)
    place = np.floor((np.arange(LENGTH) + phase / ratio) * ratio).astype(int)
    found: Lines = draw.integers(0, 256, (64, place[-1] + 1)).astype(np.float32)[:, place]
    return found + draw.normal(0, contrast, found.shape).astype(np.float32)


def seen(lines: Lines, ratio: float) -> tuple[float, float]:
    size = round(ratio * LENGTH)
    return Texture(lines, lines).cells(size, size)


@pytest.mark.parametrize("phase", [0.0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("ratio", [0.25, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.8])
def test_cells_explain_the_steps_of_nearest_neighbour_wherever_they_start(ratio: float, phase: float) -> None:
    here, mirrored = seen(cells(ratio, phase), ratio)
    assert here > 0.93
    if ratio != 0.5:
        assert mirrored < here - 0.05
    assert seen(cells(ratio, phase), 1 - ratio) == pytest.approx((mirrored, here), abs=0.02)


def test_other_sizes_and_interpolated_lines_explain_nothing() -> None:
    assert max(seen(cells(0.4), 0.47)) < 0.2
    draw = np.random.default_rng(5).normal(0, 40, (64, 480)).cumsum(1)
    smooth = np.stack([np.interp(np.arange(LENGTH) * 0.4, np.arange(480), row) for row in draw])
    assert max(seen(smooth.astype(np.float32), 0.37)) < 0.15


def test_noise_afterwards_makes_cells_less_certain() -> None:
    clean, noisy = (seen(cells(0.4, contrast=level), 0.4)[0] for level in (0, 200))
    assert 0.2 < noisy < clean - 0.1


def test_the_weaker_axis_counts() -> None:
    size = round(0.4 * LENGTH)
    assert Texture(cells(0.4), cells(0.4)).cells(size, size)[0] > 0.9
    assert Texture(cells(0.4), cells(0.47)).cells(size, size)[0] < 0.2
    assert Texture(cells(0.47), cells(0.4)).cells(size, size)[0] < 0.2


def test_lines_that_are_mostly_flat_have_no_cells() -> None:
    flat = np.full((64, LENGTH), 90, np.float32)
    flat[:, 300:310] = cells(0.4)[:, :10]
    assert Texture(flat, cells(0.4)).cells(480, 480) == (0.0, 0.0)


def test_detail_is_the_mean_step_of_each_axis() -> None:
    rows = np.array([[0, 2, 2, 8], [0, 0, 4, 8]], np.float32)
    assert Texture(rows, rows[:, :3]).detail == pytest.approx((16 / 6, 1.5))


@given(
    steps=st.lists(st.floats(0, 9, width=32), min_size=2, max_size=200),
    size=st.integers(1, 200),
    ratio=st.floats(0.01, 0.99),
)
def test_what_is_explained_is_the_best_correlation_with_an_arc_of_phases(
    steps: list[float], size: int, ratio: float
) -> None:
    values = np.array(steps, np.float32)
    sums, counts = phase_profile(values, size)
    assert sums.sum() == pytest.approx(float(values.sum(dtype=np.float64)), abs=1e-3)
    assert counts.sum() == len(steps)
    spread = float(np.square(values - values.mean()).sum())
    found = phase_correlation(sums, counts, spread, ratio)
    if spread < 1e-3:
        return
    width = min(PHASES - 1, max(1, int(ratio * PHASES)))
    phase = (np.arange(len(steps)) * size % (len(steps) + 1)) * PHASES // (len(steps) + 1)
    best = 0.0
    for start in range(PHASES):
        arc = np.isin(phase, (start + np.arange(width)) % PHASES)
        if 0 < arc.sum() < len(steps) and abs(arc.mean() - ratio) <= PHASE_SHARE:
            best = max(best, float(np.corrcoef(arc, values)[0, 1]))
    assert found == pytest.approx(best, abs=1e-3)
