"""A piece of a round trip is what the round trip of the whole picture has there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image
from scenes import scene

from verify4k.analysis.detail import psnr
from verify4k.analysis.round_trip import half, round_trip

LANCZOS, NEAREST = Image.Resampling.LANCZOS, Image.Resampling.NEAREST
NOISE = np.random.default_rng(4).integers(0, 256, (300, 400, 3)).astype(np.uint8)


@pytest.mark.parametrize("size", [(200, 150), (133, 99), (311, 233), (40, 30), (1, 1), (388, 150)])
@pytest.mark.parametrize(
    "box", [(0, 0, 50, 40), (101, 93, 50, 40), (350, 260, 50, 40), (0, 0, 400, 300), (17, 33, 1, 1)]
)
def test_a_piece_is_that_of_the_whole(size: tuple[int, int], box: tuple[int, int, int, int]) -> None:
    x, y, width, height = box
    whole = np.asarray(Image.fromarray(NOISE).resize(size, LANCZOS).resize((400, 300), LANCZOS))
    found = round_trip(NOISE, box, size)
    there = slice(y, y + height), slice(x, x + width)
    assert np.array_equal(found.before, NOISE[there])
    assert np.array_equal(found.after, whole[there])
    luma = (whole[there].astype(float) - NOISE[there]) @ (0.299, 0.587, 0.114)
    assert found.psnr == pytest.approx(psnr(float((luma**2).mean())), abs=0.01)


@pytest.mark.parametrize("kernel", [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, LANCZOS])
def test_the_size_before_enlarging_holds_more_than_of_a_true_picture(kernel: Image.Resampling) -> None:
    true = scene(640, 480)
    fake = true.resize((320, 240), LANCZOS).resize((640, 480), kernel)
    true_loss, fake_loss = (
        round_trip(np.asarray(image), (200, 160, 240, 160), (320, 240)).psnr for image in (true, fake)
    )
    assert fake_loss > true_loss + 6


def test_repeated_lines_come_back_whole_only_from_the_kernel_that_repeats() -> None:
    fake = np.asarray(scene(213, 160).resize((640, 480), NEAREST))
    assert round_trip(fake, (200, 160, 240, 160), (213, 160), nearest=True).psnr == 99
    assert round_trip(fake, (200, 160, 240, 160), (213, 160)).psnr < 50


@pytest.mark.parametrize(
    ("shape", "kind", "seen"),
    [
        ((30, 40), np.uint8, (8, 10)),
        ((30, 40, 1), np.uint8, (8, 10)),
        ((30, 40, 2), np.uint8, (8, 10)),
        ((30, 40, 3), np.uint16, (8, 10, 3)),
        ((30, 40, 4), np.uint8, (8, 10, 3)),
    ],
)
def test_grey_deep_and_transparent_pictures_are_shown_in_eight_bits(
    shape: tuple[int, ...], kind: type, seen: tuple[int, ...]
) -> None:
    pixels: Any = np.full(shape, np.iinfo(kind).max // 3, kind)
    if len(shape) == 3 and shape[2] in (2, 4):
        pixels[..., -1] = 0
    found = round_trip(pixels, (3, 4, 10, 8), (20, 15))
    assert found.before.shape == found.after.shape == seen
    assert found.before.dtype == found.after.dtype == np.uint8
    assert set(found.before.ravel()) == set(found.after.ravel()) == {85}
    assert found.psnr == 99


def test_half_is_never_nothing() -> None:
    assert half(3841, 2160) == (1920, 1080)
    assert half(1, 3) == (1, 1)
    assert round_trip(NOISE[:1, :1], (0, 0, 1, 1), half(1, 1)).psnr == 99
