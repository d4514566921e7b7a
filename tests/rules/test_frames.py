"""A frame that was drawn is told from the border of a canvas."""

from __future__ import annotations

import pytest
from one_rule import promised
from pictures import save, texture
from PIL import Image, ImageDraw, ImageFont


@pytest.mark.parametrize(
    ("sides", "frame"),
    [
        ((18, 18, 18, 18), True),  # a twentieth of the shorter edge
        ((17, 18, 16, 18), True),
        ((15, 18, 18, 18), False),
        ((19, 19, 19, 19), False),
        ((0, 18, 0, 18), False),
    ],
)
def test_a_narrow_border_that_is_as_wide_on_all_sides_is_a_frame(
    sides: tuple[int, int, int, int], frame: bool
) -> None:
    left, top, right, bottom = sides
    canvas = Image.new("RGB", (640, 360), "orange")
    canvas.paste(texture(640 - left - right, 360 - top - bottom), (left, top))
    [problem] = promised("not-padded", "{padding: forbidden}", save(canvas, "a.png"))
    assert problem.severity == ("warning" if frame else None)
    assert problem.message.endswith(", or one with a frame") is frame


@pytest.mark.parametrize(
    ("sides", "margins"),
    [
        ((0, 9, 10, 8), True),  # a plot: its labels are on the left; 3 % of the shorter edge
        ((8, 8, 10, 10), False),  # a frame
        ((8, 10, 10, 0), True),
        ((0, 9, 11, 8), False),
        ((0, 9, 9, 0), False),  # a picture in a corner
        ((0, 9, 0, 9), False),  # fitted to another shape
        ((8, 10, 10, 9), False),  # a frame
        ((8, 10, 10, 11), False),
    ],
)
def test_narrow_margins_of_three_sides_are_a_figure_s(
    sides: tuple[int, int, int, int], margins: bool
) -> None:
    left, top, right, bottom = sides
    canvas = Image.new("RGB", (640, 360), "white")
    canvas.paste(texture(640 - left - right, 360 - top - bottom), (left, top))
    [problem] = promised("not-padded", "{padding: forbidden}", save(canvas, "a.png"))
    assert problem.message.endswith(", or a figure with margins") is margins
    if margins:
        assert problem.severity == "warning"


def test_a_poster_is_a_warning_and_a_picture_on_a_canvas_is_not() -> None:
    canvas = Image.new("RGB", (640, 640), "white")
    canvas.paste(texture(480, 360), (80, 80))
    [bare] = promised("not-padded", "{padding: forbidden}", save(canvas, "a.png"))
    ImageDraw.Draw(canvas).text((80, 500), "Summer Nights", "black", ImageFont.load_default(60))
    [problem] = promised("not-padded", "{padding: forbidden}", save(canvas, "a.png"))
    assert (bare.severity, problem.severity) == (None, "warning")
    assert problem.message.endswith(", or a poster with a title")
