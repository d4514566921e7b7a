"""What may be accused though it was drawn at its size: cells that a codec blurred, and patterns all over."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.copies import LARGEST_PICTURE_CELL
from verify4k.analysis.native.crispness import lone_steps
from verify4k.analysis.native.description import LOSSLESS
from verify4k.analysis.native.independent_lines import is_one_pattern, is_undone
from verify4k.analysis.native.repeated import cells_verdict
from verify4k.analysis.native.screens import screen_pitch
from verify4k.analysis.native.verdict import Native, cannot_tell

if TYPE_CHECKING:
    from verify4k.analysis.planes import Lines

_SMALLEST_CELL, _WHOLE = 3, 0.006  # pixels; by how much a ratio may miss one cell's
# Mean step at the borders of cells, as a multiple of any other place's: kernels leave 2.0 at most, cells 3.1.
_AT_BORDERS = 2.5
_UNRELATED = 0.3  # correlation of neighbouring cells, above which they may be a picture's samples
# Levels of edges one pixel wide, and the share of them that stand inside cells: repeated samples left none
# in 149 files, what rings in a codec being less; drawings with curves on a grid of lines 0.8 % and more.
_CLEAR_EDGE, _INSIDE = 60.0, 0.004
_PARTS, _MOST_PARTS, _FEWEST_EDGES = 4, 3, 40  # of the lines: a caption over a picture is in one or two


def as_drawn(found: Native, rows: Lines, columns: Lines, container: str) -> Native:
    """The verdict on (count, length) luma lines, without what a drawing explains as well.

    Of a picture that is one pattern nothing is told but what is certain.
    """
    if found.ratio is None or found.method == "exact copies" or is_undone(found):
        return found
    if cell := _cell(found.ratio, rows, columns, lossy=container not in LOSSLESS):
        return cells_verdict(cell, cell)
    pitch = screen_pitch(found.ratio, rows, columns)
    if pitch is not None:
        what = f"cannot tell: a screen of {pitch:.1f} pixels, as a halftone's, lies over the whole picture"
        return cannot_tell("screen", what)
    if not is_one_pattern(rows, columns):
        return found
    return cannot_tell("one pattern", "cannot tell: one pattern fills the picture, and has peaks of its own")


def _cell(ratio: float, rows: Lines, columns: Lines, *, lossy: bool) -> int:
    """The cell, in whole pixels, one of whose lines stands at this ratio; 0: none was drawn.

    lossy: cells that follow each other by chance would be exact copies in another file.
    """
    for one in (ratio, 1 - ratio, ratio / 2):
        cell = round(1 / one)
        if not _SMALLEST_CELL <= cell <= LARGEST_PICTURE_CELL or abs(1 / cell - one) > _WHOLE:
            continue
        borders = [_border(lines, cell) for lines in (rows, columns)]
        if None in borders:
            continue
        axes = [
            (lines, cell, at) for lines, at in zip((rows, columns), borders, strict=True) if at is not None
        ]
        if (lossy and all(starmap(_unrelated, axes))) or all(starmap(_edges_inside, axes)):
            return cell
    return 0


def _border(lines: Lines, cell: int) -> int | None:
    """After which pixel of every such cell the steps stand; None where none stands out."""
    steps = np.abs(np.diff(lines, axis=1))
    length = steps.shape[1] // cell * cell
    folded = steps[:, :length].reshape(len(steps), -1, cell).mean((0, 1))
    border = int(folded.argmax())
    return border if folded[border] >= _AT_BORDERS * np.delete(folded, border).max() else None


def _unrelated(lines: Lines, cell: int, border: int) -> bool:
    """Whether the tones of cells follow each other by chance."""
    start = (border + 1) % cell
    tones = lines[:, start + (cell - 1) // 2 :: cell]
    tones = tones - tones.mean(1, keepdims=True)
    related = float((tones[:, 1:] * tones[:, :-1]).sum() / max(float(np.square(tones).sum()), 1e-9))
    return related <= _UNRELATED


def _edges_inside(lines: Lines, cell: int, border: int) -> bool:
    """Whether edges one pixel wide stand inside cells as well, in most parts of the picture.

    Repeated samples have none: what is drawn on a grid has curves and slopes of the picture's own pixels.
    """
    lone, _ = lone_steps(lines, _CLEAR_EDGE)
    inside = np.arange(lone.shape[1]) % cell != border
    parts = np.array_split(np.arange(len(lone)), _PARTS)
    counts = [(int(lone[part].sum()), int(lone[part][:, inside].sum())) for part in parts]
    found = sum(edges >= _FEWEST_EDGES and within >= _INSIDE * edges for edges, within in counts)
    return found >= _MOST_PARTS
