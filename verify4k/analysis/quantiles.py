"""Medians and quantiles by sorting.

Those of NumPy give the same numbers, and import ``numpy.ma`` for a look at masked arrays, which nobody has
here: 40 ms of every process that analyses a picture. Along short axes these are sooner as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def median(values: ArrayLike, axis: int | None = None) -> NDArray[Any]:
    """The mean of the two values in the middle of ``axis``, or of all; of integers a float."""
    ordered, along = _sorted(values, axis)
    count = ordered.shape[along]
    middle: NDArray[Any] = ordered.take(range((count - 1) // 2, count // 2 + 1), along).mean(along)
    return middle


def quantile(values: ArrayLike, share: float, axis: int | None = None) -> NDArray[Any]:
    """The value that ``share`` of those along ``axis``, or of all, stay below: in proportion between two."""
    ordered, along = _sorted(values, axis)
    last = ordered.shape[along] - 1
    below = int(share * last)
    low, high = (ordered.take(min(at, last), along) for at in (below, below + 1))
    between: NDArray[Any] = low + (high - low) * (share * last - below)
    return between


def _sorted(values: ArrayLike, axis: int | None) -> tuple[NDArray[Any], int]:
    return np.sort(values, axis), 0 if axis is None else axis
