"""Imitate a camera's sensor: one colour a pixel through a Bayer filter, the others interpolated.

Such a picture is true at its size, and yet carries lattices at one half: red and blue were sampled at
every second row and column, green as a quincunx. Needs OpenCV; without it there are no such cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.native_corpus import recipes
from benchmarks.native_corpus.resizers import cv2

if TYPE_CHECKING:
    import random

# H. S. Malvar, L. He, R. Cutler: High-quality linear interpolation for demosaicing of Bayer-patterned color
# images, ICASSP 2004. In eighths: green at red or blue; red in a red row, or blue in a blue one (turned: in a
# column); red at blue.
GREEN = np.array([[0, 0, -1, 0, 0], [0, 0, 2, 0, 0], [-1, 2, 4, 2, -1], [0, 0, 2, 0, 0], [0, 0, -1, 0, 0]])
ROW = np.array(
    [[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 4, 5, 4, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]]
)
ACROSS = np.array(
    [[0, 0, -1.5, 0, 0], [0, 2, 0, 2, 0], [-1.5, 0, 6, 0, -1.5], [0, 2, 0, 2, 0], [0, 0, -1.5, 0, 0]]
)
LEVELS, GAMMA = 65535, 2.2
# A pixel's place in its square of four: red, green beside red, green beside blue, blue.
PLACES = tuple((slice(down, None, 2), slice(right, None, 2)) for down in (0, 1) for right in (0, 1))


def photographed(image: Image.Image, chance: random.Random) -> Image.Image:
    """The picture through a Bayer filter, with a camera's sharpening or noise reduction now and then."""
    levels = np.asarray(image.crop((0, 0, image.width & ~1, image.height & ~1)))
    gamma = chance.choice([1.0, GAMMA])  # cameras interpolate light, editors sometimes levels
    light = (levels / np.float32(255)) ** np.float32(gamma)
    one = mosaic(np.rint(light * LEVELS).astype(np.uint16))
    found = np.clip(chance.choice([malvar, malvar, bilinear, edges])(one) / np.float32(LEVELS), 0, 1)
    image = Image.fromarray(np.rint(found ** np.float32(1 / gamma) * 255).astype(np.uint8))
    after = chance.choices(["plain", "sharpened", "denoise"], [5, 4, 1])[0]
    if after == "sharpened":
        return recipes.sharpened(image)
    return recipes.denoise(image, chance) if after == "denoise" else image


def mosaic(colours: np.ndarray) -> np.ndarray:
    """(H, W, 3) -> (H, W): red and green in even rows, green and blue in odd ones."""
    one = np.empty(colours.shape[:2], colours.dtype)
    for place, channel in zip(PLACES, (0, 1, 1, 2), strict=True):
        one[place] = colours[place][..., channel]
    return one


def bilinear(one: np.ndarray) -> np.ndarray:
    found: np.ndarray = cv2.cvtColor(one, cv2.COLOR_BayerRGGB2RGB)
    return found


def edges(one: np.ndarray) -> np.ndarray:
    """OpenCV's edge-aware interpolation."""
    found: np.ndarray = cv2.cvtColor(one, cv2.COLOR_BayerRGGB2RGB_EA)
    return found


def malvar(one: np.ndarray) -> np.ndarray:
    """(H, W) -> (H, W, 3): linear interpolation corrected by the curvature of the known colour."""
    given = one.astype(np.float32)
    green, row, column, across = (
        cv2.filter2D(given, -1, np.float32(kernel / 8)) for kernel in (GREEN, ROW, ROW.T, ACROSS)
    )
    red, by_red, by_blue, blue = PLACES
    found = np.repeat(given[..., None], 3, axis=2)
    for here, other in ((red, 2), (blue, 0)):
        found[here][..., 1], found[here][..., other] = green[here], across[here]
    found[by_red][..., 0], found[by_red][..., 2] = row[by_red], column[by_red]
    found[by_blue][..., 0], found[by_blue][..., 2] = column[by_blue], row[by_blue]
    return found
