"""What may be accused though it was drawn at its size: cells that a codec blurred, and patterns all over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.copies import LARGEST_PICTURE_CELL
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


def as_drawn(found: Native, rows: Lines, columns: Lines, container: str) -> Native:
    """The verdict on (count, length) luma lines, without what a drawing explains as well.

    Of a picture that is one pattern nothing is told but what is certain.
    """
    if found.ratio is None or found.method == "exact copies" or is_undone(found):
        return found
    if container not in LOSSLESS and (cell := _cell(found.ratio, rows, columns)):
        return cells_verdict(cell, cell)
    pitch = screen_pitch(found.ratio, rows, columns)
    if pitch is not None:
        what = f"cannot tell: a screen of {pitch:.1f} pixels, as a halftone's, lies over the whole picture"
        return cannot_tell("screen", what)
    if not is_one_pattern(rows, columns):
        return found
    return cannot_tell("one pattern", "cannot tell: one pattern fills the picture, and has peaks of its own")


def _cell(ratio: float, rows: Lines, columns: Lines) -> int:
    """The cell, in whole pixels, one of whose lines stands at this ratio; 0: none was drawn."""
    for one in (ratio, 1 - ratio, ratio / 2):
        cell = round(1 / one)
        near = _SMALLEST_CELL <= cell <= LARGEST_PICTURE_CELL and abs(1 / cell - one) <= _WHOLE
        if near and _is_drawn_in(rows, cell) and _is_drawn_in(columns, cell):
            return cell
    return 0


def _is_drawn_in(lines: Lines, cell: int) -> bool:
    """Whether steps stand at the borders of such cells, whose tones follow each other by chance."""
    steps = np.abs(np.diff(lines, axis=1))
    length = steps.shape[1] // cell * cell
    folded = steps[:, :length].reshape(len(steps), -1, cell).mean((0, 1))
    border = int(folded.argmax())
    if folded[border] < _AT_BORDERS * np.delete(folded, border).max():
        return False
    start = (border + 1) % cell
    tones = lines[:, start + (cell - 1) // 2 :: cell]
    tones = tones - tones.mean(1, keepdims=True)
    related = float((tones[:, 1:] * tones[:, :-1]).sum() / max(float(np.square(tones).sum()), 1e-9))
    return related <= _UNRELATED
