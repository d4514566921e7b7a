"""Sprites, tiles and screens are like mirror images and blurred copies, and are none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scenes import scene

from verify4k.analysis.borders import SOFT, flat
from verify4k.analysis.padding import find

SIDES = ((90, 90), (160, 160), (0, 0))


def mirrored() -> np.ndarray:
    return np.pad(np.asarray(scene(960, 540)), SIDES, mode="symmetric")


def grain(shape: tuple[int, ...], deviation: float) -> np.ndarray:
    return np.random.default_rng(4).normal(128, deviation, shape)


def test_a_pattern_that_comes_again_is_no_mirror() -> None:
    """One turn there and back is a border; tiles that are symmetric go on."""
    half = np.asarray(scene(120, 480))
    tile = np.concatenate((half, half[:, ::-1]), axis=1)
    once = np.pad(np.asarray(scene(960, 480)), ((0, 0), (120, 120), (0, 0)), mode="symmetric")
    assert find(once) is not None
    assert find(np.tile(tile, (1, 4, 1))) is None


def test_a_halftone_is_no_mirror_though_few_samples_fall_on_its_dots() -> None:
    """A plain ground that a printer's driver drew in dots, below what is alike and comes only once."""
    page = np.full((2160, 3840), 255, np.uint8)
    page[2::8, 6::8] = page[6::8, 2::8] = 0
    page[300:1800, 500:3000] = np.where(grain((1500, 2500), 60) < 128, 0, 255)
    assert find(page) is None


def figure(labels: tuple[str, ...], ground: int) -> np.ndarray:
    """A plot's field on a plain ground; beside the labelled sides there is some writing."""
    canvas = np.full((720, 1280, 3), ground, np.uint8)
    canvas[80:640, 160:1200] = grain((560, 1040, 3), 30).clip(20, 230)
    places = {
        "left": np.s_[100:620, 100:140],
        "bottom": np.s_[660:680, 200:1150],
        "top": np.s_[30:50, 400:800],
    }
    for label in labels:
        written = canvas[places[label]]
        written[np.random.default_rng(6).random(written.shape[:2]) < 0.15] = 255 - ground
    return canvas


@pytest.mark.parametrize(
    ("labels", "ground"),
    [(("left", "bottom"), 255), (("left", "bottom", "top"), 255), (("top", "bottom"), 255),
     (("left", "bottom"), 0), (("left", "bottom", "top"), 0)],
)  # fmt: skip
def test_what_lies_within_margins_all_around_is_a_figure(labels: tuple[str, ...], ground: int) -> None:
    assert find(figure(labels, ground)) is None


@pytest.mark.parametrize(
    "touching", [("left", "bottom"), ("left", "top", "bottom"), ("top", "bottom"), ("left", "right")]
)
@pytest.mark.parametrize("ground", [0, 255])
def test_a_picture_on_a_canvas_touches_the_edges_without_a_border(
    touching: tuple[str, ...], ground: int
) -> None:
    sides = [(side, 0 if side in touching else 90) for side in ("top", "bottom", "left", "right")]
    (_, top), (_, bottom), (_, left), (_, right) = sides
    canvas = np.full((540 + top + bottom, 960 + left + right, 3), ground, np.uint8)
    canvas[top : top + 540, left : left + 960] = np.asarray(scene(960, 540))
    found = find(canvas)
    assert found is not None
    assert found.box == (left, top, 960, 540)


def canvas_with_a_sky(*, below: bool) -> np.ndarray:
    """A picture beside one border or two of a canvas as white as its sky, which slopes down."""
    canvas = np.full((720 if below else 540, 1280, 3), 255, np.uint8)
    ground = np.arange(540)[:, None] >= 12 + np.arange(960)[None, :] // 8
    canvas[:540, :960][ground] = np.asarray(scene(960, 540))[ground]
    return canvas


def test_a_sky_of_the_canvas_colour_hides_no_two_borders() -> None:
    found = find(canvas_with_a_sky(below=True))
    assert found is not None
    assert found.kinds == (None, None, "flat", "flat")
    assert find(canvas_with_a_sky(below=False)) is None  # one border: a page, cut at its end


def test_a_dark_film_has_its_bars() -> None:
    film = np.zeros((720, 1280, 3), np.uint8)
    film[90:630, 12:1268] = np.asarray(scene(1256, 540))
    found = find(film)
    assert found is not None
    assert found.letterbox


@pytest.mark.parametrize("soft", [0, 2])
@pytest.mark.parametrize(("dark", "found"), [(0.5, False), (0.9, True), (0.1, False)])
def test_a_code_within_its_quiet_zone_is_drawn_on_the_ground(dark: float, found: bool, soft: int) -> None:
    """Of a picture of two tones that has little of the ground's colour, the ground is a border."""
    modules = np.random.default_rng(8).random((24, 24)) < dark
    modules[:3, :3] = modules[:3, -3:] = modules[-3:, :3] = modules[-3:, -3:] = True
    code = np.kron(np.where(modules, 0, 255), np.ones((40, 40))).astype(np.uint8)
    page = Image.fromarray(np.pad(code, 160, constant_values=255)).filter(ImageFilter.BoxBlur(soft))
    assert (find(np.asarray(page)) is not None) is found


def test_a_picture_with_much_of_the_canvas_colour_is_no_drawing_in_one_ink() -> None:
    snow = np.asarray(scene(960, 540)).copy()
    snow[np.random.default_rng(9).random((540, 960)) < 0.3] = 255
    assert find(np.pad(snow, SIDES, constant_values=255)) is not None


@pytest.mark.parametrize(("noise", "found"), [(4, True), (14, False)])
def test_a_copy_differs_by_few_levels_however_rough_the_picture_is(noise: int, found: bool) -> None:
    canvas = np.pad(grain((540, 960), 45), SIDES[:2], mode="symmetric")
    canvas += grain(canvas.shape, noise) - 128
    assert (find(np.clip(canvas, 0, 255).astype(np.uint8)) is not None) is found


@pytest.mark.parametrize(("clear", "found"), [(0.0, True), (0.01, True), (0.04, False)])
def test_a_border_that_shows_what_lies_below_is_a_sprite_s(clear: float, found: bool) -> None:
    holes = np.random.default_rng(5).random((720, 1280)) < clear
    holes[200:500, 300:900] = True  # inside it may
    picture = np.dstack((mirrored(), np.where(holes, 254, 255).astype(np.uint8)))
    assert (find(picture) is not None) is found


def screen(blurred: bool) -> np.ndarray:
    """A window with writing, whose upper and lower bars have some, too: or bars that are soft."""
    canvas = np.empty((480, 960), np.float32)
    canvas[:] = np.repeat([40.0, 90.0, 140.0, 190.0, 140.0, 90.0], 160)
    random = np.random.default_rng(3)
    writing = random.random((480, 960)) < 0.2
    bars = np.zeros((480, 960), bool)
    bars[:60], bars[420:] = True, True
    canvas[writing & ~bars] += 60
    if not blurred:
        canvas[bars & (random.random((480, 960)) < 0.008)] += 60
    return canvas.astype(np.uint8)


@pytest.mark.parametrize("blurred", [True, False])
def test_bars_with_hard_edges_between_plain_places_are_not_blurred(blurred: bool) -> None:
    found = find(screen(blurred))
    assert (found is not None) is blurred
    assert found is None or found.kinds == (None, "blurred", None, "blurred")


@pytest.mark.parametrize(("clear", "found"), [(0.0, True), (0.04, False)])
def test_a_blurred_copy_hides_what_lies_below(clear: float, found: bool) -> None:
    copy = scene(960, 720).resize((1280, 960)).filter(ImageFilter.GaussianBlur(20)).crop((0, 120, 1280, 840))
    copy.paste(scene(960, 720), (160, 0))
    holes = np.random.default_rng(5).random((720, 1280)) < clear
    picture = np.dstack((np.asarray(copy), np.where(holes, 254, 255).astype(np.uint8)))
    assert (find(picture) is not None) is found


@pytest.mark.parametrize(("width", "found"), [(100, False), (256, True)])
def test_a_figure_in_the_middle_of_a_soft_landscape_is_no_picture_on_a_canvas(
    width: int, found: bool
) -> None:
    """Who fits a picture to a canvas has more of it than a seventh."""
    picture = scene(width, 720)
    copy = picture.resize((1280, 720)).filter(ImageFilter.GaussianBlur(25))
    copy.paste(picture, ((1280 - width) // 2, 0))
    assert (find(np.asarray(copy)) is not None) is found


@pytest.mark.parametrize(("share", "border"), [(36, 20), (34, 0)])
def test_a_flat_border_ends_where_a_third_of_a_line_leaves_its_colour(share: int, border: int) -> None:
    """A product on white begins at a few points instead."""
    lines = np.full((420, 100), 255, np.float32)
    lines[20 : 20 + SOFT, :share] = 0
    lines[20 + SOFT :] = 0
    assert flat(lines) == border


@pytest.mark.parametrize(("share", "border"), [(45, 20), (44, 0)])
def test_what_lies_inside_a_flat_border_fills_half_of_it(share: int, border: int) -> None:
    lines = np.full((60, 100), 255, np.float32)
    lines[20] = 0
    lines[21:, :share] = 0  # of ten lines one is filled, and nine in part
    assert flat(lines) == border
