"""Halftones, whose dots make a lattice as samples do, and enlargements, which have no such dots."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.screens import screen_pitch

WIDTH, HEIGHT = 1224, 816


def halftone(pitch: float, degrees: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A scene in dots of black and white."""
    bright = np.asarray(scene(*size).convert("L")) / 255
    y, x = np.mgrid[: size[1], : size[0]] * 2 * np.pi / pitch
    turn = np.deg2rad(degrees)
    across, down = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    dots = bright > 0.5 + 0.25 * (np.cos(across) + np.cos(down))
    return Image.fromarray(np.uint8(255 * dots)).convert("RGB")


@pytest.mark.parametrize(("codec", "quality"), [("jpeg", 75), ("webp", 50)])
@pytest.mark.parametrize(("pitch", "degrees"), [(5, 0), (7, 45), (10, 45)])
def test_a_halftone_is_not_accused(pitch: float, degrees: float, codec: str, quality: int) -> None:
    found = analyse(coded(halftone(pitch, degrees), codec, quality), format=codec)
    assert found.verdict in ("cannot-tell", "no-trace")


def test_the_pitch_of_the_screen_is_named() -> None:
    lines = planes.samples(coded(halftone(5, 0), "jpeg", 75))
    for ratio in (0.2, 0.4, 0.6, 0.8):
        assert screen_pitch(ratio, *lines) == pytest.approx(5, abs=0.05)
    for ratio in (0.3, 0.5, 0.7):
        assert screen_pitch(ratio, *lines) is None


def test_dots_along_one_axis_are_no_screen() -> None:
    rows, _ = planes.samples(coded(halftone(5, 0), "jpeg", 75))
    _, columns = planes.samples(np.asarray(scene(WIDTH, HEIGHT)))
    assert screen_pitch(0.8, rows, columns) is None


@pytest.mark.parametrize("kernel", [Image.Resampling.NEAREST, Image.Resampling.BILINEAR])
@pytest.mark.parametrize("ratio", [0.5, 0.6, 0.8])
def test_an_enlargement_has_no_screen(ratio: float, kernel: Image.Resampling) -> None:
    lines = planes.samples(coded(enlarged(ratio, kernel, (WIDTH, HEIGHT)), "jpeg", 60))
    assert screen_pitch(ratio, *lines) is None


def test_an_enlarged_halftone_is_told() -> None:
    small = halftone(8, 0, (734, 490))
    big = coded(small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), "jpeg", 85)
    found = analyse(big, format="jpeg")
    assert (found.verdict, found.size) == ("upscaled", (734, 490))
