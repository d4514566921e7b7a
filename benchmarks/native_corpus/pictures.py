"""The pictures that cases are made of, at a size that is truly their own."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.native_corpus.sources import Source

Image.MAX_IMAGE_PIXELS = None
WIDE = (3840, 2160)


def drawn(*key: object) -> random.Random:
    return random.Random(hashlib.sha256("|".join(map(str, key)).encode()).hexdigest())


def opened(path: Path) -> Image.Image:
    """The picture as stored, in RGB; a plugin of Pillow reads .jxl and .heic."""
    if path.suffix == ".jxl":
        import pillow_jxl  # noqa: F401
    elif path.suffix.lower() == ".heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    return Image.open(path).convert("RGB")


def base(path: Path, chance: random.Random) -> Image.Image:
    """The picture at a size that is truly its own: a crop, or a reduction of something larger."""
    image = opened(path)
    width, height = image.size
    least = max(WIDE[0] / width, WIDE[1] / height)
    if least < 0.97:
        size = max(WIDE[0], round(width * least)), max(WIDE[1], round(height * least))
        image = image.resize(size, Image.Resampling.LANCZOS)
    if least <= 1:
        left, top = (image.width - WIDE[0]) // 2, (image.height - WIDE[1]) // 2
        image = image.crop((left, top, left + WIDE[0], top + WIDE[1]))
    else:
        image = image.crop((0, 0, width - width % 2, height - height % 2))
    return image.transpose(Image.Transpose.ROTATE_90) if chance.random() < 0.12 else image


def proven(source: Source, image: Image.Image) -> Image.Image:
    """Pictures whose own making is unknown are reduced, so that a lattice they may carry is gone."""
    if source.scale == 1:
        return image
    return image.resize(scaled(image, source.scale), Image.Resampling.LANCZOS)


def scaled(image: Image.Image, ratio: float) -> tuple[int, int]:
    return round(image.width * ratio), round(image.height * ratio)
