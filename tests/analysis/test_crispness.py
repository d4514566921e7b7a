"""A pasted patch is not the whole picture: edges one pixel wide elsewhere contradict an enlargement."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.crispness import crisp_all_over
from verify4k.analysis.planes import samples

if TYPE_CHECKING:
    from numpy.typing import NDArray


def drawing(width: int, height: int, seed: int = 3) -> Image.Image:
    """Boxes and discs all over, drawn at full size."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), (40, 60, 90))
    draw = ImageDraw.Draw(image)
    for _ in range(160):
        x, y, size = (int(n) for n in random.integers(0, (width, height, 160)))
        shape = draw.rectangle if random.random() < 0.5 else draw.ellipse
        shape([x, y, x + size + 9, y + size + 9], fill=tuple(int(c) for c in random.integers(0, 256, 3)))
    return image


def patched(width: int, height: int, cell: int) -> Image.Image:
    """A drawing with noise in it whose cells are ``cell`` pixels wide."""
    image = drawing(width, height)
    random = np.random.default_rng(5)
    for x, y in ((100, 80), (700, 300), (1300, 700)):
        cells = random.integers(0, 256, (240 // cell, 240 // cell, 3)).astype(np.uint8)
        image.paste(Image.fromarray(np.kron(cells, np.ones((cell, cell, 1), np.uint8))), (x, y))
    return image


def pixels(image: Image.Image, quality: int = 0) -> NDArray[np.uint8]:
    if quality:
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        image = Image.open(buffer)
    return np.asarray(image)


@pytest.mark.parametrize("quality", [0, 90, 80])
@pytest.mark.parametrize("cell", [2, 4])
def test_a_patch_with_a_lattice_never_makes_the_whole_picture_upscaled(cell: int, quality: int) -> None:
    found = analyse(pixels(patched(1920, 1080, cell), quality), format="jpeg" if quality else "png")
    assert found.verdict != "upscaled"
    if found.verdict == "suspect":
        assert "a part that looks enlarged" in found.sentence


@pytest.mark.parametrize(
    "filters", [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS]
)
@pytest.mark.parametrize("ratio", [0.5, 0.667])
def test_an_enlarged_drawing_has_no_crisp_edges(filters: Image.Resampling, ratio: float) -> None:
    small = drawing(round(1920 * ratio), round(1080 * ratio))
    rows, columns = samples(pixels(small.resize((1920, 1080), filters)))
    assert not crisp_all_over(rows, ratio)
    assert not crisp_all_over(columns, ratio)


@pytest.mark.parametrize("ratio", [0.25, 0.5])
def test_cells_of_a_nearest_neighbour_enlargement_contradict_nothing(ratio: float) -> None:
    noise = (
        np.random.default_rng(1)
        .integers(0, 256, (round(1080 * ratio), round(1920 * ratio), 3))
        .astype(np.uint8)
    )
    large = Image.fromarray(noise).resize((1920, 1080), Image.Resampling.NEAREST)
    assert not crisp_all_over(samples(pixels(large))[0], ratio)


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (11, 500), (500, 11), (12, 24)])
def test_few_lines_say_nothing(shape: tuple[int, int]) -> None:
    assert not crisp_all_over(np.zeros(shape, np.float32), 0.5)


@pytest.mark.parametrize("ratio", [0.25, 0.5])
def test_one_straight_edge_in_each_tile_has_no_phase_to_keep(ratio: float) -> None:
    sides = np.where(np.arange(1200) // 100 % 2, 200, 40)
    assert crisp_all_over(np.tile(np.roll(sides, 50), (144, 1)).astype(np.float32), ratio)


@pytest.mark.parametrize(("ramp", "crisp"), [(1, True), (2, False), (4, False)])
def test_an_edge_that_takes_more_than_one_step_is_not_crisp(ramp: int, crisp: bool) -> None:
    sides = np.where(np.arange(1200) // 100 % 2, 200, 40).astype(np.float32)
    soft = np.convolve(np.roll(sides, 50), np.full(ramp, 1 / ramp), mode="same")
    assert crisp_all_over(np.tile(soft, (144, 1)).astype(np.float32), 0.5) is crisp
