"""Decoded pixels answer the same questions whatever holds them."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import gradient
from PIL import Image

from verify4k.formats.pixels import ArrayPixels, PillowPixels


def rgba(low: int) -> Image.Image:
    image = gradient(40, 20).convert("RGBA")
    image.putpixel((39, 19), (0, 0, 0, low))
    return image


@pytest.mark.parametrize(("low", "used"), [(255, False), (254, True), (0, True)])
def test_one_pixel_below_full_alpha_is_used(low: int, used: bool) -> None:
    image = rgba(low)
    assert PillowPixels(image).alpha_used() is used
    assert ArrayPixels(np.asarray(image), alpha=True).alpha_used() is used
    assert PillowPixels(image.convert("LA")).alpha_used() is used


@pytest.mark.parametrize(("low", "used"), [(65535, False), (65534, True)])
def test_deep_alpha_is_judged_at_its_own_depth(low: int, used: bool) -> None:
    array = np.full((4, 4, 4), 65535, np.uint16)
    array[0, 0, 3] = low
    assert ArrayPixels(array, alpha=True).alpha_used() is used


def test_without_an_alpha_channel_nothing_is_used() -> None:
    assert not PillowPixels(gradient(8, 8)).alpha_used()
    assert not ArrayPixels(np.zeros((4, 4, 3), np.uint8)).alpha_used()


def test_a_palette_with_a_transparent_entry_in_use_counts() -> None:
    image = gradient(8, 8).convert("P")
    image.info["transparency"] = image.getpixel((0, 0))
    assert PillowPixels(image).alpha_used()


def test_equal_pictures_have_equal_digests_whatever_holds_them() -> None:
    image = gradient(40, 20)
    array = np.asarray(image)
    assert PillowPixels(image).digest() == ArrayPixels(array).digest()
    assert PillowPixels(image).digest(5) == ArrayPixels(array).digest(5) != PillowPixels(image).digest()
    palette = image.quantize(16)
    assert PillowPixels(palette).digest() == PillowPixels(palette.convert("RGB")).digest()
    assert PillowPixels(image).digest() != PillowPixels(gradient(40, 20, 1)).digest()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_an_array(mode: str) -> None:
    image = (
        Image.new("I;16", (4, 3), 40000) if mode == "I;16" else gradient(4, 3).convert("RGB").convert(mode)
    )
    array = PillowPixels(image).array()
    assert array.shape[:2] == (3, 4)
    assert array.dtype == (np.uint16 if mode == "I;16" else np.uint8)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((300, 500), np.uint8),
        np.zeros((300, 500, 1), np.uint8),
        np.zeros((300, 500, 3), np.uint8),
        np.full((300, 500, 4), 65535, np.uint16),
    ],
)
def test_a_thumbnail_is_small_and_in_colour(array: np.ndarray) -> None:
    small = ArrayPixels(array, alpha=array.ndim == 3 and array.shape[2] == 4).thumbnail(100)
    assert small.size == (100, 60)
    assert small.mode == ("RGBA" if array.ndim == 3 and array.shape[2] == 4 else "RGB")


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "CMYK"])
def test_a_thumbnail_of_a_pillow_image_too(mode: str) -> None:
    image = gradient(500, 300).convert(mode)
    assert PillowPixels(image).thumbnail(100).size == (100, 60)


@pytest.mark.parametrize("deep", [False, True])
def test_the_grid_shows_where_alpha_is_used(deep: bool) -> None:
    array = np.full((18, 32, 4), 65535 if deep else 255, np.uint16 if deep else np.uint8)
    array[17, 31, 3] -= 1
    grids = [ArrayPixels(array, alpha=True).alpha_grid(4, 2)]
    if not deep:
        grids.append(PillowPixels(Image.fromarray(array)).alpha_grid(4, 2))
    for grid in grids:
        assert grid == [0, 0, 0, 0, 0, 0, 0, pytest.approx(1 / 72, abs=1e-4)]
    assert (
        ArrayPixels(array[..., :3]).alpha_grid(2, 1)
        == PillowPixels(gradient(8, 8)).alpha_grid(2, 1)
        == [0, 0]
    )
