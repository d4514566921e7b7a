"""A blurred copy behind a picture is told from sides that are only soft."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scenes import scene

from verify4k.analysis.backdrop import BACKDROP_GRID, coarse, correlation, shows

BOX = (0.2, 0.0, 0.6, 1.0)


def behind(width: int, height: int, seed: int = 1) -> np.ndarray:
    """A scene of 960x720 on a copy of the given size, blurred, all on a canvas of 1600x720."""
    copy = scene(960, 720, seed).resize((width, height)).filter(ImageFilter.GaussianBlur(20))
    canvas = copy.crop(((width - 1600) // 2, (height - 720) // 2, (width + 1600) // 2, (height + 720) // 2))
    canvas.paste(scene(960, 720), (320, 0))
    return np.asarray(canvas.convert("L"), np.float32)


@pytest.mark.parametrize("size", [(1600, 1200), (1760, 1320), (2000, 1500), (2400, 1800), (1600, 720)])
def test_a_copy_is_seen_at_usual_zooms_and_stretched(size: tuple[int, int]) -> None:
    assert shows(behind(*size), BOX)


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_another_picture_is_no_copy(seed: int) -> None:
    assert not shows(behind(1600, 1200, seed), BOX)


def test_a_darker_copy_is_one_too_and_an_inverted_one_is_not() -> None:
    canvas = behind(1600, 1200)
    canvas[:, :320] *= 0.6
    canvas[:, 1280:] *= 0.6
    assert shows(canvas, BOX)
    canvas[:, :320], canvas[:, 1280:] = 255 - canvas[:, :320], 255 - canvas[:, 1280:]
    assert not shows(canvas, BOX)


def test_one_colour_and_next_to_nothing_show_nothing() -> None:
    assert not shows(np.full((90, 160), 7, np.float32), BOX)
    assert not shows(behind(1600, 1200), (0.2, 0.0, 0.0005, 1.0))
    assert not shows(behind(1600, 1200), (0.0, 0.0, 1.0, 1.0))  # nothing lies outside


@pytest.mark.parametrize("shape", [(BACKDROP_GRID, 2 * BACKDROP_GRID), (1000, 700), (40, 50)])
def test_cells_hold_means(shape: tuple[int, int]) -> None:
    luma = np.random.default_rng(3).uniform(0, 255, shape).astype(np.float32)
    found = coarse(luma)
    assert found.shape == (BACKDROP_GRID, BACKDROP_GRID)
    if shape == (BACKDROP_GRID, 2 * BACKDROP_GRID):
        assert found == pytest.approx(luma.reshape(BACKDROP_GRID, BACKDROP_GRID, 2).mean(2), rel=1e-4)
    if min(shape) >= BACKDROP_GRID:
        assert found.mean() == pytest.approx(luma.mean(), rel=0.02)


def test_a_correlation_is_of_shapes() -> None:
    line = np.arange(50, dtype=np.float32)
    assert correlation(line, 3 * line + 9) == pytest.approx(1)
    assert correlation(line, -line) == pytest.approx(-1)
    assert correlation(line, np.ones(50, np.float32)) == 0


def test_a_picture_smaller_than_the_grid_is_no_trouble() -> None:
    small = np.asarray(Image.fromarray(behind(1600, 1200).astype(np.uint8)).resize((60, 27)), np.float32)
    assert shows(small, BOX)
