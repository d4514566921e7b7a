"""Borders that carry no picture of their own, found from one side at a time.

Every function works on lines that run along the side, outermost first, and returns
how many of them are border; padding.py turns the picture so that each side comes first.
A border narrower than ``least`` lines is none: most pictures are settled by that many lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis import mirrors
from verify4k.analysis.quantiles import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 6.0  # 8-bit range of a flat line: one colour after a lossy codec
_COPY_DIFFERENCE = 2.0  # mean difference of lines that are copies, after a lossy codec
_TEXTURED = 6.0  # standard deviation along a line that is not flat
_VARIED_SHARE = (
    0.25  # share of a replicated line's samples unlike the next; bands and boxes of a drawing repeat too
)
_FEWEST = 8  # lines inside that are copies as well: cells
_EDGE_SHARE = 0.35  # share of a line that must leave the border's colour where the picture starts
_FILLED = 0.5  # share of the picture just inside that must differ from the border
SOFT = 10  # lines over which a lossy codec or a resize smears that start
_MIRROR = 0.6  # difference to the mirror image, as a share of that between neighbouring lines
_MIRROR_DIFFERENCE = 8.0  # ... and in levels: a copy saved as JPEG of quality 15 differs by less
_PROBES = 32  # lines of a border that are looked for further in
_REPEATED = 1.2, 0.25  # a pattern's next turn is so many times as far off as its mirror image, plus levels
_TIES = 64  # places that few samples cannot tell apart, and that all samples are compared at
_COARSE = 4  # lines and samples taken together for the first guess at a mirror


def flat(lines: NDArray[np.float32], least: int = 1) -> int:
    """(count, length) lines: how many from the first are one and the same colour, up to a straight edge.

    A product on white, a page of text or a night sky also starts with flat lines; there the
    picture begins at a few points, or goes on in the border's colour.
    """
    first = float(median(lines[0]))
    if busy_lines(lines[:least], first).size:
        return 0
    off = np.abs(lines - first) > LEVELS
    busy = busy_lines(lines, first)
    if not busy.size:
        return 0
    start = int(busy[0])
    inside = off[start:].any(0)
    if not inside.any():
        return 0
    after = off[start:, inside]
    if abs(float(median(lines[max(0, start - 3)])) - first) > LEVELS / 3:
        return 0  # a gradient drifts away
    begins = float(after[:SOFT].mean(1).max()) >= _EDGE_SHARE
    filled = float(after[: max(SOFT, len(after) // 8)].mean()) >= _FILLED
    return start if begins and filled else 0


def busy_lines(lines: NDArray[np.float32], colour: float) -> NDArray[np.intp]:
    """Which lines are not all of one colour."""
    return np.flatnonzero((np.abs(lines - colour) > LEVELS).mean(1) > 0.002)


def goes_on(lines: NDArray[np.float32], colour: float, least: int) -> bool:
    """Whether a border's colour fills whole lines on both sides of what stands in it, as of a title.

    A picture that is as dark as its borders where it ends has no such lines within it.
    """
    busy = busy_lines(lines[: len(lines) // 2], colour)
    return busy.size > 1 and int(busy[0]) >= least and int(np.diff(busy).max()) > least


def replicated(lines: NDArray[np.float32], least: int = 4) -> int:
    """How many lines from the first are copies of it, and of a textured one.

    The rows of a calm sky drift apart slowly; copies differ by coding noise alone, and then
    the picture starts. A mosaic goes on in copies of another line.
    """
    if (
        float(lines[0].std()) < _TEXTURED
        or float((np.abs(np.diff(lines[0])) > _COPY_DIFFERENCE).mean()) < _VARIED_SHARE
    ):
        return 0
    least = max(4, least)
    if (_away(lines[:least], lines[0]) > _COPY_DIFFERENCE).any():
        return 0
    away = _away(lines, lines[0])
    unlike = np.flatnonzero(away > _COPY_DIFFERENCE)
    if not unlike.size:
        return 0
    start = int(unlike[0])
    drift = away[start // 2 : start - 1].mean() - away[1 : start // 2].mean()
    jump = away[min(start + SOFT, len(lines) - 1)] - away[start // 2]
    if drift >= 0.15 * _COPY_DIFFERENCE or jump <= 2 * _COPY_DIFFERENCE:
        return 0
    inner = lines[start + SOFT : start + SOFT + max(_FEWEST, start // 2)]
    in_cells = len(inner) >= _FEWEST and bool((_away(inner, inner[0]) <= _COPY_DIFFERENCE).all())
    return 0 if in_cells else start


def _away(lines: NDArray[np.float32], line: NDArray[np.float32]) -> NDArray[np.float32]:
    """(count,) mean difference of each line to one of them."""
    found: NDArray[np.float32] = np.abs(lines - line).mean(1)
    return found


def mirrored_lines(lines: NDArray[np.float32], least: int) -> int:
    """How many lines from the first are the mirror image of those that follow."""
    grouped = mirrors.grouped(lines)
    varied = float(np.abs(grouped - grouped.mean(0)).mean()) >= 1.001 * _TEXTURED / 2  # and so do the lines
    if not varied and float(np.abs(lines - lines.mean(0)).mean()) < _TEXTURED / 2:
        return 0
    coarse = lines[: len(lines) // _COARSE * _COARSE, ::_COARSE]
    coarse = coarse.reshape(-1, _COARSE, coarse.shape[1]).mean(1)
    sizes = range(max(2, least // _COARSE), len(coarse) // 2)
    if not sizes:
        return 0
    guess = mirrors.likeliest(coarse, sizes) * _COARSE
    near = range(max(least, guess - 2 * _COARSE), min(len(lines) // 2, guess + 2 * _COARSE))
    if not near:
        return 0
    own = np.cumsum(np.abs(np.diff(lines[: 2 * near[-1]], axis=0)).mean(1, dtype=np.float64))
    change = {size: float(own[2 * size - 2]) / (2 * size - 1) for size in near}
    if min(_mirror_difference(grouped, size) for size in near) >= 1.001 * _MIRROR * max(change.values()):
        return 0  # means of samples differ at most as much as the samples
    border = min(near, key=lambda size: _mirror_difference(lines, size))
    off = _mirror_difference(lines, border)
    copied = off < min(_MIRROR * change[border], _MIRROR_DIFFERENCE)
    return border if copied and not _repeats(lines, border, off) else 0


def _repeats(lines: NDArray[np.float32], size: int, mirrored: float) -> bool:
    """Whether a border comes again further in, the same way round: stripes, tiles and rows of icons do.

    ``mirrored``: by how many levels it differs from its mirror image.
    """
    probes = np.unique(np.linspace(0, size - 1, min(size, _PROBES)).astype(np.intp))
    border = lines[probes, ::_COARSE]
    places = range(size, len(lines) - size + 1)
    if not places:
        return False
    times, levels = _REPEATED
    seen = np.array([float(np.abs(border - lines[probes + at, ::_COARSE]).mean()) for at in places])
    alike = np.flatnonzero(seen <= seen.min() + levels)[:_TIES]  # few samples fall between a halftone's dots
    return any(
        float(np.abs(lines[:size] - lines[at : at + size]).mean()) <= times * mirrored + levels
        for at in (size + int(place) for place in alike)
    )


def _mirror_difference(lines: NDArray[np.float32], size: int) -> float:
    """Mean difference between the border and the mirror image of what follows, with or without the edge."""
    found = []
    for skip in (0, 1):
        inner = lines[size + skip : 2 * size + skip]
        found.append(float(np.abs(lines[size - len(inner) : size][::-1] - inner).mean()))
    return min(found)
