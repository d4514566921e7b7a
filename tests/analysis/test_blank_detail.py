from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scenes import coded, enlarged, scene

from verify4k.analysis.blank import blank
from verify4k.analysis.detail import CEILING, detail


def test_a_picture_is_not_blank() -> None:
    assert blank(np.asarray(scene(640, 360))) is None


def test_a_small_sign_on_one_colour_is_not_blank() -> None:
    canvas = np.full((600, 800, 3), 255, np.uint8)
    canvas[280:320, 380:420] = 0
    assert blank(canvas) is None


def test_no_pixels_are_not_blank() -> None:
    assert blank(np.zeros((0, 5, 3), np.uint8)) is None


@pytest.mark.parametrize("shape", [(1, 1), (300, 200), (300, 200, 3), (2000, 1500, 4)])
@pytest.mark.parametrize("deep", [False, True])
def test_one_colour_is_blank(shape: tuple[int, ...], deep: bool) -> None:
    found = blank(np.full(shape, 65535, np.uint16) if deep else np.full(shape, 255, np.uint8))
    assert found is not None
    assert set(found.colour) == {255}
    assert found.share == 1.0


def test_one_colour_with_coding_noise_and_a_speck_is_nearly_blank() -> None:
    canvas = np.full((800, 900, 3), 40, np.uint8) + np.random.default_rng(1).integers(
        0, 3, (800, 900, 1), np.uint8
    )
    canvas[5:9, 5:9] = 255
    found = blank(canvas)
    assert found is not None
    assert 0.999 < found.share < 1
    assert "%" in found.sentence


@pytest.mark.parametrize("channels", [2, 4])
def test_a_transparent_layer_is_blank_whatever_its_colours(channels: int) -> None:
    canvas = np.random.default_rng(1).integers(0, 256, (300, 300, channels), np.uint8)
    canvas[:, :, -1] = 0
    found = blank(canvas)
    assert found is not None
    assert found.sentence == "every pixel is fully transparent"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("alpha", "is_blank"), [(1, True), (2, True), (3, False)])
def test_a_layer_that_nobody_can_see_is_blank(alpha: int, is_blank: bool, dtype: type) -> None:
    unit = 1 if dtype is np.uint8 else 257
    canvas: Any = np.random.default_rng(1).integers(0, 255 * unit, (300, 300, 4)).astype(dtype)
    canvas[:, :, -1] = alpha * unit
    found = blank(canvas)
    assert (found is not None) is is_blank
    if found is not None:
        assert found.sentence == "every pixel is nearly transparent"


@pytest.mark.parametrize("speck", [1, 4])
def test_a_mark_on_clear_ground_is_something_and_little(speck: int) -> None:
    canvas = np.zeros((300, 300, 4), np.uint8)
    canvas[5 : 5 + speck, 5 : 5 + speck] = 255
    found = blank(canvas)
    assert found is not None
    assert found.sentence == f"nothing on {'99.99' if speck == 1 else '99.98'}% of it"
    assert found.share < 1


def test_an_enlargement_survives_the_half_size_round_trip_better() -> None:
    true, soft = detail(np.asarray(scene())), detail(np.asarray(enlarged(0.4)))
    assert true is not None
    assert soft is not None
    assert soft.whole > true.whole + 3
    assert true.busiest <= true.whole


def test_what_halving_cannot_change_has_the_ceiling() -> None:
    found = detail(np.full((130, 70, 3), 9, np.uint8))
    assert found is not None
    assert (found.whole, found.busiest) == (CEILING, CEILING)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (0, 0, 3)])
def test_less_than_two_by_two_has_no_detail(shape: tuple[int, ...]) -> None:
    assert detail(np.zeros(shape, np.uint8)) is None


def test_sixteen_bits_give_the_same_decibels() -> None:
    eight = coded(scene(640, 360), "png")
    deep, plain = detail(eight.astype(np.uint16) * 257), detail(eight)
    assert deep is not None
    assert plain is not None
    assert (deep.whole, deep.busiest) == pytest.approx((plain.whole, plain.busiest), abs=1e-3)


def test_an_odd_small_picture_is_measured_whole() -> None:
    assert detail(coded(scene(37, 23), "png")) is not None


@pytest.mark.parametrize(("specks", "is_blank"), [(131, True), (132, False)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_specks_where_the_first_glance_falls_count_no_more_than_others(
    channels: int, specks: int, is_blank: bool
) -> None:
    canvas = np.full((512, 512, channels), 90, np.uint8)
    seen = canvas[::16, ::16].copy().reshape(-1, channels)
    seen[:specks] = np.linspace(110, 250, specks)[:, None]
    canvas[::16, ::16] = seen.reshape(32, 32, channels)
    assert (blank(canvas) is not None) == is_blank


def test_a_transparent_layer_is_blank_though_its_colours_vary() -> None:
    canvas = np.random.default_rng(0).integers(0, 255, (512, 512, 4), np.uint8)
    canvas[..., 3] = 0
    assert blank(canvas) is not None
    canvas[::3, ::3, 3] = 9
    assert blank(canvas) is None


@pytest.mark.parametrize(("others", "is_blank"), [(4, True), (5, True), (6, False)])
def test_five_in_ten_thousand_pixels_may_differ(others: int, is_blank: bool) -> None:
    canvas = np.full((100, 100, 3), 90, np.uint8)
    canvas[50, :others] = 255
    found = blank(canvas)
    assert (found is not None) is is_blank
    if found is not None:
        assert found.share == 1 - others / 10_000


@pytest.mark.parametrize(("levels", "is_blank"), [(3, True), (4, False)])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("deep", [False, True])
def test_three_levels_from_one_colour_are_that_colour(
    levels: int, is_blank: bool, sign: int, deep: bool
) -> None:
    unit = 257 if deep else 1
    canvas = np.full((100, 100, 3), 90 * unit, np.uint16 if deep else np.uint8)
    canvas[50, :, 1] = (90 + sign * levels) * unit
    assert (blank(canvas) is not None) is is_blank


def test_what_is_clear_is_like_whatever_is_clear_and_like_no_colour() -> None:
    speck = np.zeros((200, 200, 4), np.uint8)
    speck[:2, :5] = 255
    hidden = np.zeros((200, 200, 4), np.uint8)
    hidden[..., 0] = 200
    nearly, fully, solid = blank(speck), blank(hidden), blank(np.zeros((200, 200, 3), np.uint8))
    assert nearly is not None
    assert fully is not None
    assert solid is not None
    assert (nearly.sentence, fully.sentence) == (
        "nothing on 99.97% of it",
        "every pixel is fully transparent",
    )
    assert nearly.like(fully)
    assert not nearly.like(solid)
    assert not solid.like(fully)
