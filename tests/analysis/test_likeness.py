"""Cut or stretched: what resizers do to reach another shape, of fine patterns and of soft pictures."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import texture
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from verify4k.analysis.glance import Glance, glance
from verify4k.analysis.likeness import compare

FINE = texture(480, 270)
SOFT = ImageOps.autocontrast(texture(480, 270).filter(ImageFilter.GaussianBlur(24)))
MIST = ImageOps.autocontrast(texture(480, 270).filter(ImageFilter.GaussianBlur(60)))


def seen(image: Image.Image) -> Glance:
    return glance(np.asarray(image), alpha=False)


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
@pytest.mark.parametrize("size", [(200, 200), (160, 240), (360, 120), (135, 240), (400, 218)])
@pytest.mark.parametrize("source", [FINE, SOFT], ids=["fine", "soft"])
def test_what_cover_cuts_is_a_part(
    source: Image.Image, size: tuple[int, int], place: tuple[float, float]
) -> None:
    cut = ImageOps.fit(source, size, centering=place)
    assert compare(seen(cut), seen(source)).kind == "cropped"


@pytest.mark.parametrize("box", [(0, 0, 480, 262), (0, 8, 480, 270), (12, 0, 480, 270), (8, 8, 472, 270)])
def test_what_a_lossless_turn_trims_is_no_frame(box: tuple[int, int, int, int]) -> None:
    assert compare(seen(SOFT.crop(box)), seen(SOFT)).kind == "same"


SMALL = texture(200, 140)
_BOXES = [(0, 0, 200, 125), (0, 15, 200, 140), (0, 7, 200, 132), (15, 0, 200, 140), (8, 8, 200, 140)]


@pytest.mark.parametrize("box", _BOXES)
@pytest.mark.parametrize("soft", [0, 4, 12])
def test_the_rows_that_went_make_no_other_picture_of_a_small_one(
    box: tuple[int, int, int, int], soft: int
) -> None:
    source = ImageOps.autocontrast(SMALL.filter(ImageFilter.GaussianBlur(soft)))
    assert compare(seen(source.crop(box)), seen(source)).kind == "same"


@pytest.mark.parametrize("box", _BOXES)
def test_what_was_mirrored_or_exchanged_and_trimmed_is_told(box: tuple[int, int, int, int]) -> None:
    soft = ImageOps.autocontrast(SMALL.filter(ImageFilter.GaussianBlur(4)))
    assert compare(seen(ImageOps.mirror(soft).crop(box)), seen(soft)).kind == "mirrored"
    exchanged = texture(400, 280).crop((200, 140, 400, 280)).crop(box)
    assert compare(seen(exchanged), seen(SMALL)).kind == "other"


def test_a_frame_on_a_canvas_that_is_a_little_smaller_is_told() -> None:
    canvas = Image.new("RGB", (472, 266), "white")
    canvas.paste(SOFT.resize((400, 225)), (36, 20))
    assert compare(seen(canvas), seen(SOFT)).kind == "padded"


@pytest.mark.parametrize("factor", [1.1, 1.2, 1.33, 1.78])
@pytest.mark.parametrize("source", [FINE, SOFT, MIST], ids=["fine", "soft", "mist"])
def test_what_fill_stretches_is_no_part(source: Image.Image, factor: float) -> None:
    for size in ((round(480 * factor), 270), (480, round(270 * factor))):
        assert compare(seen(source.resize(size)), seen(source)).kind == "stretched"


def test_grain_makes_no_cut_of_a_stretch() -> None:
    source = ImageOps.autocontrast(texture(480, 270).filter(ImageFilter.GaussianBlur(16)))
    grain = np.random.default_rng(1).normal(0, 100, (270, 528, 1))
    grainy = (np.asarray(source.resize((528, 270))) + grain).clip(0, 255).astype(np.uint8)
    assert compare(glance(grainy, alpha=False), seen(source)).kind == "stretched"


def test_a_sign_left_on_the_black_that_was_under_it_is_not_inverted() -> None:
    sign = Image.new("RGBA", (512, 512))
    draw = ImageDraw.Draw(sign)
    draw.ellipse((50, 50, 450, 450), fill=(220, 60, 40, 255))
    draw.rectangle((150, 250, 350, 490), fill=(30, 90, 200, 200))
    flat = sign.resize((170, 170), Image.Resampling.LANCZOS).convert("RGB")  # opacity thrown away
    assert compare(seen(flat), glance(np.asarray(sign), alpha=True)).kind == "same"


@pytest.mark.parametrize("shades", [(0, 3), (0, 32), (90, 110), (245, 255)])
@pytest.mark.parametrize("ground", ["white", "grey", "red", "black"])
def test_a_sign_of_about_one_colour_is_the_same_on_any_ground(shades: tuple[int, int], ground: str) -> None:
    darkest, range_ = shades[0], shades[1] - shades[0]
    outline = Image.new("L", (800, 800))
    draw = ImageDraw.Draw(outline)
    draw.ellipse((90, 90, 710, 510), fill=255)
    draw.polygon([(200, 500), (420, 780), (500, 400)], fill=255)
    draw.rectangle((300, 200, 420, 300), fill=0)
    shaded = texture(800, 800).convert("L").point(lambda level: darkest + range_ * level // 255)
    sign = Image.merge("RGBA", (shaded, shaded, shaded, outline)).resize((200, 200), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", sign.size, ground)
    flat.paste(sign, mask=sign.getchannel("A"))
    for each in (flat, flat.filter(ImageFilter.GaussianBlur(2)), flat.crop((0, 9, 200, 200))):
        assert compare(seen(each), glance(np.asarray(sign), alpha=True)).kind == "same"


def test_clear_corners_whose_opacity_was_thrown_away_are_no_filled_end() -> None:
    outline = Image.new("L", (600, 600))
    ImageDraw.Draw(outline).rounded_rectangle((0, 0, 599, 599), 50, fill=255)
    clock = Image.new("RGBA", (600, 600))
    ImageDraw.Draw(clock).ellipse((116, 116, 484, 484), fill="white")
    clock.putalpha(outline)
    clock = clock.resize((150, 150), Image.Resampling.LANCZOS)
    flat = (
        clock.resize((75, 75), Image.Resampling.LANCZOS).convert("RGB").filter(ImageFilter.GaussianBlur(1.6))
    )
    assert compare(seen(flat), glance(np.asarray(clock), alpha=True)).kind == "same"
