from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.independent_lines import independent_lines, is_one_pattern, is_undone
from verify4k.analysis.native.verdict import NO_TRACE, Inversion

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 1600, 900


def places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows and columns of all pixels."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    return y, x


def grey(levels: NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB")


def zone_plate(pitch: float) -> Image.Image:
    y, x = places()
    return grey(127.5 + 127 * np.cos(pitch * ((x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2)))


def hexagons(pitch: float) -> Image.Image:
    ways = (0, np.pi / 3, 2 * np.pi / 3)
    y, x = places()
    waves = sum(np.cos(2 * np.pi / pitch * (x * np.cos(way) + y * np.sin(way))) for way in ways)
    return grey(127.5 + 42 * waves)


def meshed(pitch: int) -> Image.Image:
    """A picture behind a mesh of wires as wide as a pixel."""
    y, x = places()
    wires = (x % pitch < 1) | (y % pitch < 1)
    return grey(np.asarray(scene(WIDTH, HEIGHT).convert("L")) * np.where(wires, 0.4, 1.0))


PATTERNS = {
    "zone plate": partial(zone_plate, np.pi / 2 / WIDTH),
    "coarse zone plate": partial(zone_plate, 0.7 * np.pi / WIDTH),
    "hexagons": partial(hexagons, 12),
    "mesh of 2": partial(meshed, 2),
    "mesh of 3": partial(meshed, 3),
    "mesh of 5": partial(meshed, 5),
}


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 92), ("jpeg", 60), ("avif", 55)])
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_that_was_drawn_at_its_size_is_not_accused(name: str, codec: str, quality: int) -> None:
    found = analyse(coded(PATTERNS[name](), codec, quality), format=codec)
    assert found.verdict in ("cannot-tell", "no-trace", "cells")


def test_a_pattern_that_peaks_says_why_nothing_is_told() -> None:
    found = analyse(coded(PATTERNS["hexagons"](), "jpeg", 92), format="jpeg")
    assert (found.verdict, found.method, found.ratio) == ("cannot-tell", "one pattern", None)
    assert found.sentence == "cannot tell: one pattern fills the picture, and has peaks of its own"


def test_a_mesh_that_was_enlarged_without_loss_is_told_by_undoing_it() -> None:
    small = meshed(5).crop((0, 0, 960, 540))
    found = analyse(np.asarray(small.resize((1600, 900), Image.Resampling.BICUBIC)), format="png")
    assert (found.verdict, found.size) == ("upscaled", (960, 540))


def test_lines_of_a_picture_are_independent_and_those_of_a_pattern_are_few() -> None:
    for image in (scene(WIDTH, HEIGHT), enlarged(0.5)):
        assert min(map(independent_lines, planes.samples(np.asarray(image)))) > 20
    rows, columns = planes.samples(np.asarray(PATTERNS["zone plate"]()))
    assert independent_lines(rows) == pytest.approx(2, abs=0.2)
    assert is_one_pattern(rows, columns)


def test_lines_that_agree_along_one_axis_alone_are_no_pattern() -> None:
    rows, columns = planes.samples(np.asarray(scene(WIDTH, HEIGHT)))
    same = np.repeat(rows[:1], len(rows), axis=0)
    assert independent_lines(same) == pytest.approx(1)
    assert not is_one_pattern(same, columns)
    assert not is_one_pattern(rows, np.repeat(columns[:1], len(columns), axis=0))


def test_a_few_busy_lines_among_calm_ones_say_nothing() -> None:
    lines = np.zeros((128, 400), np.float32)
    lines[:31] = np.random.default_rng(1).normal(0, 9, 400)
    assert independent_lines(lines) == float("inf")
    lines[31] = lines[0]
    assert independent_lines(lines) == pytest.approx(1)
    assert independent_lines(np.zeros((128, 400), np.float32)) == float("inf")


@pytest.mark.parametrize(
    ("left", "gain", "undone"), [(0.3, 1.5, True), (0.31, 1.5, False), (0.3, 1.49, False)]
)
def test_only_what_leaves_rounding_alone_is_undone(left: float, gain: float, undone: bool) -> None:
    found = replace(NO_TRACE, inversion=Inversion("bilinear", left, 2.0, gain, gain))
    assert is_undone(found) is undone
    assert not is_undone(NO_TRACE)
