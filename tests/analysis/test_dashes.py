"""Dashed lines: found where they are, and no proof of a network that enlarges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scenes import scene

from verify4k.analysis.native import checkerboard
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.dashes import without_dashes
from verify4k.analysis.native.enlargers import identified

DATA = Path(__file__).parents[1] / "data" / "networks"


def line(length: int, dash: int = 2, gap: int = 2) -> np.ndarray:
    """(length,) whether each pixel is in a dash."""
    return np.arange(length) % (dash + gap) < dash


def page(marks: np.ndarray) -> np.ndarray:
    """A white page of 200x200 with a line of marks down its hundredth column."""
    plane = np.full((200, 200), 255, np.uint8)
    plane[20 : 20 + len(marks), 100][marks] = 30
    return plane


@pytest.mark.parametrize(("dash", "gap"), [(1, 1), (2, 2), (3, 1), (2, 6), (4, 4), (8, 8)])
@pytest.mark.parametrize("length", [80, 160])
def test_a_dashed_line_is_taken_out_whichever_way_it_runs(dash: int, gap: int, length: int) -> None:
    plane = page(line(length, dash, gap))
    for drawn in (plane, plane.T):
        found = without_dashes(drawn)
        assert found is not None
        assert (found == 255).all()
        assert (drawn != 255).any()  # the picture itself is left as it is


@pytest.mark.parametrize(
    "plane",
    [
        page(line(60)),  # too short to repeat
        page(line(160, 3, 3)),  # repeats where no traces are looked for
        page(np.ones(160, np.bool_)),  # a line
        np.tile(np.arange(200, dtype=np.uint8), (200, 1)),  # a ramp
        np.full((200, 200), 7, np.uint8),
        np.zeros((10, 10), np.uint8),
        np.random.default_rng(1).integers(0, 256, (200, 200), np.uint8),
        np.asarray(scene().convert("L")),
    ],
)
def test_nothing_else_is_taken_for_one(plane: np.ndarray) -> None:
    assert without_dashes(plane) is None


def class_diagram(*, pitch: int, dash: int) -> np.ndarray:
    """Boxes of marks, joined by dashed lines as doxygen draws them, on a page of 1.4 megapixels."""
    drawn, page = np.random.default_rng(0), np.full((1400, 1024, 3), 255, np.uint8)
    page[42:1360, 253][line(1318)] = (0, 144, 0)
    for y in range(68, 1360, pitch):
        page[y, 256:512][line(256, dash, dash)] = (0, 144, 0)
        page[y - 12 : y + 12, 512:1023] = (117, 143, 194)
        page[y - 11 : y + 11, 513:1022] = (232, 236, 245)
        start = 620 + int(drawn.integers(100))
        for x in range(start, start + 7 * int(drawn.integers(8, 24)), 7):
            page[y - 5 : y + 5, x : x + 6][drawn.random((10, 6)) < 0.35] = 0
    return page


@pytest.mark.parametrize("pitch", [48, 56, 64])
@pytest.mark.parametrize("dash", [2, 4])
def test_a_diagram_s_dashed_lines_are_no_network_s(pitch: int, dash: int) -> None:
    page = class_diagram(pitch=pitch, dash=dash)
    assert identified(checkerboard.traces(page), "png") is not None  # its lines look like one's
    assert analyse(page, format="png").method == "none"


def test_a_picture_that_a_network_enlarged_may_have_dashed_lines() -> None:
    """Drawn, and enlarged by Real-ESRGAN's animevideov3; a short line of dashes was drawn over it."""
    pixels = np.asarray(Image.open(DATA / "x2.webp").convert("RGB")).copy()
    pixels[40, 40:140] = np.where(line(100), 0, 255)[:, None]
    assert checkerboard.undashed_traces(pixels) is not None
    assert analyse(pixels, format="png").method == "network fingerprint"
