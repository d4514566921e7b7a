"""Encode and decode in memory, and hand back what the verifier would see."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import random

FORMATS = {"png": "png", "webpll": "webp", "jpg": "jpeg", "webp": "webp", "avif": "avif", "png16": "png"}
CODECS = ("png", "jpg95", "jpg85", "jpg75", "webp80", "avif55")


def split(codec: str) -> tuple[str, int]:
    """("jpg", 85) of "jpg85"; "png16" and "png" have no quality."""
    if codec == "png16":
        return codec, 0
    name = codec.rstrip("0123456789")
    return name, int(codec[len(name) :] or 0)


def coded(image: Image.Image, codec: str, chance: random.Random) -> Image.Image:
    """The picture after a round trip through the codec."""
    name, quality = split(codec)
    full = chance.random() < 0.5
    buffer = io.BytesIO()
    if name in ("png", "png16", "webpll"):
        return image
    if name == "jpg":
        image.save(buffer, "JPEG", quality=quality, subsampling=0 if quality >= 95 and full else 2)
    elif name == "webp":
        image.save(buffer, "WEBP", quality=quality, method=3)
    else:
        image.save(buffer, "AVIF", quality=quality, speed=9, max_threads=1)
    return Image.open(buffer).convert("RGB")


def form(codec: str) -> str:
    """The container's short name, as the analysis is told it."""
    return FORMATS[split(codec)[0]]


def pixels(image: Image.Image, codec: str) -> np.ndarray:
    array = np.asarray(image)
    return array.astype(np.uint16) * 257 if codec == "png16" else array
