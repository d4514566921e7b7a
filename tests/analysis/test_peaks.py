"""What counts as a peak: high above its own surroundings, and on both axes at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joints import HEIGHT, WIDTH, curves, joint, single

from verify4k.analysis.native import peaks
from verify4k.analysis.native.spectra import Curves

# -- one curve -------------------------------------------------------------------------------


def test_a_curve_is_measured_in_the_deviations_of_its_surroundings() -> None:
    curve = np.random.default_rng(1).normal(50, 3, 4000).astype(np.float32)
    curve[2000:] = (curve[2000:] - 50) * 10 - 400
    found = peaks.normalised(curve)
    assert found.dtype == np.float32
    for part in (found[:1870], found[2130:]):
        assert np.median(part) == pytest.approx(0, abs=0.15)
        assert part.std() == pytest.approx(1, abs=0.15)
    for beside in (found[1810:1870], found[2130:2190]):  # the neighbourhood is as wide to both sides
        assert np.median(beside) == pytest.approx(0, abs=0.4)
        assert beside.std() == pytest.approx(1, abs=0.3)


def test_a_calm_curve_is_not_amplified_and_a_peak_in_it_is_kept() -> None:
    curve = np.full(1000, 7, np.float32)
    curve[500] = 19
    found = peaks.normalised(curve)
    assert found[500] == pytest.approx(12)
    assert not np.delete(found, 500).any()


@pytest.mark.parametrize("length", [1, 31, 33, 191, 192, 193, 1600])
def test_curves_shorter_than_a_neighbourhood_have_one(length: int) -> None:
    found = peaks.normalised(np.arange(length, dtype=np.float32) % 7)
    assert found.shape == (length,)
    assert np.isfinite(found).all()


def test_reaches_and_bands_count_by_their_pairs() -> None:
    given_curves = curves(1000)
    aligned, pairs = np.zeros((4, 3, 1000), np.float32), np.zeros((4, 3), np.float32)
    aligned[0, 0, 300], aligned[3, 2, 300], aligned[1, 1, 700] = 0.5, 1.0, 1.0
    pairs[0, 0], pairs[3, 2] = 300, 100
    free = np.zeros(1000, np.float32)
    free[100] = 9
    found = peaks.normalised_axis(Curves(aligned, pairs, free, given_curves.level))
    assert found.aligned[300] == pytest.approx((0.5 * 300 + 100) / 20)
    assert found.aligned[700] == 0  # nothing was counted there
    assert found.free[100] == pytest.approx(9)
    assert found.curves.free is free


def test_an_axis_without_pairs_shows_nothing() -> None:
    nothing = Curves(
        np.ones((4, 3, 500), np.float32), np.zeros((4, 3), np.float32), *np.zeros((2, 500), np.float32)
    )
    assert not peaks.normalised_axis(nothing).aligned.any()


# -- both axes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(10, 10, 200**0.5), (10, 6, 16 / 2**0.5), (30, 4, 8.8), (4, 30, 8.8), (30, 0, 0), (30, -1, -2.2)],
)
def test_a_lone_axis_counts_little(x: float, y: float, expected: float) -> None:
    on_x, on_y = single({0.5: x}, 400), np.full(200, min(y, 0), np.float32)
    on_y[100] = y
    best, where = peaks.matched_by_ratio(on_x, on_y)
    assert best[200] == pytest.approx(expected, rel=1e-5)
    assert bool(where[200] == 100) is (y > 0)


@pytest.mark.parametrize(
    ("off", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, True), (3, False)]
)
def test_the_sizes_of_both_axes_may_differ_by_rounding(off: int, found: bool) -> None:
    on_x, on_y = np.zeros(400, np.float32), np.zeros(300, np.float32)
    on_x[200], on_y[150 + off] = 10, 10
    best, where = peaks.matched_by_ratio(on_x, on_y)
    assert bool(best[200] > 14) is found
    if found:
        assert where[200] == 150 + off


@given(x=st.integers(1, 60), y=st.integers(1, 60), seed=st.integers(0, 99))
def test_every_size_is_matched_within_the_other_axis(x: int, y: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    on_x, on_y = draw.normal(0, 5, x).astype(np.float32), draw.normal(0, 5, y).astype(np.float32)
    best, where = peaks.matched_by_ratio(on_x, on_y)
    for n in range(x):
        near = [min(max(n * y // x + shift, 0), y - 1) for shift in (-1, 0, 1, 2)]
        both = [min((on_x[n] + on_y[k]) / 2**0.5, 2.2 * min(on_x[n], on_y[k])) for k in near]
        assert best[n] == pytest.approx(max(*both, -9), rel=1e-5)
        if best[n] > -9:
            assert both[near.index(where[n])] == pytest.approx(max(both), rel=1e-5)


def test_the_match_is_that_of_the_stronger_statistic() -> None:
    on_x = peaks.Axis(single({0.5: 10}, 400), single({0.25: 20}, 400), curves(400))
    on_y = peaks.Axis(single({0.5: 10}, 400), single({0.25: 20, 0.5025: 3}, 400), curves(400))
    both = peaks.paired_axes(on_x, on_y)
    assert (both.x, both.y, both.length) == (on_x, on_y, 400)
    assert both.aligned[200] == both.strength[200] == pytest.approx(200**0.5)
    assert both.free[100] == both.strength[100] == pytest.approx(800**0.5)
    assert (both.at_y[200], both.at_y[100]) == (200, 100)


# -- looking it up ---------------------------------------------------------------------------


def test_what_is_near_a_ratio() -> None:
    both = joint({0.5: 8.0, 0.1: 50.0, 0.99: 50.0}, {0.75: 6.0})
    assert both.near(0.5) == both.near(0.5 + 2 / WIDTH) == both.near(0.5 - 2 / WIDTH) == 8
    assert both.near(0.5 + 3 / WIDTH) == both.near(0.5 - 3 / WIDTH) == 0
    assert both.near(0.75) == both.near(0.75, both.free) == 6
    assert both.near(0.75, both.aligned) == 0
    assert joint({0.12: 3.0}).near(0.12) == joint({0.985: 3.0}).near(0.985) == 3
    assert both.near(0.1) == both.near(0.99) == both.near(-3) == both.near(7) == 0


def test_the_highest_near_any_of_some_ratios() -> None:
    both = joint({0.5: 8.0, 0.3: 5.0, 0.1: 50.0, 0.99: 50.0}, {0.75: 6.0})
    assert both.near_any(np.array([0.3, 0.75 + 2 / WIDTH])) == 6
    assert both.near_any(np.array([0.3, 0.5 + 3 / WIDTH])) == 5
    assert both.near_any(np.array([0.1, 0.99, -3, 7])) == both.near_any(np.array([])) == 0


def test_nothing_is_less_than_nothing() -> None:
    both = joint({0.5 + n / WIDTH: -4.0 for n in range(-5, 6)}, {0.5 + n / WIDTH: -4.0 for n in range(-5, 6)})
    assert both.near(0.5) == 0


# -- the list --------------------------------------------------------------------------------


def test_peaks_come_strongest_first_with_what_each_axis_shows() -> None:
    found = peaks.paired_peaks(joint({0.4: 9.0, 0.8: 20.0}, {0.4: 12.0, 0.6: 4.0, 0.7: 3.9}))
    assert [round(one.ratio, 3) for one in found] == [0.8, 0.4, 0.6]
    first, second, _ = found
    assert (first.x, first.y, first.aligned, first.free) == (3072, 1728, 20, 0)
    assert (second.aligned, second.free, second.strength, first.strength) == (9, 12, 12, 20)
    assert (first.axes, second.axes) == ((20, 20), (12, 12))


def test_the_axes_are_each_seen_within_two_bins_of_their_own_size() -> None:
    both = joint({0.4: 9.0})
    both.at_y[1536] = 866
    both.y.aligned[864], both.y.free[868], both.y.free[863], both.y.free[869] = 3, 7, 90, 90
    both.x.aligned[1534], both.x.free[1538], both.x.free[1533], both.x.free[1539] = 2, 9.5, 90, 90
    one = peaks.peak_at(both, 1536)
    assert one.axes == (9.5, 7)
    assert one.ratio == pytest.approx((1536 / WIDTH + 866 / HEIGHT) / 2)


@pytest.mark.parametrize(("apart", "listed"), [(5, 1), (6, 2)])
def test_neighbours_of_a_peak_are_no_peaks(apart: int, listed: int) -> None:
    assert len(peaks.paired_peaks(joint({0.5: 9.0, 0.5 + apart / WIDTH: 8.0}))) == listed
    assert len(peaks.paired_peaks(joint({0.5: 9.0, 0.5 - apart / WIDTH: 8.0}))) == listed


def test_only_so_many_peaks_and_only_from_the_searched_range() -> None:
    many = joint({0.2 + n / 50: 10.0 + n for n in range(30)} | {0.119: 99.0, 0.986: 99.0})
    found = peaks.paired_peaks(many)
    assert len(found) == peaks.MOST_PEAKS
    assert [one.strength for one in found] == [39.0 - n for n in range(24)]
