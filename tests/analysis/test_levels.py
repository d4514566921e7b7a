"""Undoing an enlargement to whole levels: what was drawn at its size first, then calm pictures that were enlarged."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scenes import scene

from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.levels import Met, Squares

if TYPE_CHECKING:
    from collections.abc import Callable

KERNELS = Image.Resampling
WIDTH, HEIGHT = 1280, 720
RATIOS = (0.36, 0.45, 0.61)

Grey = NDArray[np.float64]


def calm(width: int, height: int, seed: int = 3, steep: float = 70) -> Grey:
    """(height, width, 3) hills so wide that neighbours differ by a level or two."""
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    levels = np.zeros((height, width, 3))
    for _ in range(60):
        across, down, wide = draw.uniform(0, 1, 3)
        away = np.square(x / width - across) + np.square(y / height - down)
        levels += draw.uniform(-steep, steep, 3) * np.exp(-away / (0.03 + 0.12 * wide) ** 2)[:, :, None]
    return 128 + np.clip(levels, -125, 125)


def image(levels: Grey) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def reduced(ratio: float) -> tuple[int, int]:
    return round(WIDTH * ratio), round(HEIGHT * ratio)


@lru_cache(maxsize=2)
def enlarged(ratio: float, kernel: Image.Resampling = KERNELS.BICUBIC) -> Image.Image:
    return image(calm(*reduced(ratio))).resize((WIDTH, HEIGHT), kernel)


def unrounded(ratio: float) -> Grey:
    """The green of a calm picture that was enlarged, before it is rounded."""
    small = Image.fromarray(np.rint(calm(*reduced(ratio))[:, :, 1]).astype(np.float32))
    return np.asarray(small.resize((WIDTH, HEIGHT), KERNELS.BICUBIC)).astype(np.float64)


def met(pixels: Grey | Image.Image, ratio: float) -> Met | None:
    return Squares(np.asarray(pixels).astype(np.uint8)).met(reduced(ratio))


# -- what must not be proved ------------------------------------------------------------------


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_gradient_drawn_at_its_size_is_met_nowhere(ratio: float) -> None:
    assert met(image(calm(WIDTH, HEIGHT)), ratio) is None


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("blur", [0, 2, 12])
def test_a_true_picture_is_met_nowhere(ratio: float, blur: int) -> None:
    assert met(scene(WIDTH, HEIGHT).filter(ImageFilter.GaussianBlur(blur)), ratio) is None


@pytest.mark.parametrize("quality", [30, 60, 90])
def test_a_jpeg_that_was_reduced_since_is_met_nowhere(quality: int) -> None:
    buffer = io.BytesIO()
    image(calm(1600, 900)).save(buffer, "JPEG", quality=quality)
    ghost = Image.open(buffer).resize((WIDTH, HEIGHT), KERNELS.BILINEAR)
    assert [met(ghost, ratio) for ratio in (0.4, 0.61, 0.625)] == [None, None, None]


def test_a_gradient_along_one_axis_proves_nothing() -> None:
    rows = np.linspace(20, 230, reduced(0.61)[1])[:, None, None] * np.ones((1, reduced(0.61)[0], 3))
    assert met(image(rows).resize((WIDTH, HEIGHT), KERNELS.BICUBIC), 0.61) is None


def test_another_size_than_the_one_it_was_enlarged_from_is_not_met() -> None:
    assert met(enlarged(0.61), 0.605) is None
    assert met(enlarged(0.61), 0.5) is None


@pytest.mark.parametrize("ratio", [0.4, 0.45, 0.55, 0.6])
def test_the_mirror_image_of_a_size_is_not_met(ratio: float) -> None:
    assert met(enlarged(ratio), 1 - ratio) is None


def test_a_few_shapes_on_a_flat_ground_are_too_little_to_go_by() -> None:
    small = np.full((*reduced(0.61)[::-1], 3), 90.0)
    small[100:150, 100:150] = calm(400, 400)[:50, :50]
    assert met(image(small).resize((WIDTH, HEIGHT), KERNELS.BICUBIC), 0.61) is None


@pytest.mark.parametrize("pixels", [np.full((400, 400), 7, np.uint8), np.zeros((40, 900, 3), np.uint8)])
def test_a_flat_or_a_small_picture_has_nothing_to_undo(pixels: NDArray[np.uint8]) -> None:
    assert Squares(pixels).met((200, 200)) is None


def test_levels_of_sixteen_bits_are_too_fine_for_what_programs_round() -> None:
    assert Squares(np.asarray(enlarged(0.61)).astype(np.uint16) * 257).met(reduced(0.61)) is None


# -- what is proved ---------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", [KERNELS.BILINEAR, KERNELS.HAMMING, KERNELS.BICUBIC, KERNELS.LANCZOS])
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_calm_picture_that_was_enlarged_is_met(ratio: float, kernel: Image.Resampling) -> None:
    found = met(enlarged(ratio, kernel), ratio)
    assert found is not None
    assert found.size == reduced(ratio)
    assert found.missed < 0.02
    assert found.beside > 0.1


@pytest.mark.parametrize("rounded", [np.rint, np.floor])
def test_one_that_was_rounded_once_or_down_is_met(rounded: Callable[[Grey], Grey]) -> None:
    assert met(rounded(unrounded(0.45)), 0.45) is not None


def test_a_lattice_that_is_counted_from_corners_is_met() -> None:
    small = calm(*reduced(0.6))[:, :, 1]
    places = [np.arange(edge) * 0.6 - 0.5 for edge in (HEIGHT, WIDTH)]  # not those of the pixels' middles
    rows = np.stack([np.interp(places[0], np.arange(len(small)), column) for column in np.rint(small).T], 1)
    both = np.stack([np.interp(places[1], np.arange(small.shape[1]), row) for row in rows])
    assert met(np.rint(both), 0.6) is not None


@pytest.mark.parametrize("off", [(1, 0), (0, -1), (-1, 1)])
def test_a_size_a_pixel_off_is_put_right(off: tuple[int, int]) -> None:
    wide, high = reduced(0.61)
    found = Squares(np.asarray(enlarged(0.61))).met((wide + off[0], high + off[1]))
    assert found is not None
    assert found.size == (wide, high)


def at_half(picture: Image.Image) -> Met | None:
    return Squares(np.asarray(picture)).met_at_half()


@pytest.mark.parametrize("kernel", [KERNELS.BICUBIC, KERNELS.LANCZOS])
def test_exactly_half_is_met_in_every_channel(kernel: Image.Resampling) -> None:
    found = at_half(enlarged(0.5, kernel))
    assert found is not None
    assert found.size == reduced(0.5)
    assert found.missed < 0.05
    assert found.beside > 0.25
    grey = image(calm(*reduced(0.5))).convert("L").resize((WIDTH, HEIGHT), kernel)
    assert at_half(grey) is not None


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_one_channel_of_its_own_size_is_enough_against_half(channel: int) -> None:
    pixels = np.array(enlarged(0.5))
    pixels[:, :, channel] = np.asarray(image(calm(WIDTH, HEIGHT)))[:, :, channel]
    assert at_half(Image.fromarray(pixels)) is None


def halved_colours(form: str, quality: int, seed: int, steep: float) -> Image.Image:
    """A true picture, so calm that all a codec kept of it are blocks and interpolated colours."""
    buffer = io.BytesIO()
    image(calm(WIDTH, HEIGHT, seed, steep)).save(buffer, form, quality=quality)
    return Image.open(buffer).convert("RGB")


@pytest.mark.parametrize(
    ("form", "quality", "seed", "steep"),
    [("WEBP", 90, 1000, 10), ("WEBP", 80, 1014, 10), ("WEBP", 95, 1012, 10), ("JPEG", 75, 3, 70)],
)
def test_halved_colours_are_not_taken_for_half(form: str, quality: int, seed: int, steep: float) -> None:
    assert at_half(halved_colours(form, quality, seed, steep)) is None


@pytest.mark.parametrize("kernel", [KERNELS.NEAREST, KERNELS.BOX, KERNELS.HAMMING])
def test_what_a_box_meets_as_well_is_no_proof_of_half(kernel: Image.Resampling) -> None:
    assert at_half(enlarged(0.5, kernel)) is None


@pytest.mark.parametrize("pixels", [np.full((400, 400), 7, np.uint8), np.zeros((40, 900, 3), np.uint8)])
def test_half_of_a_flat_or_a_small_picture_is_not_met(pixels: NDArray[np.uint8]) -> None:
    assert Squares(pixels).met_at_half() is None


@pytest.mark.parametrize("bands", ["L", "LA", "RGBA"])
def test_grey_and_alpha_are_read_as_well(bands: str) -> None:
    grey = image(calm(*reduced(0.61))).convert("L").resize((WIDTH, HEIGHT), KERNELS.BICUBIC)
    assert met(grey.convert(bands), 0.61) is not None


# -- what a verdict makes of it ---------------------------------------------------------------


def test_a_calm_picture_without_detail_is_called_enlarged_and_one_drawn_at_its_size_is_not() -> None:
    found = analyse(np.asarray(enlarged(0.65)), format="png")
    assert (found.verdict, found.size) == ("upscaled", reduced(0.65))
    assert found.method == "inversion to whole levels"
    assert "to whole levels" in found.sentence
    assert analyse(np.asarray(image(calm(WIDTH, HEIGHT))), format="png").ratio is None


@pytest.mark.parametrize("ratio", [0.42, 0.61])
def test_a_ratio_is_told_and_not_its_mirror_image(ratio: float) -> None:
    found = analyse(np.asarray(enlarged(ratio, KERNELS.LANCZOS)), format="png")
    assert found.size == reduced(ratio)
    assert found.verdict == "upscaled"


def test_exactly_half_of_a_blurred_picture_is_told() -> None:
    small = scene(WIDTH // 2, HEIGHT // 2).filter(ImageFilter.GaussianBlur(4))
    found = analyse(np.asarray(small.resize((WIDTH, HEIGHT), KERNELS.BICUBIC)), format="png")
    assert (found.verdict, found.size) == ("upscaled", (WIDTH // 2, HEIGHT // 2))
    assert found.method == "inversion to whole levels"
    assert analyse(np.asarray(halved_colours("WEBP", 90, 1000, 10)), format="png").ratio is None


def test_lossy_files_are_not_proved_so() -> None:
    assert "whole levels" not in analyse(np.asarray(enlarged(0.65)), format="webp").method
