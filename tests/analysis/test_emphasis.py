"""A weight that follows the detail must not move, add or take away a lattice."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from verify4k.analysis.native import spectra
from verify4k.analysis.native.emphasis import averaging_matrix, detail_weighted, spline_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZES = st.integers(1, 60).flatmap(lambda count: st.tuples(st.integers(count, 400), st.just(count)))


@given(SIZES)
def test_means_are_of_neighbouring_even_parts(size: tuple[int, int]) -> None:
    length, count = size
    values = np.random.default_rng(size).normal(size=length)
    matrix = averaging_matrix(length, count)
    assert matrix.shape == (count, length)
    assert matrix.dtype == np.float32
    assert np.allclose(matrix.sum(1), 1, atol=1e-5)
    edges = [-(-part * length // count) for part in range(count + 1)]
    slow = [values[start:stop].mean() for start, stop in itertools.pairwise(edges)]
    assert np.allclose(matrix @ values, slow, atol=1e-5)
    sizes = (matrix > 0).sum(1)
    assert sizes.max() - sizes.min() <= 1


def bump(away: float) -> float:
    """The cubic B-spline, by its definition."""
    away = abs(away)
    if away < 1:
        return 2 / 3 - away**2 + away**3 / 2
    return (2 - away) ** 3 / 6 if away < 2 else 0.0


@given(SIZES)
def test_the_spline_is_cubic_and_its_rows_sum_to_one(size: tuple[int, int]) -> None:
    length, count = size
    matrix = spline_matrix(length, count)
    assert matrix.shape == (length, count)
    assert matrix.dtype == np.float32
    assert np.allclose(matrix.sum(1), 1, atol=1e-5)
    assert matrix.min() >= -1e-6
    slow = np.zeros((length, count))
    for row in range(length):
        place = (row + 0.5) * count / length - 0.5
        for knot in range(-2, count + 2):
            slow[row, min(max(knot, 0), count - 1)] += bump(place - knot)
    assert np.allclose(matrix, slow, atol=1e-5)


def test_the_spline_goes_through_a_slope_and_stays_flat_at_the_ends() -> None:
    found = spline_matrix(300, 30) @ np.arange(30, dtype=np.float32)
    assert np.allclose(np.diff(found[30:270]), 0.1, atol=1e-4)
    assert np.diff(found).min() > 0
    assert np.diff(found)[[0, -1]].max() < 0.06


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (7, 29), (20, 70), (33, 128)])
def test_it_is_the_second_difference_times_the_detail_around(shape: tuple[int, int]) -> None:
    plane = np.random.default_rng(shape).normal(size=shape).astype(np.float32)
    rows, length = shape
    fine = np.zeros(shape)
    for at in range(length):
        before, after = plane[:, max(0, at - 1)], plane[:, min(length - 1, at + 1)]
        fine[:, at] = 2 * plane[:, at] - before - after
    down, along = max(1, rows // 8), max(1, length // 30)
    cells = np.zeros((down, along))
    for r, c in np.ndindex(down, along):
        inside = np.ix_(
            [row for row in range(rows) if row * down // rows == r],
            [at for at in range(length) if at * along // length == c],
        )
        cells[r, c] = np.abs(fine[inside]).mean()
    weight = spline_matrix(rows, down) @ cells @ spline_matrix(length, along).T
    found = detail_weighted(plane)
    assert found.dtype == np.float32
    assert np.allclose(found, fine * weight, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("slope", [0.0, 3.0])
def test_what_has_no_detail_counts_nothing(slope: float) -> None:
    plane = np.tile((40 + slope * np.arange(300)).astype(np.float32), (64, 1))
    assert not detail_weighted(plane)[:, 1:-1].any()


def test_detailed_places_count_more() -> None:
    plane = np.random.default_rng(2).normal(size=(64, 600)).astype(np.float32)
    plane[:, 300:] *= 4
    found = np.abs(detail_weighted(plane))
    assert found[:, 400:].mean() / found[:, :200].mean() == pytest.approx(16, rel=0.05)


def stretched(length: int, ratio: float, seed: int) -> NDArray[np.float32]:
    """A random plane, enlarged along its rows, of which the right half is fainter."""
    source = np.random.default_rng(seed).normal(size=(140, round(ratio * length))).astype(np.float32)
    source[:, source.shape[1] // 2 :] *= 0.3
    large = Image.fromarray(source).resize((length, 140), Image.Resampling.BICUBIC)
    return np.asarray(large)


@settings(max_examples=12)
@given(seed=st.integers(0, 999), ratio=st.one_of(st.just(0.5), st.floats(0.4, 0.85)))
def test_an_enlargement_keeps_its_peak(seed: int, ratio: float) -> None:
    plane = stretched(640, ratio, seed)
    at = round(ratio * 640)
    for found in (spectra.plane_curves(plane), spectra.plane_curves(detail_weighted(plane))):
        total = np.einsum("rb,rbn->n", found.pairs, found.aligned) / found.pairs.sum()
        assert abs(int(total[128:576].argmax()) + 128 - at) <= 1
        assert total[at - 1 : at + 2].max() > 0.5


@settings(max_examples=12)
@given(seed=st.integers(0, 999))
def test_a_true_plane_gets_no_peak(seed: int) -> None:
    found = spectra.plane_curves(detail_weighted(stretched(640, 1.0, seed)))
    total = np.einsum("rb,rbn->n", found.pairs, found.aligned) / found.pairs.sum()
    assert total[128:576].max() < 0.2
