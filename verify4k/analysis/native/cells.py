"""Graphics drawn in whole cells: two-colour art, pixel art, QR codes, block letters, halftones.

They are as fine as they are meant to be, and no picture of fewer pixels was enlarged: a lattice in them is
the drawing itself. So they are told by their cell. In a lossy file the strong edges stand on one comb, and
between them there is next to nothing.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.copies import comb
from verify4k.analysis.quantiles import median, quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Lines

_STRONG_EDGE, _OF_THE_LARGEST = 24.0, 0.25  # 8-bit levels that are a strong edge, or a share of the largest
_FAINT_LINES = 0.05  # of the most edges at one place, below which a place is left out: what ringing leaves
_ON_COMB_LOSSY = 0.85  # of the strong edges
_TONE, _TONES, _TONES_COVER = 4.0, 8, 0.9  # levels that are one tone; so few tones that are most of a graphic
_PALETTE, _PALETTE_COVERS = 32, 0.98  # exact levels of grey, by which a palette is known in a lossless file
_LEAP = 24.0  # levels: usual step from cell to cell that hardly any picture has
_SAME_TONE, _ALIKE, _JUMP = 1.5, 0.5, 12.0  # levels; share of neighbours alike; usual step between the others
_FAR_APART, _NEAR_A_TONE, _TWO_TONES_COVER = 60.0, 0.2, 0.85  # levels; shares of their distance, of the whole
_SMALLEST_CELL, _FEWEST_CELLS = 3, 6  # pixels, and cells along an axis: edges of a few boxes fit any comb


def lossy_cell(lines: Lines) -> int:
    """The cell on whose multiples the strong edges of (count, length) luma lines stand; 0: on none."""
    steps = np.abs(np.diff(lines, axis=1))
    high = _OF_THE_LARGEST * float(steps.max())
    for strong, slack in itertools.product((high, min(_STRONG_EDGE, high)), (0, 1)):
        edges = (steps > strong).sum(0).astype(np.float64)
        at = np.flatnonzero(edges > _FAINT_LINES * edges.max(initial=1.0))
        if at.size > (2 * slack + 1) * steps.shape[1] / _SMALLEST_CELL:
            continue  # more places than such a comb has
        cell, start = comb(at + 1, edges[at], _ON_COMB_LOSSY, slack)
        some = _SMALLEST_CELL <= cell <= steps.shape[1] // _FEWEST_CELLS
        if some and is_graphic(lines, cell, start):
            return cell
    return 0


def is_graphic(lines: Lines, cell: float, start: int) -> bool:
    """Whether cells along luma lines are a drawing's: few tones, equal neighbours and large steps, or leaps.

    A picture that nearest neighbour enlarged has as many tones as any, in small steps.
    """
    middles = np.arange(start + (cell - 1) / 2, lines.shape[1] - 1, cell).astype(np.intp)
    tones = lines[:, middles]
    counts = np.sort(np.bincount((tones / _TONE).astype(np.intp).ravel()))[::-1]
    if counts[:_TONES].sum() >= _TONES_COVER * counts.sum() or is_two_toned(tones):
        return True
    ordered = np.sort(tones, axis=None)
    ends = np.append(np.flatnonzero(np.diff(ordered)), ordered.size - 1)  # of each tone's run
    exact = np.sort(np.diff(ends, prepend=-1))[::-1]
    if exact[:_PALETTE].sum() >= _PALETTE_COVERS * tones.size:
        return True
    steps: NDArray[np.float32] = np.abs(np.diff(tones, axis=1))
    if float(median(steps)) >= _LEAP:
        return True
    unlike = steps[steps > _SAME_TONE]
    return 0 < unlike.size <= (1 - _ALIKE) * steps.size and float(median(unlike)) >= _JUMP


def is_two_toned(lines: Lines) -> bool:
    """Whether nearly all of it is near one of two levels, far apart."""
    dark, bright = (float(quantile(lines, share)) for share in (0.1, 0.9))
    reach = _NEAR_A_TONE * (bright - dark)
    near = (np.abs(lines - dark) <= reach) | (np.abs(lines - bright) <= reach)
    return bool(bright - dark >= _FAR_APART and near.mean() >= _TWO_TONES_COVER)
