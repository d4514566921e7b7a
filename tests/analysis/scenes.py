"""Pictures made in the test: texture with a natural spectrum, edges and text, true at their size."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.float32]


def texture(width: int, height: int, seed: int) -> Grey:
    """Noise whose amplitude falls as 1/f, as in photographs; mean 0, deviation 1."""
    draw = np.random.default_rng(seed)
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    radius = np.maximum(np.hypot(fx, fy), 1 / max(width, height))
    spectrum = np.fft.rfft2(draw.normal(size=(height, width)).astype(np.float32)) / radius
    grey = np.fft.irfft2(spectrum, s=(height, width)).astype(np.float32)
    found: Grey = grey / grey.std()
    return found


@lru_cache(maxsize=8)
def scene(width: int = 1600, height: int = 900, seed: int = 1) -> Image.Image:
    """A colour picture with texture, a sensor's noise, edges at odd angles and some text."""
    draw = np.random.default_rng(seed)
    planes = [128 + 34 * texture(width, height, seed)]
    planes += [planes[0] + 12 * texture(width, height, seed + n) for n in (100, 200)]
    noise = draw.normal(0, 2, (height, width, 1))
    image = Image.fromarray(np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(width // 20):
        x, y = int(draw.integers(width)), int(draw.integers(height))
        shade = tuple(int(v) for v in draw.integers(0, 256, 3))
        pen.line(
            [x, y, x + int(draw.integers(-90, 90)), y + int(draw.integers(-90, 90))],
            shade,
            int(draw.integers(1, 4)),
        )
        pen.text((y, x % height), "native 4K", shade, ImageFont.load_default(14))
    return image


def enlarged(
    ratio: float,
    kernel: Image.Resampling = Image.Resampling.LANCZOS,
    size: tuple[int, int] = (1600, 900),
    seed: int = 1,
) -> Image.Image:
    """A scene of ratio times the size, enlarged to the size."""
    small = scene(round(size[0] * ratio), round(size[1] * ratio), seed)
    return small.resize(size, kernel)


def coded(image: Image.Image, codec: str, quality: int = 0) -> NDArray[np.uint8]:
    """The pixels after a round trip: png, jpeg, webp or avif."""
    if codec == "png":
        return np.asarray(image)
    buffer = io.BytesIO()
    image.save(buffer, codec.upper(), quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))
