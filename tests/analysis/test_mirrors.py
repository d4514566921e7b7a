"""The place that is most like its mirror image is the one that trying every place finds."""

from __future__ import annotations

import numpy as np
import pytest

from verify4k.analysis import mirrors


def by_trial(lines: np.ndarray, sizes: range) -> int:
    off = [float(np.abs(lines[:size][::-1] - lines[size : 2 * size]).mean()) for size in sizes]
    return sizes[int(np.argmin(off))]


def noise(count: int, length: int, seed: int) -> np.ndarray:
    found: np.ndarray = np.random.default_rng(seed).uniform(0, 255, (count, length)).astype(np.float32)
    return found


def landscape(count: int, length: int, seed: int) -> np.ndarray:
    lines = np.cumsum(np.cumsum(noise(count, length, seed) - 127.5, 0), 1)
    found: np.ndarray = (lines / np.abs(lines).max() * 127 + 128).astype(np.float32)
    return found


@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 31, 64])
@pytest.mark.parametrize("count", [8, 61, 240])
@pytest.mark.parametrize("kind", [noise, landscape])
def test_it_is_the_place_that_every_trial_finds(kind: object, count: int, length: int) -> None:
    for seed in range(3):
        lines = kind(count, length, seed)  # type: ignore[operator]
        sizes = range(2, count // 2)
        assert mirrors.likeliest(lines, sizes) == by_trial(lines, sizes)


@pytest.mark.parametrize("at", [5, 40, 77])
def test_a_mirror_is_found_where_it_is(at: int) -> None:
    lines = landscape(200, 64, 1)
    lines[:at] = lines[at : 2 * at][::-1]
    assert mirrors.likeliest(lines, range(2, 100)) == at


def test_of_places_that_are_equally_alike_it_is_the_first() -> None:
    lines = np.full((40, 16), 7, np.float32)
    assert mirrors.likeliest(lines, range(3, 20)) == 3


def test_means_never_promise_more_than_the_lines_hold() -> None:
    lines = noise(120, 61, 5)
    sizes = range(2, 60)
    least = mirrors._least_differences(lines, sizes)
    off = [float(np.abs(lines[:size][::-1] - lines[size : 2 * size]).mean()) for size in sizes]
    assert (least <= off).all()
    assert (least > 0).all()
