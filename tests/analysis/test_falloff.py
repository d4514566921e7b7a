"""Numbers of a falling spectrum, on spectra that are drawn with a ruler."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.analysis.native import falloff

if TYPE_CHECKING:
    from numpy.typing import NDArray

LENGTH = 2000


def stepped(at: int, before: float, after: float, length: int = LENGTH) -> NDArray[np.float32]:
    return np.where(np.arange(length) < at, before, after).astype(np.float32)


def trend(slope: float) -> NDArray[np.float32]:
    """So many dB for each factor e in frequency."""
    return (slope * np.log(np.maximum(np.arange(LENGTH), 1))).astype(np.float32)


# -- profile ---------------------------------------------------------------------------------


def test_the_profile_has_a_level_for_each_part_before_and_past_the_size() -> None:
    found = falloff.band_levels(stepped(800, -10, -35), 800)
    assert found.tolist() == [-10] * 7 + [pytest.approx(-22.5, abs=0.5)] + [-35] * 6
    assert falloff.BAND_EDGES[falloff.BAND_BELOW_NYQUIST : falloff.BAND_BELOW_NYQUIST + 2] == (0.88, 0.96)


def test_the_parts_grow_with_the_distance() -> None:
    found = falloff.band_levels(np.arange(4000, dtype=np.float32), 1900)
    middles = (0.35, 0.45, 0.55, 0.65, 0.75, 0.84, 0.92, 1, 1.08, 1.16, 1.275, 1.425, 1.625, 1.875)
    assert found[:-1] / 1900 == pytest.approx(middles[:-1], abs=1e-3)
    assert found[-1] == pytest.approx((1.75 * 1900 + 3799) / 2, abs=1)


@given(at=st.integers(0, LENGTH), seed=st.integers(0, 99))
def test_the_profile_is_the_mean_of_each_part_that_there_is(at: int, seed: int) -> None:
    level = np.random.default_rng(seed).normal(size=LENGTH).astype(np.float32)
    found = falloff.band_levels(level, at)
    for value, (low, high) in zip(found, itertools.pairwise(falloff.BAND_EDGES), strict=True):
        bins = [n for n in range(int(low * at), int(high * at)) if n < 1970] or [int(low * at)]
        if int(low * at) >= 1970:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(level[bins].mean(), abs=1e-5)


# -- bend ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [0.0, -0.02, 0.02])
def test_a_straight_fall_has_no_bend(slope: float) -> None:
    found = falloff.falloff_bend((slope * np.arange(LENGTH)).astype(np.float32), 1000)
    assert found == pytest.approx(-20 * slope, abs=1e-3)  # 160 bins from below to above, 140 from before


def test_a_cliff_bends_down_and_a_shelf_up() -> None:
    assert falloff.falloff_bend(stepped(1000, 0, -20), 1000) == pytest.approx(20)
    assert falloff.falloff_bend(stepped(850, 0, -20), 1000) == pytest.approx(-20)
    assert falloff.falloff_bend(stepped(850, 5, 5), 1000) == 0


def test_the_bend_is_of_the_parts_to_either_side_of_the_size() -> None:
    level = np.full(LENGTH, 99, np.float32)
    level[720:840], level[860:980], level[1020:1140] = 7, 5, 1
    assert falloff.falloff_bend(level, 1000) == (5 - 1) - (7 - 5)


@pytest.mark.parametrize(("at", "there"), [(1941, True), (1942, False), (1999, False)])
def test_where_the_spectrum_ends_nothing_bends(at: int, there: bool) -> None:
    assert (falloff.falloff_bend(stepped(at, 0, -20), at) > 0) is there


def test_the_last_bins_stand_for_what_lies_beyond() -> None:
    level = stepped(1940, 0, -20)
    level[-1] = -60  # 1.02 * 1960 = 1999
    assert falloff.falloff_bend(level, 1940) == pytest.approx(20, abs=3)


# -- fall ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [0.0, -4.0, -12.0])
@pytest.mark.parametrize("at", [400, 1000, 1700])
def test_a_picture_that_goes_on_does_not_fall(slope: float, at: int) -> None:
    assert falloff.falloff_below_trend(trend(slope), at) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("slope", [0.0, -4.0])
@pytest.mark.parametrize(("drop", "expected"), [(15, 1.5), (29, 2.9), (45, 3), (-5, -0.5), (-40, -1)])
def test_the_fall_is_in_tens_of_decibels_below_the_trend(slope: float, drop: float, expected: float) -> None:
    level = trend(slope) + stepped(1000, 0, -drop)
    assert falloff.falloff_below_trend(level.astype(np.float32), 1000) == pytest.approx(expected, abs=0.03)


def test_a_rising_spectrum_is_not_expected_to_rise_on() -> None:
    level = np.minimum(trend(10), trend(10)[850])
    assert (
        -0.6 < falloff.falloff_below_trend(level, 1000) < -0.2
    )  # 2 to 6 dB above the mean of what went before


def test_only_what_lies_well_past_the_size_counts_where_there_is_enough() -> None:
    level = np.zeros(LENGTH, np.float32)
    level[1000:1150] = level[1600:] = -30
    assert falloff.falloff_below_trend(level, 1000) == pytest.approx(0, abs=1e-6)
    level[1150:1600] = -30
    assert falloff.falloff_below_trend(level, 1000) == pytest.approx(3)


@pytest.mark.parametrize(("at", "expected"), [(1652, 2), (1660, 2 * 62 / 277)])
def test_close_to_the_end_all_that_is_left_counts(at: int, expected: float) -> None:
    # from 1.15 * 1660 on, 51 of the 60 bins wanted are left: then those from 1.02 * 1660 = 1693 to 1970 do
    level = np.zeros(LENGTH, np.float32)
    level[int(1.15 * at) : 1970] = -20
    assert falloff.falloff_below_trend(level, at) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("at", [1932, 1999])
def test_past_the_end_there_is_no_fall(at: int) -> None:
    assert falloff.falloff_below_trend(stepped(1800, 0, -30), at) == 0


@given(at=st.integers(40, 1999), seed=st.integers(0, 99), length=st.sampled_from([320, 321, 2000]))
def test_whatever_the_spectrum_the_numbers_are_finite(at: int, seed: int, length: int) -> None:
    level = np.random.default_rng(seed).normal(0, 20, length).astype(np.float32)
    at = 40 + at % (length - 41)
    assert np.isfinite(falloff.falloff_bend(level, at))
    assert -1 <= falloff.falloff_below_trend(level, at) <= 3
