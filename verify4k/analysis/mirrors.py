"""Where lines are most like the mirror image of those that follow, found without trying every place.

Means of neighbouring samples differ at most as much as the samples do on average (the triangle inequality).
Comparing few means therefore tells how alike two stretches can be at best, in an eighth of the time, and only
where that leaves hope are all samples compared: the place found is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.planes import column_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROUPS = 8  # means of a line
_TOGETHER = 32  # places compared at a time
_ROUNDING = 1e-4  # relative: single precision, with room


def grouped(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(count, length) -> (count, groups) means of neighbours along each line; what is left over goes."""
    size = max(1, lines.shape[1] // _GROUPS)
    whole = lines.shape[1] // size * size
    return column_means(np.ascontiguousarray(lines[:, :whole]), size)


def likeliest(lines: NDArray[np.float32], sizes: range) -> int:
    """The size, of some, at which the first lines are most like the mirror image of as many that follow."""
    hopes = _least_differences(lines, sizes)
    best, found = np.inf, sizes[0]
    for at in np.argsort(hopes):
        if hopes[at] > best:
            break
        size = sizes[int(at)]
        off = float(np.abs(lines[:size][::-1] - lines[size : 2 * size]).mean())
        best, found = min((best, found), (off, size))
    return found


def _least_differences(lines: NDArray[np.float32], sizes: range) -> NDArray[np.float64]:
    """For each size what the mean difference to the mirror image is at least."""
    means = grouped(lines)
    count, groups = means.shape
    share = groups * max(1, lines.shape[1] // _GROUPS) / lines.shape[1]  # of the samples that are in a group
    forth, back = means.ravel(), np.ascontiguousarray(means[::-1]).ravel()
    found = np.empty(len(sizes))
    for start in range(0, len(sizes), _TOGETHER):
        chosen = sizes[start : start + _TOGETHER]
        first, last = chosen[0], chosen[-1]
        wide = first * groups  # lines beyond the smallest size are left out, which only lowers the sum
        windows = np.lib.stride_tricks.sliding_window_view
        follow = windows(forth, wide)[first * groups : last * groups + 1 : groups]
        before = windows(back, wide)[(count - last) * groups : (count - first) * groups + 1 : groups][::-1]
        sums = np.abs(follow - before).sum(1)
        found[start : start + len(chosen)] = sums / (np.arange(first, last + 1) * groups)
    found *= share * (1 - _ROUNDING)
    return found
