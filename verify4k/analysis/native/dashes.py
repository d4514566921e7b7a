"""Dashed and dotted lines: stretches of pixels that repeat exactly, as those of diagrams and charts do.

Dashes of two, four or eight pixels repeat where a network's checkerboard does, all in one phase, and among
the flat places of a diagram a few lines of them are most of what its signs tell. A network changes every
pixel a little and leaves next to none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_PERIOD = 16  # pixels: the longest pitch at which traces are looked for, a multiple of the others
_LEAST_REPEATED = 64  # pixels of a stretch that are equal to those a period further on


def without_dashes(plane: Pixels) -> Pixels | None:
    """A copy of (H, W) levels with its dashes at the median level; None where there are none."""
    dashes = _dashes(plane) | _dashes(plane.T).T
    if not dashes.any():
        return None
    found = plane.copy()
    found[dashes] = np.sort(plane, axis=None)[plane.size // 2]
    return found


def _dashes(plane: Pixels) -> NDArray[np.bool_]:
    """(H, W) whether each pixel is in a stretch down the plane that changes and repeats itself exactly."""
    reach = _LEAST_REPEATED + _PERIOD
    if len(plane) < reach:
        return np.zeros(plane.shape, np.bool_)
    repeated = _counted(plane[_PERIOD:] == plane[:-_PERIOD], _LEAST_REPEATED) == _LEAST_REPEATED
    changing = _counted(plane[1:] != plane[:-1], _PERIOD)[: len(repeated)] > 0
    starts = np.pad(repeated & changing, ((reach - 1, reach - 1), (0, 0)))
    return _counted(starts, reach) > 0


def _counted(flags: NDArray[np.bool_], length: int) -> NDArray[np.int32]:
    """(H - length + 1, W) how many of ``length`` flags from each on, downwards, are set."""
    sums = np.zeros((len(flags) + 1, flags.shape[1]), np.int32)
    np.cumsum(flags, axis=0, out=sums[1:])
    return sums[length:] - sums[:-length]
