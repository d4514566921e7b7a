"""A piece of the picture beside what is left of it after a round trip through a smaller size.

The whole picture is reduced to that size and enlarged back, but only where the piece needs it: a
Lanczos kernel looks three samples far, so a margin of four smaller pixels gives the very same pixels.
Where little is lost, the smaller size held the picture: information for the eye, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis import planes
from verify4k.analysis.blas import one_thread
from verify4k.analysis.detail import psnr
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_MARGIN = 4  # pixels of the smaller size; Pillow's widest kernel (Lanczos) reaches 3


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Two uint8 (h, w) or (h, w, 3) arrays of one place, and the PSNR of their luma in dB (99: equal)."""

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    psnr: float


class _Reach(NamedTuple):
    """One axis: which smaller pixels a piece needs, and which stored ones these need."""

    small: tuple[int, int]
    stored: tuple[int, int]
    ratio: float

    def within(self) -> tuple[float, float]:
        """Where the smaller pixels lie in the stored ones, in stored pixels."""
        start, end = (edge / self.ratio - self.stored[0] for edge in self.small)
        return max(0.0, start), min(float(self.stored[1] - self.stored[0]), end)

    def back(self, start: int, length: int) -> tuple[float, float]:
        """Where the piece lies in the smaller pixels, in smaller pixels."""
        first, last = (edge * self.ratio - self.small[0] for edge in (start, start + length))
        return max(0.0, first), min(float(self.small[1] - self.small[0]), last)


def half(width: int, height: int) -> tuple[int, int]:
    """Half the size, for pictures without an estimate."""
    return max(1, width // 2), max(1, height // 2)


@one_thread()
def round_trip(
    pixels: Pixels, box: tuple[int, int, int, int], size: tuple[int, int], *, nearest: bool = False
) -> RoundTrip:
    """Reduce (H, W) or (H, W, 1..4) pixels to ``size`` and back; return the ``box`` (x, y, w, h) of both.

    ``nearest``: repeat pixels as nearest-neighbour enlargement does, instead of Lanczos. Alpha is left
    out, as it is from the analysis that this illustrates.
    """
    from PIL import Image

    x, y, width, height = box
    across, down = _reach(x, width, pixels.shape[1], size[0]), _reach(y, height, pixels.shape[0], size[1])
    kernel = Image.Resampling.NEAREST if nearest else Image.Resampling.LANCZOS
    before = _eight_bit(pixels[y : y + height, x : x + width])
    around = Image.fromarray(_eight_bit(pixels[slice(*down.stored), slice(*across.stored)]))
    (left, right), (top, bottom) = across.within(), down.within()
    fewer = across.small[1] - across.small[0], down.small[1] - down.small[0]
    small = around.resize(fewer, kernel, (left, top, right, bottom))
    (left, right), (top, bottom) = across.back(x, width), down.back(y, height)
    after = np.asarray(small.resize((width, height), kernel, (left, top, right, bottom)))
    return RoundTrip(before, after, psnr(_loss(before, after)))


def _reach(start: int, length: int, stored: int, small: int) -> _Reach:
    ratio = small / stored
    first = max(0, floor(start * ratio) - _MARGIN)
    last = min(small, ceil((start + length) * ratio) + _MARGIN)
    around = max(0, floor((first - _MARGIN) / ratio)), min(stored, ceil((last + _MARGIN) / ratio))
    return _Reach((first, last), around, ratio)


def _eight_bit(pixels: Pixels) -> NDArray[np.uint8]:
    """Grey or RGB with 8 bits, without alpha."""
    if pixels.ndim == 3:
        pixels = pixels[..., 0] if pixels.shape[2] <= 2 else pixels[..., :3]
    eight = pixels >> 8 if pixels.dtype.itemsize == 2 else pixels
    return np.ascontiguousarray(eight, dtype=np.uint8)


def _loss(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    error = before.astype(np.float32) - after
    if error.ndim == 3:
        error = error @ planes.weights(3, 8)
    return float(np.square(error).mean())
