"""What is done to a true picture: the hard true ones, the ghosts, grain and sharpening."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    import random

HARD = ("blur", "bokeh", "denoise", "night", "grain", "scan")


def blur(image: Image.Image, chance: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(chance.choice([0.7, 1.0, 1.4])))


def bokeh(image: Image.Image, _chance: random.Random) -> Image.Image:
    width, height = image.size
    yy, xx = np.mgrid[0:height, 0:width]
    sharp = 1.6 - 2.6 * np.hypot((xx - width * 0.4) / height, (yy - height * 0.5) / height)
    mask = Image.fromarray((np.clip(sharp, 0, 1) * 255).astype(np.uint8))
    return Image.composite(image, image.filter(ImageFilter.GaussianBlur(9)), mask)


def denoise(image: Image.Image, _chance: random.Random) -> Image.Image:
    return image.filter(ImageFilter.MedianFilter(3))


def grain(image: Image.Image, chance: random.Random, sigma: float = 0.0) -> Image.Image:
    """Film grain: noise a little wider than a pixel, stronger in the mid tones."""
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 1, (image.height, image.width))
    soft = noise.astype(np.float32)
    soft = 0.6 * soft + 0.2 * np.roll(soft, 1, 0) + 0.2 * np.roll(soft, 1, 1)
    array = np.asarray(image, np.float32)
    level = (sigma or chance.choice([2.0, 4.0, 6.0])) / 0.66
    tone = 4 * (array / 255) * (1 - array / 255)
    return Image.fromarray(np.clip(array + level * soft[:, :, None] * tone, 0, 255).round().astype(np.uint8))


def night(image: Image.Image, chance: random.Random) -> Image.Image:
    draw = np.random.default_rng(chance.randrange(1 << 30))
    array = np.asarray(image, np.float32) * 0.10 + draw.normal(3, 1.2, (image.height, image.width, 1))
    stars = 2500
    where = draw.integers(1, image.height - 1, stars), draw.integers(1, image.width - 1, stars)
    array[where] = draw.uniform(80, 255, (stars, 1))
    return Image.fromarray(np.clip(array, 0, 255).astype(np.uint8))


def scan(image: Image.Image, chance: random.Random) -> Image.Image:
    """A print on a scanner: a degree of tilt, a little softness, paper noise."""
    tilted = image.rotate(chance.uniform(-1.5, 1.5), Image.Resampling.BICUBIC)
    width, height = image.size
    cut = tilted.crop((width // 20, height // 20, width - width // 20, height - height // 20))
    return grain(cut.filter(ImageFilter.GaussianBlur(0.6)), chance, 1.5)


def dithered(image: Image.Image, side: int, levels: int) -> Image.Image:
    """To fewer levels, or to 256 from more, by an ordered matrix (Bayer 1973) of 2, 4 or 8 pixels a side."""
    matrix = np.zeros((1, 1))
    while len(matrix) < side:
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    shift = (matrix + 0.5) / side**2 - 0.5
    down, across = -(-image.height // side), -(-image.width // side)
    tiled = np.tile(shift, (down, across))[: image.height, : image.width, None]
    step = 255 / (levels - 1)
    wanted = np.asarray(image, np.float32) * np.float32(0.98)  # levels between those that are stored
    return Image.fromarray(np.clip(np.rint(wanted / step + tiled) * step, 0, 255).astype(np.uint8))


def hard(image: Image.Image, kind: str, chance: random.Random) -> Image.Image:
    made = {"blur": blur, "bokeh": bokeh, "denoise": denoise, "night": night, "grain": grain, "scan": scan}
    return made[kind](image, chance)


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def sharpened(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(2, 110, 2))
