"""A frame that was drawn is told from the border of a canvas."""

from __future__ import annotations

import pytest
from one_rule import promised
from pictures import save, texture
from PIL import Image


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
