"""How much of a picture survives being halved and enlarged again: information, never a verdict.

True 4K photographs measured 25-54 dB (median 37), enlargements from half or less
29-55 dB (median 43-46): the two overlap with every codec, so the figure says how much
fine detail there is and not where it came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.blas import one_thread
from verify4k.analysis.planes import weights
from verify4k.analysis.results import Detail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_BLOCK = 64  # pixels, side of the blocks of which the most detailed quarter is taken
_STRIP_LINES = 2 * _BLOCK
CEILING = 99.0  # dB reported when nothing at all is lost


def _halved(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2h, 2w) -> (h, w): means of 2 x 2."""
    return (grey[0::2, 0::2] + grey[0::2, 1::2] + grey[1::2, 0::2] + grey[1::2, 1::2]) / np.float32(4)


def _doubled(grey: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Linear interpolation between half-pixel centres along one axis."""
    padded = np.concatenate([np.take(grey, [0], axis), grey, np.take(grey, [-1], axis)], axis)
    length = grey.shape[axis]
    before, here, after = (np.take(padded, range(i, i + length), axis) for i in (0, 1, 2))
    pair = np.stack([0.75 * here + 0.25 * before, 0.75 * here + 0.25 * after], axis + 1)
    shape = list(grey.shape)
    shape[axis] *= 2
    return pair.reshape(shape).astype(np.float32)


def _losses(grey: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean squared error of the round trip in each whole block of a strip, or of the strip itself."""
    error = (_doubled(_doubled(_halved(grey), 0), 1) - grey) ** 2
    high, wide = (max(1, size // _BLOCK) for size in error.shape)
    tall, broad = (min(_BLOCK, size) for size in error.shape)
    blocks = error[: high * tall, : wide * broad].reshape(high, tall, wide, broad)
    lost: NDArray[np.float64] = blocks.mean((1, 3), dtype=np.float64).ravel()
    return lost


def psnr(loss: float) -> float:
    """Mean squared error in 8-bit levels -> decibels, at most CEILING."""
    return CEILING if loss <= 0 else min(CEILING, float(10 * np.log10(255.0**2 / loss)))


@one_thread()
def detail(pixels: Pixels) -> Detail | None:
    """The round trip of (H, W) or (H, W, 1..4) pixels; None below 2 x 2."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    height, width = (size - size % 2 for size in full.shape[:2])
    if not height or not width:
        return None
    luma = weights(full.shape[2], full.dtype.itemsize * 8)
    strips = (full[top : min(height, top + _STRIP_LINES), :width] for top in range(0, height, _STRIP_LINES))
    lost = np.concatenate([_losses(strip.astype(np.float32) @ luma) for strip in strips])
    worst = np.sort(lost)[-max(1, lost.size // 4) :]
    return Detail(psnr(float(lost.mean())), psnr(float(worst.mean())))
