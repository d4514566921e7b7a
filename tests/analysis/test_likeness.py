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
