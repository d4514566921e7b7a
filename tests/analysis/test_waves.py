"""Smooth waves and flat drawings: true at their size, though a codec's lines and few phases look like less."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scenes import coded

from verify4k.analysis.native.analyse import analyse


def waves(pitch: float, swirl: int = 0, width: int = 1920, height: int = 1080) -> Image.Image:
    """Rings about the middle, or the arms of a swirl."""
    y, x = np.mgrid[0:height, 0:width]
    x, y = x - width / 2, y - height / 2
    turns = np.hypot(x, y) / pitch * 2 * np.pi + swirl * np.arctan2(y, x)
    return Image.fromarray(np.round(128 + 100 * np.sin(turns)).astype(np.uint8))


@pytest.mark.parametrize("pitch", [20, 24, 30])
def test_a_half_is_proved_by_the_kernel_that_fits_alone(pitch: float) -> None:
    assert analyse(np.asarray(waves(pitch)), format="png").verdict == "no-trace"


@pytest.mark.parametrize(("codec", "quality", "pitch"), [("jpeg", 40, 20), ("jpeg", 60, 24)])
def test_a_codecs_line_in_linear_light_is_no_error_where_nothing_can_be_undone(
    codec: str, quality: int, pitch: float
) -> None:
    found = analyse(coded(waves(pitch), codec, quality), format=codec)
    assert (found.verdict, found.basis) == ("suspect", "linear-light")
    assert found.sentence.endswith("its codec may leave that as well")


@pytest.mark.parametrize(("quality", "pitch", "swirl"), [(85, 12, 0), (85, 10, 3), (95, 18, 3)])
def test_a_size_of_which_one_axis_is_on_a_codecs_line_is_no_other_than_the_codec(
    quality: int, pitch: float, swirl: int
) -> None:
    found = analyse(coded(waves(pitch, swirl), "jpeg", quality), format="jpeg")
    assert found.verdict in ("suspect", "no-trace")


def boxes(count: int) -> Image.Image:
    """Dark boxes of random sizes on white."""
    draw = np.random.default_rng(1)
    drawn = np.full((360, 480), 255, np.uint8)
    for _ in range(count):
        left, top = draw.integers(0, 400), draw.integers(0, 300)
        drawn[top : top + draw.integers(8, 60), left : left + draw.integers(8, 80)] = draw.integers(0, 200)
    return Image.fromarray(drawn)


def test_the_edges_of_a_box_prove_no_size() -> None:
    drawn = np.zeros((360, 480, 3), np.uint8)
    drawn[10:110, 10:210, 1] = 128
    assert analyse(drawn, format="png").verdict == "cannot-tell"


@pytest.mark.parametrize("kernel", [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC])
def test_boxes_that_were_enlarged_are_told(kernel: Image.Resampling) -> None:
    big = boxes(30).resize((800, 600), kernel)
    found = analyse(np.asarray(big), format="png")
    assert (found.verdict, found.size) == ("upscaled", (480, 360))
