"""Corners, edges, art on its canvas and nine-patch frames: what is found, and what must not be."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from verify4k.analysis.layout import art, edges, rounded
from verify4k.analysis.nine_patch import faults

BLUE, BLACK, WHITE = (30, 90, 200), (0, 0, 0), (255, 255, 255)


def canvas(
    colour: tuple[int, ...] = BLUE, width: int = 128, height: int = 128, mode: str = "RGB"
) -> Image.Image:
    return Image.new(mode, (width, height), colour)


def icon(radius: int, ground: tuple[int, ...] = BLACK, *, scale: int = 4, mode: str = "RGB") -> Image.Image:
    """A rounded square, anti-aliased."""
    large = Image.new(mode, (128 * scale, 128 * scale), ground)
    box = (0, 0, 128 * scale - 1, 128 * scale - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * scale, fill=BLUE + (255,) * (mode == "RGBA"))
    return large.resize((128, 128), Image.Resampling.BOX)


def jpeg(image: Image.Image, quality: int = 75) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def array(image: Image.Image) -> Any:
    return np.asarray(image)


def vignette() -> Image.Image:
    ramp = Image.radial_gradient("L").resize((128, 128))
    return Image.merge("RGB", [ramp.point(lambda value: 255 - value)] * 3)


def chamfered() -> Image.Image:
    image = canvas()
    draw = ImageDraw.Draw(image)
    for x, y in ((0, 0), (127, 0), (0, 127), (127, 127)):
        draw.polygon([(x, y), (x, abs(y - 30)), (abs(x - 30), y)], fill=BLACK)
    return image


def plus() -> Image.Image:
    image = canvas(BLACK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 0, 97, 127), fill=BLUE)
    draw.rectangle((0, 30, 127, 97), fill=BLUE)
    return image


def one_corner() -> Image.Image:
    image = canvas()
    image.paste(icon(24).crop((0, 0, 64, 64)), (0, 0))
    return image


@pytest.mark.parametrize(
    "image",
    [
        canvas(),
        vignette(),
        chamfered(),
        plus(),
        one_corner(),
        Image.effect_noise((128, 128), 80).convert("RGB"),
        Image.linear_gradient("L").resize((128, 128)).convert("RGB"),
        icon(24, (50, 110, 215)),  # corners that hardly differ from the art
        canvas((0, 0, 0, 0), mode="RGBA"),
        canvas(BLUE, 3, 3),
        canvas(BLUE, 1, 1),
    ],
)
def test_square_corners_are_not_called_rounded(image: Image.Image) -> None:
    assert rounded(array(image), alpha=image.mode == "RGBA") is None


@pytest.mark.parametrize(
    ("image", "radius"),
    [
        (icon(24), 24),
        (icon(24, WHITE), 24),
        (icon(12), 12),
        (icon(64), 64),  # a disc
        (icon(24, scale=1), 24),  # not anti-aliased
        (icon(24, (0, 0, 0, 0), mode="RGBA"), 24),
        (icon(24, (255, 255, 255, 0), mode="RGBA"), 24),  # clear, with white underneath
        (jpeg(icon(24)), 24),
        (jpeg(icon(24, WHITE), 40), 24),
    ],
)
def test_rounded_corners_are_found_in_any_colour(image: Image.Image, radius: int) -> None:
    found = rounded(array(image), alpha=image.mode == "RGBA")
    assert found is not None
    assert 0.7 * radius <= found <= 1.1 * radius


def test_16_bits_and_grey_are_read_alike() -> None:
    assert rounded(array(icon(24)).astype("uint16") * 257, alpha=False) is not None
    assert rounded(array(icon(24).convert("L")), alpha=False) is not None


@pytest.mark.parametrize(
    ("image", "corners", "border"),
    [
        (canvas(), (255, 255), (255, 255)),
        (canvas((0, 0, 0, 0), mode="RGBA"), (0, 0), (0, 0)),
        (icon(24, (0, 0, 0, 0), mode="RGBA"), (0, 0), (0, 255)),
        (canvas((1, 2, 3, 254), mode="RGBA"), (254, 254), (254, 254)),
        (canvas((9, 9, 9, 128), 1, 1, "RGBA"), (128, 128), (128, 128)),
    ],
)
def test_the_outermost_pixels_are_told_by_their_alpha(
    image: Image.Image, corners: tuple[int, int], border: tuple[int, int]
) -> None:
    found = edges(array(image), alpha=image.mode == "RGBA")
    assert (found.corners, found.border) == (corners, border)


def with_box(
    box: tuple[int, int, int, int], ground: tuple[int, ...] = BLUE, mode: str = "RGB"
) -> Image.Image:
    image = canvas(ground, mode=mode)
    ImageDraw.Draw(image).rectangle(box, fill=WHITE + (255,) * (mode == "RGBA"))
    return image


@pytest.mark.parametrize(
    ("image", "box"),
    [
        (with_box((10, 20, 99, 119)), (10, 20, 90, 100)),
        (with_box((10, 20, 99, 119), (0, 0, 0, 0), "RGBA"), (10, 20, 90, 100)),
        (with_box((64, 64, 64, 64)), (64, 64, 1, 1)),
        (with_box((1, 1, 126, 126)), (1, 1, 126, 126)),
    ],
)
def test_the_box_around_the_art_is_exact(image: Image.Image, box: tuple[int, ...]) -> None:
    found = art(array(image), alpha=image.mode == "RGBA")
    assert found is not None
    assert found.box == box
    x, y, width, height = box
    assert found.margins(128, 128) == (x, y, 128 - x - width, 128 - y - height)


def test_a_jpegs_ringing_is_no_art() -> None:
    found = art(array(jpeg(with_box((40, 40, 87, 87)), 60)), alpha=False, lossy=True)
    assert found is not None
    assert all(abs(a - b) <= 2 for a, b in zip(found.box, (40, 40, 48, 48), strict=True))


@pytest.mark.parametrize(
    "image",
    [
        canvas(),
        canvas((0, 0, 0, 0), mode="RGBA"),
        Image.effect_noise((128, 128), 80).convert("RGB"),
        vignette(),
        with_box((0, 0, 127, 20)),  # a picture that touches the edge along a side
        icon(60, (0, 0, 0, 0), mode="RGBA"),
    ],
)
def test_without_a_background_there_is_no_telling(image: Image.Image) -> None:
    assert art(array(image), alpha=image.mode == "RGBA") is None


@pytest.mark.parametrize(("radius", "reach"), [(20, 20), (51, 51), (60, 60)])
def test_the_reach_of_a_disc_is_its_radius(radius: int, reach: int) -> None:
    image = canvas()
    ImageDraw.Draw(image).ellipse((64 - radius, 64 - radius, 63 + radius, 63 + radius), fill=WHITE)
    found = art(array(image), alpha=False)
    assert found is not None
    assert abs(found.reach - reach) <= 1


def framed(*marks: tuple[int, int, int, int], colour: tuple[int, ...] = (0, 0, 0, 255)) -> Image.Image:
    image = Image.new("RGBA", (16, 12))
    image.paste((30, 90, 200, 255), (1, 1, 15, 11))
    for mark in marks:
        image.paste(colour, mark)
    return image


TOP, LEFT, RIGHT, BOTTOM = (5, 0, 8, 1), (0, 4, 1, 7), (15, 3, 16, 9), (3, 11, 9, 12)


@pytest.mark.parametrize(
    "image",
    [
        framed(TOP, LEFT),
        framed(TOP, LEFT, RIGHT, BOTTOM),
        framed(TOP, (2, 0, 4, 1), LEFT),  # two places may stretch
    ],
)
def test_frames_that_android_reads_are_fine(image: Image.Image) -> None:
    assert list(faults(array(image), alpha=True)) == []


def test_red_at_right_and_bottom_is_optical_bounds() -> None:
    image = framed(TOP, LEFT)
    image.paste((255, 0, 0, 255), (15, 2, 16, 4))
    assert list(faults(array(image), alpha=True)) == []


def test_a_frame_without_alpha_is_white() -> None:
    image = Image.new("RGB", (16, 12), WHITE)
    image.paste(BLUE, (1, 1, 15, 11))
    for mark in (TOP, LEFT):
        image.paste(BLACK, mark)
    assert list(faults(array(image), alpha=False)) == []


def test_a_frame_may_be_white_beside_alpha() -> None:
    image = Image.new("RGBA", (16, 12), (255, 255, 255, 255))
    image.paste((30, 90, 200, 100), (1, 1, 15, 11))
    for mark in (TOP, LEFT):
        image.paste((0, 0, 0, 255), mark)
    assert list(faults(array(image), alpha=True)) == []


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (framed(TOP), "nothing on the left side says what stretches"),
        (framed(LEFT), "nothing on the top side says what stretches"),
        (framed(TOP, LEFT, (3, 11, 5, 12), (7, 11, 9, 12)), "the bottom side marks 2 places for content"),
        (framed(TOP, LEFT, (0, 11, 1, 12)), "the left side is marked in a corner"),
        (framed(TOP, LEFT, (0, 0, 1, 1)), "the upper left corner is neither clear nor white"),
        (
            framed(TOP, LEFT, (2, 0, 3, 1), colour=(40, 40, 40, 255)),
            "the left side is neither black nor clear at pixel 4",
        ),
        (
            framed(TOP, LEFT, colour=(0, 0, 0, 200)),
            "the top side is neither black nor clear at pixel 5 (RGBA 0, 0, 0, 200)",
        ),
        (framed(TOP, LEFT, colour=(255, 0, 0, 255)), "the top side is neither black nor clear"),
        (Image.new("RGBA", (2, 2)), "there is no room for a frame and a picture"),
    ],
)
def test_frames_that_the_build_refuses_are_told_by_their_side(image: Image.Image, sentence: str) -> None:
    assert any(each.startswith(sentence) for each in faults(array(image), alpha=True))
