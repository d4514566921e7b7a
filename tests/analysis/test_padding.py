from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scenes import coded, scene

from verify4k.analysis import borders
from verify4k.analysis.padding import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIDES = ((90, 90), (160, 160), (0, 0))


def inner() -> NDArray[np.uint8]:
    return np.asarray(scene(960, 540))


def blurred_bars(seed: int = 1) -> NDArray[np.uint8]:
    """A picture on a blurred copy of itself that covers the canvas, or of another one."""
    behind = scene(960, 720, seed).resize((1280, 960)).crop((0, 120, 1280, 840))
    canvas = behind.filter(ImageFilter.GaussianBlur(25))
    canvas.paste(scene(960, 720), (160, 0))
    return np.asarray(canvas)


CASES: dict[str, Callable[..., NDArray[np.uint8]]] = {
    "flat": partial(np.pad, constant_values=0),
    "white": partial(np.pad, constant_values=255),
    "replicated": partial(np.pad, mode="edge"),
    "mirrored": partial(np.pad, mode="symmetric"),
    "reflected": partial(np.pad, mode="reflect"),
}


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 92)])
@pytest.mark.parametrize("size", [(1280, 720), (800, 1200), (40, 40), (64, 900)])
def test_a_picture_that_fills_its_canvas_has_no_padding(
    size: tuple[int, int], codec: str, quality: int
) -> None:
    assert find(coded(scene(*size), codec, quality)) is None


def test_a_page_with_white_margins_is_not_padded() -> None:
    page = Image.new("RGB", (1000, 1000), "white")
    pen = ImageDraw.Draw(page)
    for y in range(80, 920, 30):
        pen.text((100, y), "text on a page " * 8, "black", ImageFont.load_default(16))
    assert find(np.asarray(page)) is None


def test_an_object_on_a_plain_ground_is_not_padded() -> None:
    ground = Image.new("RGB", (1000, 800), (250, 250, 250))
    mask = Image.new("L", (600, 500))
    ImageDraw.Draw(mask).ellipse([0, 0, 599, 499], fill=255)
    ground.paste(scene(600, 500), (200, 150), mask)
    assert find(np.asarray(ground)) is None


def test_a_calm_sky_is_no_replicated_edge() -> None:
    fade = np.linspace(0, 90, 700)[:, None] + 40 * np.sin(np.arange(1000) / 90)[None, :] + 100
    noise = np.random.default_rng(1).normal(0, 1, fade.shape)
    assert find(np.clip(fade + noise, 0, 255).astype(np.uint8)) is None


def poster(ground: str, title: str, *, below: bool) -> Image.Image:
    """A picture with wide margins, and a title below it or above."""
    canvas = Image.new("RGB", (800, 1000), ground)
    canvas.paste(scene(640, 680), (80, 80 if below else 240))
    ink = "white" if ground == "black" else "black"
    ImageDraw.Draw(canvas).text((80, 800 if below else 110), title, ink, ImageFont.load_default(70))
    return canvas


@pytest.mark.parametrize("ground", ["white", "black", "beige"])
@pytest.mark.parametrize("below", [True, False])
def test_margins_with_a_title_on_one_side_are_told_as_such(ground: str, below: bool) -> None:
    found = find(np.asarray(poster(ground, "Summer Nights", below=below)))
    assert found is not None
    assert found.kinds.count("flat") == 3
    assert found.titled
    bare = find(np.asarray(poster(ground, "", below=below)))
    assert bare is not None
    assert not bare.titled


def test_a_picture_that_grows_as_dark_as_its_borders_has_no_title() -> None:
    fading = np.asarray(scene(640, 360)) * np.linspace(1, 0, 360)[:, None, None] ** 1.5
    canvas = np.pad(fading.astype(np.uint8), ((160, 160), (120, 120), (0, 0)))
    found = find(canvas)
    assert found is not None
    assert (found.kinds, found.titled) == (("flat", "flat", "flat", None), False)


def test_one_colour_is_no_padding() -> None:
    assert find(np.full((300, 300, 3), 7, np.uint8)) is None


def test_stripes_that_never_end_are_no_padding() -> None:
    assert find(np.tile(np.arange(400, dtype=np.uint8) * 37, (300, 1))) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("flat", "flat"),
        ("white", "flat"),
        ("replicated", "replicated"),
        ("mirrored", "mirrored"),
        ("reflected", "mirrored"),
    ],
)
@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 90)])
def test_each_border_is_found_on_all_sides(name: str, kind: str, codec: str, quality: int) -> None:
    found = find(coded(Image.fromarray(CASES[name](inner(), SIDES)), codec, quality))
    assert found is not None
    assert found.kinds == (kind,) * 4
    assert found.box == pytest.approx((160, 90, 960, 540), abs=6)
    assert not found.letterbox
    assert f"{kind} left" in found.sentence


def test_blurred_bars_are_found_in_pairs() -> None:
    found = find(blurred_bars())
    assert found is not None
    assert found.kinds == ("blurred", None, "blurred", None)
    assert found.box == pytest.approx((160, 0, 960, 720), abs=6)


def test_a_picture_in_the_middle_of_its_blurred_copy_is_found() -> None:
    canvas = scene(960, 720).resize((1920, 1440)).filter(ImageFilter.GaussianBlur(25))
    canvas.paste(scene(960, 720), (480, 360))
    found = find(np.asarray(canvas))
    assert found is not None
    assert found.kinds == ("blurred",) * 4
    assert found.box == pytest.approx((480, 360, 960, 720), abs=6)


def test_soft_sides_that_show_something_else_are_no_border() -> None:
    """As a table on both sides of a sheet of paper."""
    assert find(blurred_bars(seed=5)) is None


def test_sides_that_are_soft_in_most_places_alone_are_no_border() -> None:
    """As mist over a jetty whose planks run out of the picture; a caption on a border is no planks."""
    for first, found in ((500, False), (640, True)):
        canvas = blurred_bars().astype(np.float32)
        planks = np.random.default_rng(7).normal(0, 20, (720 - first, 1280, 1))
        planks[:, 160:1120] = 0
        canvas[first:] += planks
        assert (find(np.clip(canvas, 0, 255).astype(np.uint8)) is not None) is found


def test_bars_stay_where_soft_sides_show_something_else() -> None:
    canvas = np.pad(blurred_bars(seed=5), ((100, 60), (0, 0), (0, 0)))
    found = find(canvas)
    assert found is not None
    assert found.kinds == (None, "flat", None, "flat")
    assert found.box == (0, 100, 1280, 720)


def test_one_soft_side_is_only_a_soft_side() -> None:
    canvas = blurred_bars().copy()
    canvas[:, 1000:] = np.asarray(scene(280, 720, 5))
    assert find(canvas) is None


@pytest.mark.parametrize("bars", [("top", "bottom"), ("left", "right")])
def test_even_black_bars_are_a_letterbox_with_its_ratio(bars: tuple[str, str]) -> None:
    film = np.asarray(scene(1280, 720)).copy()
    if "top" in bars:
        film[:92], film[-92:] = 0, 2
    else:
        film[:, :160], film[:, -160:] = 0, 2
    found = find(film)
    assert found is not None
    assert found.letterbox
    assert found.ratio == pytest.approx(1280 / 536 if "top" in bars else 960 / 720, rel=0.01)


@pytest.mark.parametrize("change", ["uneven", "grey", "one"])
def test_other_bars_are_flat_borders(change: str) -> None:
    film = np.asarray(scene(1280, 720)).copy()
    film[:92] = 90 if change == "grey" else 0
    if change != "one":
        film[-40 if change == "uneven" else -92 :] = 90 if change == "grey" else 0
    found = find(film)
    assert found is not None
    assert not found.letterbox
    assert set(found.kinds) == {None, "flat"}


def test_empty_canvas_around_a_cut_out_is_flat() -> None:
    canvas = np.zeros((720, 1280, 4), np.uint8)
    canvas[90:630, 160:1120, :3] = inner()
    canvas[90:630, 160:1120, 3] = 255
    found = find(canvas)
    assert found is not None
    assert found.kinds == ("flat",) * 4


def on_white(mask: Image.Image) -> NDArray[np.uint8]:
    """A scene cut out by a mask, on white with borders all around."""
    ground = Image.new("RGB", (mask.width + 240, mask.height + 160), "white")
    ground.paste(scene(*mask.size), (120, 80), mask)
    return np.asarray(ground)


@pytest.mark.parametrize("radius", [30, 90, 200])
def test_an_icon_with_round_corners_is_not_padded(radius: int) -> None:
    mask = Image.new("L", (900, 900))
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, 899, 899], radius, fill=255)
    assert find(on_white(mask)) is None


@pytest.mark.parametrize(("cut", "padded"), [(0, True), (1, True), (2, False), (4, False)])
def test_a_picture_fills_most_of_its_corners(cut: int, padded: bool) -> None:
    mask = Image.new("L", (900, 700), 255)
    for x, y in ((0, 0), (860, 660), (860, 0), (0, 660))[:cut]:
        mask.paste(0, (x, y, x + 40, y + 40))
    assert (find(on_white(mask)) is not None) is padded


@pytest.mark.parametrize(("share", "padded"), [(0.95, True), (0.7, True), (0.5, False)])
def test_between_two_bars_a_picture_begins_along_most_of_the_line(share: float, padded: bool) -> None:
    """A tall sprite between two plain sides does not, nor does a car seen from above."""
    canvas = np.full((720, 1280, 3), 255, np.uint8)
    wide = round(720 * share / 2)
    canvas[:, 400:880] = np.asarray(scene(480, 720))
    canvas[: 360 - wide, 400:460] = canvas[360 + wide :, 400:460] = 255
    canvas[: 360 - wide, 820:880] = canvas[360 + wide :, 820:880] = 255
    assert (find(canvas) is not None) is padded


def test_a_dark_scene_between_the_bars_of_a_film_is_still_a_film() -> None:
    """Nothing but a lit window stands out; the rest is as black as the bars, or nearly."""
    canvas = np.zeros((720, 1280, 3), np.uint8)
    canvas[92:628, 280:1000] = np.asarray(scene(720, 536))
    canvas[300:340, :280] = canvas[300:340, 1000:] = 40
    found = find(canvas)
    assert found is not None
    assert found.letterbox


def test_bands_and_boxes_of_a_drawing_are_no_replicated_edge() -> None:
    """Rows that are equal because the drawing has straight sides, not because an edge was drawn out."""
    rows = np.repeat(np.arange(0, 240, 8, dtype=np.uint8), 36)[:1080]
    page = np.dstack([np.repeat(rows[:, None], 1920, axis=1)] * 3)
    page[:140, :240] = (220, 14, 54)
    page[1060:, 280:440] = (30, 230, 200)
    page[300:700, 600:1400] = (200, 50, 140)
    assert find(page) is None


@pytest.mark.parametrize(("grain", "seen"), [(0.2, False), (3.0, True)])
def test_a_plain_ground_around_a_drawing_is_no_mirror(
    grain: float, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A diagram on a dark gradient: its margins are like the mirror image of anything as plain."""
    down, across = np.mgrid[0:720, 0:1280]
    ground = 30 + 20 * (down / 720 + across / 1280) + np.random.default_rng(2).normal(0, grain, (720, 1280))
    canvas = (np.repeat(ground[..., None], 3, axis=2) * 257).astype(np.uint16)
    canvas[60:660, 80:1200] = np.asarray(scene(1120, 600)).astype(np.uint16) * 257
    monkeypatch.setattr(borders, "mirrored_lines", lambda _lines, _least: 40)
    found = find(canvas)
    assert (found is not None) is seen
    assert found is None or set(found.kinds) == {"mirrored"}


def test_hardly_any_detail_anywhere_is_no_blurred_border() -> None:
    ramp = np.linspace(0, 255, 900)[None, :] + np.zeros((700, 1))
    assert find(ramp.astype(np.uint8)) is None


def test_a_thin_frame_line_is_not_padding() -> None:
    framed = np.asarray(scene(1000, 800)).copy()
    framed[:4], framed[-4:], framed[:, :4], framed[:, -4:] = 0, 0, 0, 0
    assert find(framed) is None


def wordmark(height: int = 640, margin: int = 57) -> NDArray[np.uint8]:
    """Eight letters with straight stems, drawn on clear ground from edge to edge but for the sides."""
    letter = np.zeros((height, height // 2, 4), np.uint8)
    letter[280:] = (140, 140, 140, 255)
    letter[:, :90] = letter[:, -90:] = letter[:90] = letter[-90:] = 255
    gap = np.zeros((height, 90, 4), np.uint8)
    side = np.zeros((height, margin, 4), np.uint8)
    return np.concatenate((side, *(part for _ in range(7) for part in (letter, gap)), letter, side), axis=1)


def test_a_word_on_clear_ground_is_no_picture_on_a_canvas() -> None:
    assert find(wordmark()) is None


@pytest.mark.parametrize("holes", [0, 10])
def test_a_picture_on_a_clear_canvas_is_padded(holes: int) -> None:
    canvas = np.zeros((800, 1200, 4), np.uint8)
    canvas[:, 200:1000, :3] = np.asarray(scene(800, 800))
    canvas[:, 200:1000, 3] = 255
    for at in range(holes):
        canvas[at * 70 : at * 70 + 40, 500:700] = 0
    found = find(canvas)
    assert found is not None
    assert found.box == (200, 0, 800, 800)


def test_the_cells_of_a_mosaic_are_no_replicated_edge() -> None:
    cells = np.random.default_rng(1).integers(0, 256, (24, 100)).astype(np.uint8)
    large = Image.fromarray(cells).resize((1000, 1080), Image.Resampling.NEAREST)
    assert find(np.asarray(large.resize((1920, 1080), Image.Resampling.BILINEAR))) is None
