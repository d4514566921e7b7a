"""Perceptual hashes: near for pictures that look alike, whatever codec, size or quality they have.

The difference hash of N. Krawetz ("Kind of like that", 2013), 16 by 16 bits: whether brightness rises from
each cell to the next. Cells that hardly differ say nothing, so they are kept apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

EDGE = 16  # cells on an edge; a hash has EDGE * EDGE bits
_FLAT = 2.0  # 8-bit levels: smaller steps are what a codec makes of a plain surface


class DifferenceHash(NamedTuple):
    """bits: the hash. telling: how many of its bits rest on a difference that can be seen."""

    bits: int
    telling: int


def difference_hash(luma: NDArray[np.uint8]) -> DifferenceHash:
    """Hash a small grey picture.

    Args:
        luma: height x width, 8 bits, at least `EDGE` rows and `EDGE` + 1 columns.
    """
    cells = _averaged(luma.astype(np.float32), EDGE, EDGE + 1)
    steps = np.diff(cells, axis=1)
    rising = np.packbits((steps > _FLAT).ravel()).tobytes()
    return DifferenceHash(int.from_bytes(rising, "big"), int((np.abs(steps) > _FLAT).sum()))


def _averaged(plane: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """Return the mean of each cell; cells differ by at most one line in size."""
    height, width = plane.shape
    below = np.add.reduceat(plane, np.arange(rows) * height // rows, axis=0)
    cells = np.add.reduceat(below, np.arange(columns) * width // columns, axis=1)
    tall = np.diff(np.append(np.arange(rows) * height // rows, height))
    wide = np.diff(np.append(np.arange(columns) * width // columns, width))
    mean: NDArray[np.float32] = cells / (tall[:, None] * wide[None, :])
    return mean
