"""Whether soft borders show the picture itself, enlarged and blurred, as players and editors fill a canvas.

A sheet of paper on a table, or a diagram with quiet margins, has soft sides that end at a straight line as
well. They look like something else.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median, quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BACKDROP_GRID = 96  # cells along each axis: coarser than any blur
_ZOOMS = (1.0, 1.1, 1.25, 1.5)  # how much larger a backdrop may be than what fills the canvas
_ALIKE = 0.75  # least correlation
_OUTSIDE_DEVIATION = (
    5.0  # least deviation of what lies outside, in 8-bit levels: a plain ground is like anything
)
_NARROWEST_BAR, _WIDEST_BAR = 0.04, 0.43  # share of the side: a telephone's screen on a film's leaves a fifth
_BASE = 0.75  # quantile along a line: bars on all four sides leave the picture less than half of it
_JUMP = 3.0  # how much larger the step at the picture's edge is than those outside
_SOFTER = 0.6  # most detail outside, as a share of that inside
_MOST_PLACES, _SOFT_PLACE = 0.8, 0.7  # of a soft border's places so many have at most so much of it
# A blur leaves no edges: what has hard ones on both sides, and one colour between them, is drawn.
_HARDEST, _HARDEST_INSIDE = 0.995, 0.99  # shares of the steps that stay below what counts as an edge
_EDGE, _EDGES = 9.0, 0.3  # levels, and share of the picture's edge
_ONE_COLOUR, _PLAIN = 0.5, 0.6  # levels between neighbours, and least share of them
_LEAST_DETAIL = 0.4  # least detail inside, in levels: of a plain drawing nothing is soft


def bars(
    lines: tuple[NDArray[np.float32], NDArray[np.float32]],
    detail: Callable[[], tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> int:
    """How wide two even soft borders are that end at straight lines; 0 where there are none.

    lines: (count, length) samples along the side, outermost first; detail: (count, places) fine detail within
    each, asked for only where something ends at a straight line.
    """
    count = len(lines[0])
    widest, least = int(_WIDEST_BAR * count), max(4, round(_NARROWEST_BAR * count))
    if min(widest, count - 1) <= least:
        return 0
    steps = [quantile(np.abs(np.diff(side[: widest + 2], axis=0)), _BASE, axis=1) for side in lines]
    near = [np.maximum.reduce([step, np.roll(step, 1), np.roll(step, -1)]) for step in steps]
    both = np.minimum(*near)[:widest]  # a line more or less on one side is even enough
    width = least + int(both[least:].argmax()) + 1
    plain = max(0.5, *(float(median(step[: width - 3])) for step in steps))
    if both[width - 1] <= _JUMP * plain:
        return 0
    fine = detail()
    inside = float(median(fine[0][width : count - width].mean(1)))
    outside = max(float(median(side[: width - 2].mean(1))) for side in fine)
    # a photograph of mist over planks is soft there as well, but not all along its sides
    crisp = max(float(quantile(side[: width - 2].mean(0), _MOST_PLACES)) for side in fine)
    soft = outside < _SOFTER * inside and crisp < _SOFT_PLACE * inside
    if soft and _is_drawn([side[: width - 2] for side in (*fine, *lines)], fine[0][width : count - width]):
        return 0
    return width if inside >= _LEAST_DETAIL and soft else 0


def _is_drawn(sides: list[NDArray[np.float32]], inside: NDArray[np.float32]) -> bool:
    """Whether neither border is blurred: both have hard edges between places of one colour.

    sides: the detail of both, then the lines of both; inside: the picture's detail. A caption on a blurred
    border has edges too, and no such places around it.
    """
    hardest = min(float(quantile(side, _HARDEST)) for side in sides[:2])
    plain = min(float((np.abs(np.diff(side, axis=1)) < _ONE_COLOUR).mean()) for side in sides[2:])
    return plain >= _PLAIN and hardest > max(_EDGE, _EDGES * float(quantile(inside, _HARDEST_INSIDE)))


def shows(luma: NDArray[np.float32], box: tuple[float, float, float, float]) -> bool:
    """Whether what lies outside of a box resembles what lies inside.

    luma: (H, W). box: x, y, width and height of the picture, in parts of W and H. The copy is tried at
    several zooms, in shape or stretched to the canvas; the best correlation over
    BACKDROP_GRID x BACKDROP_GRID cells counts.
    """
    height, width = luma.shape
    x, y, across, down = box
    inside = luma[
        round(y * height) : round((y + down) * height), round(x * width) : round((x + across) * width)
    ]
    if min(inside.shape, default=0) < 2:
        return False
    canvas, content = coarse(luma), coarse(inside)
    place = (np.arange(BACKDROP_GRID) + 0.5) / BACKDROP_GRID
    wide, high = np.meshgrid(place, place)
    outside = (wide < x) | (wide > x + across) | (high < y) | (high > y + down)
    larger = max(1 / across, 1 / down)
    shapes = ((across * larger, down * larger), (1.0, 1.0))  # covering the canvas, and stretched to it
    if not outside.any() or canvas[outside].std() < _OUTSIDE_DEVIATION:
        return False
    found = [
        correlation(canvas[outside], _zoomed_cells(content, high, tall * zoom, wide, long * zoom)[outside])
        for zoom, (long, tall) in itertools.product(_ZOOMS, shapes)
    ]
    return max(found) >= _ALIKE


def _zoomed_cells(
    content: NDArray[np.float32],
    high: NDArray[np.float64],
    tall: float,
    wide: NDArray[np.float64],
    long: float,
) -> NDArray[np.float32]:
    """What a copy of this size, in parts of the canvas and centred, has at each place."""
    rows, columns = (
        np.clip(((place - 0.5) / size + 0.5) * BACKDROP_GRID, 0, BACKDROP_GRID - 1).astype(np.intp)
        for place, size in ((high, tall), (wide, long))
    )
    return content[rows, columns]


def coarse(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """(BACKDROP_GRID, BACKDROP_GRID) means of cells; of fewer samples than that, some are repeated."""
    rows, columns = (np.arange(BACKDROP_GRID) * length // BACKDROP_GRID for length in luma.shape)
    counts = np.outer(
        *(np.maximum(np.diff([*at, n]), 1) for at, n in zip((rows, columns), luma.shape, strict=True))
    )
    sums = np.add.reduceat(np.add.reduceat(luma, rows), columns, axis=1)
    return (sums / counts).astype(np.float32)


def correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Of two sets of values; 0 where one of them is all the same."""
    left, right = one - one.mean(), other - other.mean()
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float((left * right).sum()) / size if size > 1e-3 * one.size else 0.0
