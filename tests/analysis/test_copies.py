"""Exact copies and cells: what must not be called so first, then arithmetic."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native import cells
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.copies import Pitch, changes, comb, pitch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.planes import Pixels

NEAREST = Image.Resampling.NEAREST
WIDTH, HEIGHT = 1280, 720


def pitches(pixels: Pixels) -> list[tuple[int, int] | None]:
    """(lines, cell) of x and of y."""
    found = changes(pixels, *planes.samples(pixels))
    if found is None:
        return []
    told = (pitch(axis) for axis in found)
    return [None if one is None else (one.lines, one.cell) for one in told]


def in_cells(cell: int, small: NDArray[np.uint8], shift: tuple[int, int] = (0, 0)) -> NDArray[np.uint8]:
    """A window of WIDTH x HEIGHT into a drawing whose every pixel is a cell."""
    big = small.repeat(cell, 0).repeat(cell, 1)
    window = big[shift[1] : shift[1] + HEIGHT, shift[0] : shift[0] + WIDTH]
    assert window.shape[:2] == (HEIGHT, WIDTH)
    return np.ascontiguousarray(window, np.uint8)


def squares(cell: int, kind: str, seed: int = 2) -> NDArray[np.uint8]:
    """Two-colour art, pixel art or a code of squares, one pixel a cell, a few more than fit."""
    draw = np.random.default_rng(seed)
    shape = HEIGHT // cell + 2, WIDTH // cell + 2
    palette = draw.integers(0, 256, (24, 3)).astype(np.uint8)
    palette[:2] = (20, 30, 40), (240, 230, 200)
    art = draw.integers(0, 2, shape)
    if kind == "halftone":
        y, x = np.mgrid[: shape[0], : shape[1]]
        art = (0.5 + 0.4 * np.sin(x / 37) > ((x * 5 + y * 3) % 16) / 16).astype(int)
    for _ in range(60 if kind == "art" else 0):
        y, x = draw.integers(0, shape[0]), draw.integers(0, shape[1])
        art[y : y + draw.integers(1, 9), x : x + draw.integers(1, 12)] = draw.integers(0, 24)
    found: NDArray[np.uint8] = palette[art]
    return found


def judged(pixels: Pixels, container: str = "png") -> Native:
    return analyse(pixels, format=container)


@pytest.mark.parametrize("codec", ["png", "jpeg", "webp", "avif"])
def test_a_picture_has_no_copies_and_no_cells(codec: str) -> None:
    pixels = coded(scene(), codec, 80)
    assert pitches(pixels) == []
    assert all(cells.lossy_cell(lines) == 0 for lines in planes.samples(pixels))


def test_a_page_of_text_repeats_lines_but_follows_no_ratio() -> None:
    from PIL import ImageDraw, ImageFont

    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    for line in range(40, HEIGHT - 60, 26):
        pen.text(
            (80 + line % 3, line),
            "Seven wizards quietly box 0123456789 " * 4,
            "black",
            ImageFont.load_default(19),
        )
    found = judged(np.asarray(page))
    assert found.verdict in ("no-trace", "cannot-tell")


def test_soft_edges_of_a_few_boxes_stand_on_no_comb_of_cells() -> None:
    def boxes(pitch: int) -> NDArray[np.float32]:
        line = np.zeros(1200, np.float32)
        for at in range(pitch // 2, line.size - 2, pitch):
            line[at : at + 2] += 100
            line[at + 2 :] += 200
        return np.tile(line % 400, (128, 1))

    assert cells.lossy_cell(boxes(120)) == 120
    assert cells.lossy_cell(boxes(300)) == 0


@pytest.mark.parametrize("codec", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("cell", [3, 8, 12])
def test_squares_in_a_dozen_colours_are_cells_and_no_enlargement(cell: int, codec: str) -> None:
    draw = np.random.default_rng(cell)
    small = draw.integers(0, 256, (12, 3)).astype(np.uint8)[
        draw.integers(0, 12, (HEIGHT // cell + 1, WIDTH // cell + 1))
    ]
    found = judged(coded(Image.fromarray(in_cells(cell, small)), codec, 85), codec)
    assert (found.verdict, found.cells) == ("cells", (cell, cell))


def test_a_photograph_in_cells_of_a_jpeg_stays_an_enlargement() -> None:
    found = judged(coded(enlarged(1 / 4, NEAREST, (1600, 900)), "jpeg", 90), "jpeg")
    assert (found.verdict, found.cells) == ("upscaled", None)


@pytest.mark.parametrize("quality", [5, 16])
def test_the_blocks_of_a_coarse_jpeg_are_no_cells(quality: int) -> None:
    assert judged(coded(scene(), "jpeg", quality), "jpeg").verdict != "cells"


def test_a_photograph_enlarged_by_whole_pixels_is_one_and_no_graphic() -> None:
    found = judged(np.asarray(enlarged(1 / 3, NEAREST, (1599, 900))))
    assert (found.verdict, found.size, found.cells) == ("upscaled", (533, 300), None)


@pytest.mark.parametrize(
    ("native", "stored"),
    [
        ((800, 450), (1200, 675)),
        ((640, 360), (1200, 675)),
        ((900, 506), (1280, 720)),
        ((800, 450), (1600, 900)),
    ],
)
def test_copies_tell_the_size_as_a_fact(native: tuple[int, int], stored: tuple[int, int]) -> None:
    found = judged(np.asarray(scene(*native).resize(stored, NEAREST)))
    assert found.ratio is not None
    assert (found.verdict, found.size, found.method) == ("upscaled", native, "exact copies")
    assert found.ratio == pytest.approx((native[0] / stored[0] + native[1] / stored[1]) / 2)
    assert "whole rows and columns are copies" in found.sentence


@pytest.mark.parametrize("native", [(1280, 720), (1024, 576), (1001, 563), (768, 432)])
@pytest.mark.parametrize("cut", [(0, 0, 1920, 1080), (7, 4, 1909, 1075)])
def test_lines_that_are_alike_all_over_hide_no_ratio(
    native: tuple[int, int], cut: tuple[int, int, int, int]
) -> None:
    small = np.asarray(scene(*native)).copy()
    for start in range(0, small.shape[1], 83):  # with 70 unlike ones between
        small[start : start + 13] = small[start : start + 1]
        small[:, start : start + 13] = small[:, start : start + 1]
    across, down = pitches(np.asarray(Image.fromarray(small).resize((1920, 1080), NEAREST).crop(cut)))
    assert across is not None
    assert down is not None
    assert across[0] == pytest.approx((cut[2] - cut[0]) * native[0] / 1920, abs=1)
    assert down[0] == pytest.approx((cut[3] - cut[1]) * native[1] / 1080, abs=1)
    assert (across[1], down[1]) == (0, 0)


def test_a_drawing_whose_lines_are_partly_alike_follows_no_ratio() -> None:
    drawn = np.asarray(scene(1280, 720)).copy()
    for start in range(0, 700, 23):
        drawn[start + 12 : start + 19] = drawn[start + 11]
        drawn[:, start + 2 : start + 9] = drawn[:, start + 1 : start + 2]
    assert pitches(drawn) == [None, None]


@pytest.mark.parametrize(("size", "verdict"), [((72, 40), "cells"), ((111, 63), "upscaled")])
def test_wide_cells_are_a_drawing_whole_or_not(size: tuple[int, int], verdict: str) -> None:
    """A heat map has many tones in small steps, as a photograph has."""
    heat = Image.fromarray(np.asarray(scene(*size).convert("L")))
    assert judged(np.asarray(heat.resize((1270, 714), NEAREST).convert("RGB"))).verdict == verdict


def test_a_flat_border_hides_copies_and_not_the_size() -> None:
    small = scene(1280, 720).copy()
    small.paste((9, 9, 9), (0, 0, 1280, 40))
    small.paste((9, 9, 9), (0, 0, 30, 720))
    found = judged(np.asarray(small.resize((1920, 1080), NEAREST)))
    assert (found.verdict, found.size) == ("upscaled", (1280, 720))


def test_a_crop_of_an_enlargement_keeps_its_ratio() -> None:
    window = np.asarray(scene(1280, 720).resize((1920, 1080), NEAREST))[101:1000, 203:1800]
    found = judged(np.ascontiguousarray(window))
    assert found.verdict == "upscaled"
    assert found.ratio == pytest.approx(2 / 3, abs=0.002)


@pytest.mark.parametrize("kind", ["art", "code", "halftone"])
@pytest.mark.parametrize(("cell", "shift"), [(4, (0, 0)), (9, (3, 5)), (20, (0, 0)), (37, (11, 30))])
def test_what_is_drawn_in_cells_says_so_to_the_pixel(kind: str, cell: int, shift: tuple[int, int]) -> None:
    pixels = in_cells(cell, squares(cell, kind), shift)
    assert [one and one[1] for one in pitches(pixels)] == [cell, cell]
    found = judged(pixels)
    assert (found.verdict, found.cells, found.size, found.ratio) == ("cells", (cell, cell), None, None)
    assert f"drawn in cells of {cell} pixels" in found.sentence


@pytest.mark.parametrize(("codec", "quality"), [("jpeg", 90), ("jpeg", 60), ("webp", 80), ("avif", 55)])
@pytest.mark.parametrize("cell", [9, 16])
def test_cells_are_told_in_lossy_files_too(cell: int, codec: str, quality: int) -> None:
    for kind in ("art", "code"):
        found = judged(coded(Image.fromarray(in_cells(cell, squares(cell, kind))), codec, quality), codec)
        assert (found.verdict, found.cells) == ("cells", (cell, cell))


def test_cells_wider_than_high_are_told_by_both_sides() -> None:
    small = squares(20, "art")
    pixels = np.ascontiguousarray(small.repeat(12, 0).repeat(20, 1)[:432, :WIDTH], np.uint8)
    found = judged(pixels)
    assert found.cells == (20, 12)
    assert "20 by 12 pixels" in found.sentence


def fitted(modules: int, width: int, zone: int = 4) -> NDArray[np.uint8]:
    """A code whose cells, no whole number of pixels wide, fill a square with its quiet zone."""
    code = np.random.default_rng(5).integers(0, 2, (modules, modules)) * 255
    whole = np.pad(code, zone, constant_values=255)
    at = np.arange(width) * len(whole) // width
    found: NDArray[np.uint8] = whole[at][:, at].astype(np.uint8)
    return found


@pytest.mark.parametrize("modules", [21, 25, 29])
@pytest.mark.parametrize("width", [1000, 2160])
def test_a_code_that_was_fitted_to_a_size_is_drawn_in_cells(modules: int, width: int) -> None:
    found = judged(fitted(modules, width))
    cell = round(width / (modules + 8))
    assert (found.verdict, found.cells) == ("cells", (cell, cell))


def test_a_photograph_of_few_wide_cells_is_not_settled_by_counting() -> None:
    small = np.asarray(scene(30, 30))
    at = np.arange(1000) * 30 // 1000
    assert judged(np.ascontiguousarray(small[at][:, at])).method not in ("whole cells", "exact copies")


def test_few_changes_that_stand_on_no_comb_are_no_cells() -> None:
    changed = np.zeros(2159, np.bool_)
    changed[np.arange(200, 1900, 100)] = True
    assert pitch(changed) == Pitch(23, 100, 1)
    shaken = np.zeros(2159, np.bool_)
    shaken[np.arange(200, 1900, 100) + np.tile([0, 7, 3], 6)[:17]] = True
    assert pitch(shaken) is None
    fine = np.zeros(2159, np.bool_)
    fine[np.floor(np.arange(30) * 15.4).astype(int) + 300] = True  # a picture may be enlarged by so much
    assert pitch(fine) is None
    fine[:] = False
    fine[np.floor(np.arange(30) * 19.4).astype(int) + 300] = True
    assert pitch(fine) == Pitch(111, 0, few=True)
    few = np.zeros(2159, np.bool_)
    few[[300, 319, 339, 358, 377, 397, 416]] = True  # by chance
    assert pitch(few) is None


@pytest.mark.parametrize(("method", "quality"), [(4, 75), (4, 80), (6, 70), (0, 80)])
def test_a_smooth_ramp_whose_colours_webp_halved_is_no_copy(method: int, quality: int) -> None:
    ramp = np.repeat((np.arange(540) * 255 // 540).astype(np.uint8)[:, None], 960, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(ramp).convert("RGB").save(buffer, "WEBP", quality=quality, method=method)
    found = analyse(np.asarray(Image.open(buffer).convert("RGB")), format="webp")
    assert (found.verdict, found.size) == ("cannot-tell", None)


def test_copies_whose_steps_are_small_are_counted_where_nothing_was_lost() -> None:
    levels = np.random.default_rng(1).integers(0, 3, (270, 480), np.uint8)
    small = Image.fromarray(levels).convert("RGB")
    found = analyse(np.asarray(small.resize((960, 540), NEAREST)), format="png")
    assert (found.method, found.cells) == ("whole cells", (2, 2))


def test_one_line_that_is_no_copy_is_seen() -> None:
    pixels = np.asarray(enlarged(0.5, NEAREST)).copy()
    rows, columns = planes.samples(pixels)
    before = changes(pixels, rows, columns)
    pixels[401, 1599, 2] ^= 1  # in no sampled line
    after = changes(pixels, rows, columns)
    assert before is not None
    assert after is not None
    assert np.flatnonzero(before[1] != after[1]).tolist() == [400]
    assert np.flatnonzero(before[0] != after[0]).tolist() == [1598]


def test_a_comb_must_be_too_good_for_chance() -> None:
    few, many = np.array([16, 32, 64]), np.arange(1, 9) * 48
    assert comb(few, np.ones(3), 0.98) == (0, 0)
    assert comb(many, np.ones(8), 0.98) == (48, 0)
    assert comb(many + 5, np.ones(8), 0.98) == (48, 5)
    two_loud = np.where(np.arange(8) < 2, 99.0, 1.0)
    assert comb(many, two_loud, 0.85) == (0, 0)
    assert comb(np.array([], int), np.array([]), 0.98) == (0, 0)


def test_two_tones_are_no_grey_scale() -> None:
    draw = np.random.default_rng(3)
    grey = draw.integers(0, 256, (64, 900)).astype(np.float32)
    assert not cells.is_two_toned(grey)
    assert cells.is_two_toned((np.where(grey > 90, 220, 30) + grey / 32).astype(np.float32))
    assert not cells.is_two_toned(np.full((64, 900), 7, np.float32))


@pytest.mark.parametrize("slack", [0, 1])
@pytest.mark.parametrize("seed", range(6))
def test_a_comb_is_the_one_that_trying_every_cell_finds(seed: int, slack: int) -> None:
    draw = np.random.default_rng(seed)
    cell, length = int(draw.integers(5, 40)), 1500
    on = np.arange(int(draw.integers(cell)), length, cell)
    at = np.unique(
        np.concatenate([on + draw.integers(-slack, slack + 1, on.size), draw.integers(1, length, 9)])
    )
    at = at[at > 0]
    weights = draw.integers(1, 50, at.size).astype(float)
    wanted = 0.85 * weights.sum()
    found = []
    for size in range(2, 513):
        there = np.bincount(at % size, weights, size)
        near = sum(np.roll(there, shift) for shift in range(-slack, slack + 1))
        if (2 * slack + 1) / size <= 0.6:
            found.append((float(np.max(near)), size, int(np.argmax(near))))
    most = max(on for on, _, _ in found)
    kept = [(size, start) for on, size, start in found if on >= max(wanted, 0.98 * most)]
    assert comb(at, weights, 0.85, slack) == max(kept, default=(0, 0))
