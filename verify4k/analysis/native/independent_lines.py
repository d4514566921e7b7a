"""Pictures whose lines are all made of the same few: zone plates, test bars, meshes, hexagons.

A peak is strong because many lines agree. Where every line is a sum of the same three or four, they agree
whatever the picture is, and a pattern has peaks of its own: the strength says nothing then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.planes import Lines

# Patterns that were drawn have 1 to 4.3 lines on both axes, 131 enlargements found 15 or more on one of them.
_FEW = 4.5
_LEAST_DETAIL = 0.1  # of the busiest line's; calmer ones are left out
_FEWEST_LINES = 32  # busy ones, below which they may be few by chance
_UNDONE_GAIN, _UNDONE_LEFT = 1.5, 0.3  # gain and levels: what rounding alone leaves proves a size of anything


def is_one_pattern(rows: Lines, columns: Lines) -> bool:
    """Whether (count, length) luma lines along both axes are each made of very few."""
    return max(independent_lines(rows), independent_lines(columns)) < _FEW


def independent_lines(lines: Lines) -> float:
    """How many independent lines the fine detail of (count, length) lines is worth.

    The inverse of the mean squared correlation of any two of them; infinite where too few are busy.
    """
    detail = np.diff(lines, 2, axis=1)
    norms = np.sqrt(np.square(detail).sum(1))
    busy = norms > _LEAST_DETAIL * norms.max(initial=0.0)
    if busy.sum() < _FEWEST_LINES:
        return float("inf")
    unit = detail[busy] / norms[busy][:, None]
    return float(1 / np.square(unit @ unit.T).mean())


def is_undone(found: Native) -> bool:
    """Whether undoing the enlargement leaves rounding alone, which no pattern allows by chance."""
    undone = found.inversion
    return undone is not None and undone.gain >= _UNDONE_GAIN and undone.left <= _UNDONE_LEFT
