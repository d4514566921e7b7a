"""Reduce decoded pixels to the two small luma planes that every spectrum is taken of.

One pass over the picture in strips of a few rows, so that the memory beyond the
decoded array stays a few megabytes whatever the picture's size. A lossy codec
keeps signal near the old Nyquist frequency only where the *other* axis varies
slowly, so each plane averages the other axis (by 4 at 4K): less to transform,
and more contrast between a sampling lattice and coding noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Lines: TypeAlias = NDArray[np.float32]
    Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]

# ITU-R BT.601, the weights of JFIF: the plane that JPEG, WebP and AVIF code at full size.
LUMA = (0.299, 0.587, 0.114)
_CROSS_ROWS = 540  # rows wanted in a plane: what a 2160-line picture leaves when averaged by 4
LONGEST = 12288  # samples along a plane; a longer side is cut to its middle
_STRIP_ROWS = 96  # rows converted at a time


@dataclass(frozen=True, slots=True)
class Planes:
    """Luma, averaged across. Units: 8-bit grey levels.

    x: (rows, width): each row is the mean of ``across[0]`` picture rows.
    y: (columns, height): each row is the mean of ``across[1]`` picture columns.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    across: tuple[int, int]


def _middle_slice(length: int, limit: int) -> slice:
    """The middle ``limit`` samples of an axis, or all of it."""
    start = max(0, (length - limit) // 2)
    return slice(start, min(length, start + limit))


def weights(channels: int, depth: int) -> NDArray[np.float32]:
    """Luma weights per stored channel (grey, grey+alpha, RGB, RGB+alpha), scaled to 8 bits."""
    kept = (1.0,) if channels <= 2 else LUMA
    row = np.zeros(channels, np.float32)
    row[: len(kept)] = kept
    return row / np.float32(1 if depth == 8 else 257)


def _averaging(length: int) -> int:
    """How many samples across one plane row averages: 4 at 2160 lines, at least 2."""
    return max(2, round(length / _CROSS_ROWS))


def luma(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """(..., 1 to 4 channels) -> (...): 8-bit luma of stored channels; alpha, if any, counts nothing."""
    channels, depth = pixels.shape[-1], pixels.dtype.itemsize * 8
    weight = weights(channels, depth)
    if channels > 1:
        weighted: NDArray[np.float32] = pixels.astype(np.float32) @ weight
        return weighted
    grey = pixels[..., 0].astype(np.float32)
    if depth != 8:
        grey *= weight[0]
    return grey


def averaged(pixels: Pixels) -> Planes:
    """The two planes of (H, W) or (H, W, 1..4) pixels, uint8 or uint16."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    full = full[_middle_slice(full.shape[0], LONGEST), _middle_slice(full.shape[1], LONGEST)]
    height, width = full.shape[:2]
    down, along = _averaging(height), _averaging(width)
    rows, columns = height // down, width // along
    x = np.empty((rows, width), np.float32)
    y = np.empty((columns, height), np.float32)
    step = max(1, _STRIP_ROWS // down) * down
    for top in range(0, height, step):
        grey = luma(full[top : top + step])
        y[:, top : top + step] = column_means(grey[:, : columns * along], along).T
        whole = grey.shape[0] // down
        if whole:
            x[top // down : top // down + whole] = _row_means(grey[: whole * down], down)
    return Planes(x, y, (down, along))


def _row_means(grey: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Means of ``by`` neighbouring rows; row by row, twice as fast as mean()."""
    means = grey[0::by].copy()
    for row in range(1, by):
        means += grey[row::by]
    means /= by
    return means


def column_means(grey: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Means of ``by`` neighbours in each row; as a matrix product, four times faster than mean()."""
    with np.errstate(invalid="ignore"):  # some BLAS kernels set the flag for lanes that hold no number
        means: NDArray[np.float32] = grey.reshape(grey.shape[0], -1, by) @ np.full(by, 1 / by, np.float32)
    return means


def linear_light(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels 0..255 as amounts of light on the same scale: by their square, near enough to sRGB's curve.

    What was enlarged in linear light bears its lattice there, and in the coded levels a bent image of it.
    Means of levels stand for means of light: across so few pixels the two differ little.
    """
    squares = plane * plane
    squares /= np.float32(255)
    return squares


def row_pairs(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows, length) -> (rows // 2, length): means of two rows, which keep the lowest cross frequencies."""
    whole = plane[: plane.shape[0] // 2 * 2]
    means = whole[0::2] + whole[1::2]
    means *= np.float32(0.5)
    return means


SAMPLES = 128  # full-resolution rows and columns kept for repetition and for the amount of detail


def samples(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Evenly spread full-resolution luma lines: (<= 128, W) rows and (<= 128, H) columns, 8-bit levels."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    rows, columns = (np.take(full, sampled_lines(full.shape[axis]), axis=axis) for axis in (0, 1))
    return luma(rows), np.ascontiguousarray(luma(columns).T)


def sampled_lines(length: int) -> NDArray[np.intp]:
    """Indices of up to SAMPLES lines, evenly spread, away from the very edge."""
    count = min(length, SAMPLES)
    return ((np.arange(count) + 0.5) * length / count).astype(np.intp)
