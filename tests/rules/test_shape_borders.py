"""What rules of shapes, sizes and layout say where a promise is just broken, and that they are silent else."""

from __future__ import annotations

from typing import Any

import pytest
from one_rule import Told, header_of, promised, told
from pictures import drawn, gradient, save, texture
from PIL import Image

from verify4k.errors import CannotRead

SUM, CELLS = "the number of pixels is out of bounds", "cells are cut"
POWERS = "an edge is no power of two"


@pytest.mark.parametrize(
    ("entry", "size", "said"),
    [
        ("{power-of-two: required}", (64, 32), None),
        ("{power-of-two: required}", (2, 1), None),
        ("{power-of-two: required}", (64, 33), (POWERS, "powers of two, like 64x32 or 64x64", "64x33")),
        ("{power-of-two: required}", (63, 32), (POWERS, "powers of two, like 32x32 or 64x32", "63x32")),
        ("{power-of-two: required}", (3, 3), (POWERS, "powers of two, like 2x2 or 4x4", "3x3")),
        ("{megapixels: 0.002304}", (64, 36), None),
        ("{megapixels: ..0.002303}", (64, 36), (SUM, "at most 0.002303 megapixels", "0.0023 megapixels (64x36)")),
        ("{megapixels: 0.002305..}", (64, 36), (SUM, "at least 0.002305 megapixels", "0.0023 megapixels (64x36)")),
        ("{megapixels: 21..}", (5000, 4000), (SUM, "at least 21 megapixels", "20 megapixels (5000x4000)")),
        ("{longest: 64, shortest: 36}", (36, 64), None),
        ("{longest: 65..}", (36, 64), ("the longest edge is out of bounds", "65.. pixels", "64 pixels (36x64)")),
        ("{shortest: ..35}", (64, 36), ("the shortest edge is out of bounds", "..35 pixels", "36 pixels (64x36)")),
        ("{shortest: 64.., longest: ..64}", (64, 64), None),
        ("{grid: 8x5}", (64, 36), (CELLS, "8x5 whole cells", "64x36: cells of 8x7.2 pixels")),
        ("{grid: 7x4}", (64, 36), (CELLS, "7x4 whole cells", "64x36: cells of 9.14286x9 pixels")),
        ("{grid: 8x4}", (64, 36), None),
        ("{cell: 32x18}", (64, 36), None),
        ("{cell: 30x18}", (64, 36), (CELLS, "a whole number of 30x18 cells", "64x36: 2.13333x2 cells")),
        ("{cell: 32x17}", (64, 36), (CELLS, "a whole number of 32x17 cells", "64x36: 2x2.11765 cells")),
        ("{grid: 8x4, cell: 8x9}", (64, 36), None),
        ("{grid: 8x4, cell: 8x8}", (64, 36), ("the sheet differs", "64x32 (8x4 cells of 8x8)", "64x36")),
        ("{grid: 8x4, cell: 9x9}", (64, 36), ("the sheet differs", "72x36 (8x4 cells of 9x9)", "64x36")),
    ],
)  # fmt: skip
def test_pixels_that_nearly_add_up(entry: str, size: tuple[int, int], said: Told | None) -> None:
    found = told("right-shape", entry, header_of(*size), depth="header")
    assert found == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("entry", "size", "said"),
    [
        ("{size: 48x27}", (32, 18), "the picture has 0.667 times the promised width and height"),
        ("{size: 16x9}", (128, 72), "the picture has 8 times the promised width and height"),
        ("{size: [70x40, 64x36]}", (128, 72), "the picture has 2 times the promised width and height"),
        ("{size: 64x36..64x40}", (128, 72), "the pixel size differs"),
        ("{size: 64x37}", (128, 72), "the pixel size differs"),
        ("{size: 36x64..40x64}", (64, 36), "the picture is turned: width and height are exchanged"),
        ("{size: 64x36, turned: allowed, tolerance: 1px}", (36, 63), ""),
        ("{size: 64x36, turned: allowed, tolerance: 1px}", (36, 62), "the pixel size differs"),
        ("{size: 50x50..100x100, tolerance: 2%}", (102, 48), ""),  # of the larger size
        ("{size: 50x50..100x100, tolerance: 2%}", (103, 50), "the pixel size differs"),
        ("{size: 64x36, tolerance: 1px}", (65, 37), ""),
        ("{size: 64x36, tolerance: 1px}", (66, 37), "the pixel size differs"),
        ("{size: 64x36, tolerance: 1px}", (65, 38), "the pixel size differs"),
    ],
)
def test_a_size_that_differs_is_named_by_how(entry: str, size: tuple[int, int], said: str) -> None:
    wanted = entry[7:].partition(", t")[0].strip("[]}").replace(", ", " or ")
    found = told("exact-size", entry, header_of(*size), depth="header")
    assert found == ([(said, wanted, "x".join(map(str, size)))] if said else [])


@pytest.mark.parametrize("sampled", ["4:4:4", "4:2:2", "4:2:0"])
def test_chroma_is_one_of_those_that_are_promised(sampled: str) -> None:
    data = save(gradient(64, 36), "a.jpg", subsampling=sampled)
    for wanted in (["4:4:4"], ["4:2:2"], ["4:2:0"], ["4:4:4", "4:2:0"], ["4:4:4", "4:2:2"]):
        found = told("right-encoding", f"{{subsampling: [{', '.join(wanted)}]}}", data, "a.jpg")
        said = ("the chroma subsampling differs", " or ".join(wanted), sampled)
        assert found == ([] if sampled in wanted else [said])


@pytest.mark.parametrize(
    ("entry", "name"), [("{quality: 80..}", "a.webp"), ("{subsampling: 4:4:4}", "a.webp"), ("{quality: 80}", "a.tif")]
)  # fmt: skip
def test_a_lossy_format_without_such_numbers_is_undecided(entry: str, name: str) -> None:
    with pytest.raises(CannotRead, match="only JPEG has such a number"):
        promised("right-encoding", entry, save(gradient(9, 9), name), name)


HALF = save(Image.new("RGBA", (64, 64), (200, 10, 10, 128)), "a.png")
BOX = Image.new("RGB", (64, 48))
BOX.paste((255, 0, 0), (10, 12, 40, 30))
BOXED, DISC, CLEAR = save(BOX, "a.png"), drawn("disc", 64, 64), drawn("disc-clear", 64, 64)
CORNERS, EDGES, MARGIN, ZONE = (
    "the corners differ",
    "the outermost pixels differ",
    "the margin differs",
    "art lies outside the safe zone",
)


@pytest.mark.parametrize(
    ("data", "entry", "said"),
    [
        (DISC, "{corners: opaque, edges: opaque}", []),
        (CLEAR, "{corners: transparent, edges: transparent}", []),
        (HALF, "{corners: any, edges: any}", []),
        (DISC, "{corners: transparent}", [(CORNERS, "transparent corners", "opaque corners")]),
        (DISC, "{edges: transparent}", [(EDGES, "transparent edges", "opaque edges")]),
        (HALF, "{corners: opaque}", [(CORNERS, "opaque corners", "partly transparent corners")]),
        (HALF, "{edges: transparent}", [(EDGES, "transparent edges", "partly transparent edges")]),
        (DISC, "{margin: 16}", []),
        (DISC, "{margin: ..15}", [(MARGIN, "at most 15 pixels", "16 pixels")]),
        (DISC, "{margin: 17..}", [(MARGIN, "at least 17 pixels", "16 pixels")]),
        (DISC, "{margin: 25%}", []),
        (DISC, "{margin: 26%..}", [(MARGIN, "at least 26%", "16 pixels on a canvas of 64x64")]),
        (DISC, "{margin: ..24%}", [(MARGIN, "at most 24%", "16 pixels on a canvas of 64x64")]),
        (BOXED, "{margin: 10..24}", []),
        (BOXED, "{margin: 11..}", [(MARGIN, "at least 11 pixels", "10 pixels")]),
        (BOXED, "{margin: 30..}", [(MARGIN, "at least 30 pixels", "10 to 24 pixels")]),
        (BOXED, "{margin: ..20%}", [(MARGIN, "at most 20%", "12 to 24 pixels on a canvas of 64x48")]),
        (DISC, "{safe-zone: 47%}", []),  # half of 64 pixels, less one
        (DISC, "{safe-zone: 46%}", [(ZONE, "inside the middle 46%", "reaches 49.7% of the shorter edge")]),
        (BOXED, "{safe-zone: 98%}", []),
        (BOXED, "{safe-zone: 97%}", [(ZONE, "inside the middle 97%", "reaches 102% of the shorter edge")]),
        (drawn("rounded", 64, 64), "{corners: square}", [("rounded corners are part of the picture", "square corners", "about 13 pixels cut off")]),
    ],
)  # fmt: skip
def test_art_is_off_its_place_by_a_pixel(data: bytes, entry: str, said: list[Told]) -> None:
    assert told("right-layout", entry, data) == said


@pytest.mark.parametrize("entry", ["{margin: 1..}", "{safe-zone: 80%}"])
def test_without_a_flat_ground_there_is_no_margin(entry: str) -> None:
    with pytest.raises(CannotRead, match="no flat background"):
        promised("right-layout", entry, save(texture(64, 64), "a.png"))


def test_where_a_picture_shows_through_is_drawn_in_cells() -> None:
    [problem] = promised("no-stray-alpha", "{alpha: opaque}", drawn("alpha-used"))
    assert problem.evidence is not None
    cells: Any = problem.evidence["grid"]
    assert (problem.evidence["columns"], len(cells)) == (32, 32 * 18)
    assert [at for at, share in enumerate(cells) if share] == [9 * 32 + 16]  # the pixel in the middle


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("thumbs/hero-1920x1080.png", (960, 540), "1920x1080, perhaps of what it was made from (note)"),
        ("thumbs/hero-1920x1080.png", (961, 540), "1920x1080"),
        ("hero-1920x1080.png", (960, 540), "1920x1080"),
        ("banner@2x-800x600.png", (1600, 1200), ""),
        ("banner@2x-800x600.png", (1600, 1201), "@2x-800x600"),
        ("a-100x100@1.5x.png", (150, 150), ""),
        ("a-100x100@1.5x.png", (149, 150), "100x100@1.5x"),
    ],
)
def test_a_size_in_a_name_is_exact(name: str, size: tuple[int, int], said: str) -> None:
    found = told("name-claim", "{}", header_of(*size), name, "header")
    assert [message for message, _, _ in found] == ([f"the name says {said}"] if said else [])


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((2048, 1152), []),
        ((1024, 576), [("a fallback size stands in", "warning")]),
        ((576, 1024), [("the pixel size differs", None)]),  # turned, it is another size
    ],
)
def test_a_fallback_stands_in_as_it_is_written(
    size: tuple[int, int], said: list[tuple[str, str | None]]
) -> None:
    wish = "{prompt: x, critical: false, fallback: [1024x576]}"
    found = promised("exact-size", f"{{size: 2048x1152, generate: {wish}}}", header_of(*size), depth="header")
    assert [(problem.message, problem.severity) for problem in found] == said
