"""What was drawn in cells or patterns, and what only looks so."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scenes import coded, scene

from verify4k.analysis import planes
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.drawn import as_drawn
from verify4k.analysis.native.verdict import Native

WIDTH, HEIGHT = 1280, 720


def cells(cell: int, colours: int, seed: int, left: int = 0) -> Image.Image:
    """Squares of random colours."""
    draw = np.random.default_rng([seed, cell, colours])
    palette = draw.integers(0, 256, (colours, 3), np.uint8)
    drawn = draw.integers(0, colours, (HEIGHT // cell + 2, WIDTH // cell + 2))
    whole = np.repeat(np.repeat(palette[drawn], cell, 0), cell, 1)
    return Image.fromarray(whole[left : left + HEIGHT, left : left + WIDTH])


def accused(ratio: float) -> Native:
    size = round(WIDTH * ratio), round(HEIGHT * ratio)
    return Native("upscaled", size, ratio, (9.0, 9.0), "free lattice", "looks enlarged")


@pytest.mark.parametrize(("codec", "quality"), [("jpeg", 75), ("jpeg", 90), ("avif", 55)])
@pytest.mark.parametrize(("seed", "colours"), [(11, 3), (11, 6), (12, 6)])
def test_cells_of_three_pixels_that_a_codec_blurred_are_cells(
    seed: int, colours: int, codec: str, quality: int
) -> None:
    found = analyse(coded(cells(3, colours, seed), codec, quality), format=codec)
    assert (found.verdict, found.cells, found.size) == ("cells", (3, 3), None)


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize(("ratio", "cell"), [(1 / 3, 3), (2 / 3, 3), (0.25, 4), (0.5, 4), (1 / 16, 16)])
def test_a_cell_is_known_by_any_of_its_lines_wherever_it_begins(ratio: float, cell: int, left: int) -> None:
    lines = planes.samples(coded(cells(cell, 12, 1, left), "jpeg", 60))
    found = as_drawn(accused(ratio), *lines, "jpeg")
    assert (found.verdict, found.cells) == ("cells", (cell, cell))


@pytest.mark.parametrize("ratio", [0.3, 0.35, 0.55, 1 / 17])
def test_a_ratio_of_no_whole_cell_stays(ratio: float) -> None:
    lines = planes.samples(coded(cells(3, 12, 1), "jpeg", 60))
    assert as_drawn(accused(ratio), *lines, "jpeg") == accused(ratio)


def test_cells_of_two_pixels_and_along_one_axis_alone_stay() -> None:
    rows, columns = planes.samples(coded(cells(2, 12, 1), "jpeg", 90))
    assert as_drawn(accused(0.5), rows, columns, "jpeg") == accused(0.5)
    rows, _ = planes.samples(coded(cells(3, 12, 1), "jpeg", 60))
    _, columns = planes.samples(np.asarray(scene(WIDTH, HEIGHT)))
    assert as_drawn(accused(1 / 3), rows, columns, "jpeg") == accused(1 / 3)


@pytest.mark.parametrize("kernel", [Image.Resampling.BICUBIC, Image.Resampling.LANCZOS])
def test_noise_that_a_kernel_enlarged_was_not_drawn_in_cells(kernel: Image.Resampling) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (240, 426, 3), np.uint8)
    big = Image.fromarray(noise).resize((1278, 720), kernel)
    assert as_drawn(accused(1 / 3), *planes.samples(coded(big, "jpeg", 75)), "jpeg") == accused(1 / 3)


def test_a_picture_whose_samples_were_repeated_was_not_drawn_in_cells() -> None:
    small = scene(WIDTH // 3 + 1, HEIGHT // 3)
    big = small.resize((small.width * 3, small.height * 3), Image.Resampling.NEAREST)
    assert as_drawn(accused(1 / 3), *planes.samples(coded(big, "jpeg", 90)), "jpeg") == accused(1 / 3)


def test_in_a_lossless_file_cells_are_counted_instead() -> None:
    lines = planes.samples(np.asarray(cells(3, 12, 1)))
    assert as_drawn(accused(1 / 3), *lines, "png") == accused(1 / 3)


def on_a_grid(cell: int, round_share: float = 0.4) -> Image.Image:
    """Boxes that begin and end on a grid of ``cell`` pixels, and discs that do, whose curves do not."""
    draw, smooth = random.Random(cell), 3  # times as large, then averaged
    image = Image.new("RGB", (WIDTH * smooth, HEIGHT * smooth), (230, 235, 240))
    pen = ImageDraw.Draw(image)
    for _ in range(900):
        left, top = draw.randrange(WIDTH // cell), draw.randrange(HEIGHT // cell)
        edges = left, top, left + draw.randrange(2, 20), top + draw.randrange(2, 20)
        box = [edge * cell * smooth - (number > 1) for number, edge in enumerate(edges)]
        colour = tuple(draw.randrange(256) for _ in range(3))
        (pen.ellipse if draw.random() < round_share else pen.rectangle)(box, fill=colour)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 60), ("webp", 75), ("avif", 50)])
@pytest.mark.parametrize(("cell", "ratio"), [(3, 2 / 3), (4, 0.25), (6, 1 / 6)])
def test_a_drawing_on_a_grid_has_curves_that_no_sample_was_repeated_for(
    cell: int, ratio: float, codec: str, quality: int
) -> None:
    lines = planes.samples(coded(on_a_grid(cell), codec, quality))
    found = as_drawn(accused(ratio), *lines, codec)
    assert (found.verdict, found.cells) == ("cells", (cell, cell))


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 60), ("jpeg", 95), ("webp", 75)])
def test_a_drawing_whose_samples_were_repeated_was_not_drawn_on_a_grid(codec: str, quality: int) -> None:
    small = on_a_grid(4).resize((WIDTH // 4, HEIGHT // 4), Image.Resampling.BICUBIC)
    big = small.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    lines = planes.samples(coded(big, codec, quality))
    assert as_drawn(accused(0.25), *lines, codec) == accused(0.25)
    ImageDraw.Draw(big).ellipse((20, HEIGHT - 90, WIDTH - 20, HEIGHT - 20), outline=0, width=3)  # a caption
    lines = planes.samples(coded(big, codec, quality))
    assert as_drawn(accused(0.25), *lines, codec) == accused(0.25)


def test_curves_along_one_axis_alone_are_not_enough() -> None:
    rows, columns = planes.samples(np.asarray(on_a_grid(4)))
    _, straight = planes.samples(np.asarray(on_a_grid(4, round_share=0)))
    assert as_drawn(accused(0.25), rows, columns, "png").verdict == "cells"
    assert as_drawn(accused(0.25), rows, straight, "png") == accused(0.25)
