"""Verdicts that rest on repeated lines: exact copies, cells of a graphic, nearly equal rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native import cells
from verify4k.analysis.native.copies import LARGEST_PICTURE_CELL, pitch
from verify4k.analysis.native.description import LOSSLESS
from verify4k.analysis.native.repetition import repetition
from verify4k.analysis.native.verdict import WARNING_RATIO, Native, enlarged_sentence, of_ratio

if TYPE_CHECKING:
    from verify4k.analysis.native.copies import Changes, Pitch
    from verify4k.analysis.planes import Lines

_SURE = 40.0  # strength of what is exact
_STEP = 4.0  # levels; of smooth places a codec may leave nothing but the steps of its half-size colours
_SAME_RATIO = 0.012  # by which the axes' ratios may differ
_FEW_LINES = 0.25  # ratio from which a graphic's repeated lines are cells, whole or not
_HALF = 0.505  # ratio from which those of a picture of two tones are
_ROUNDED = 4  # lines by which an axis that is partly flat may be miscounted
_COPIED = "whole rows and columns are copies of their neighbours, as nearest-neighbour enlargement makes them"
_ALIKE = "rows and columns are repeated, as nearest-neighbour enlargement repeats them"


def copied_verdict(
    changes: tuple[Changes, Changes] | None, rows: Lines, columns: Lines, container: str
) -> Native | None:
    """The verdict where whole lines are copies; None where none are, or where they follow no ratio.

    changes: whether each column, and each row, differs from the one before.
    """
    if changes is None or (container not in LOSSLESS and min(map(_largest_step, (rows, columns))) < _STEP):
        return None
    x, y = pitch(changes[0]), pitch(changes[1])
    if x is None or y is None:
        return None
    width, height = changes[0].size + 1, changes[1].size + 1
    across, down = width / x.lines, height / y.lines
    if x.cell and y.cell:
        divided = width % x.cell == 0 and height % y.cell == 0 and x.cell == y.cell
        graphic = _is_graphic(x, y, rows, columns)
        if graphic or not divided or x.cell > LARGEST_PICTURE_CELL:
            return cells_verdict(x.cell, y.cell)
    elif abs(1 / across - 1 / down) > _SAME_RATIO:
        return None
    elif min(across, down) >= 1 / _FEW_LINES and cells.is_graphic(rows, across, 0):
        return cells_verdict(round(across), round(down))
    elif x.few or y.few:
        return None
    elif min(across, down) > LARGEST_PICTURE_CELL:
        return cells_verdict(round(across), round(down))
    size = _in_shape(x, y, width, height)
    ratio = (size[0] / width + size[1] / height) / 2
    if ratio > WARNING_RATIO:
        return None
    sentence = enlarged_sentence(size, ratio, _COPIED)
    return Native(of_ratio(ratio), size, ratio, (_SURE, _SURE), "exact copies", sentence)


def _largest_step(lines: Lines) -> float:
    return float(np.abs(np.diff(lines, axis=1)).max(initial=0.0))


def _in_shape(x: Pitch, y: Pitch, width: int, height: int) -> tuple[int, int]:
    """The native size; an axis whose lines flat places hide follows the other one, where it nearly does."""
    wide, high = round(y.lines * width / height), round(x.lines * height / width)
    if y.hidden > x.hidden and abs(high - y.lines) <= _ROUNDED:
        return x.lines, high
    if x.hidden > y.hidden and abs(wide - x.lines) <= _ROUNDED:
        return wide, y.lines
    return x.lines, y.lines


def _is_graphic(x: Pitch, y: Pitch, rows: Lines, columns: Lines) -> bool:
    return cells.is_graphic(rows, x.cell, x.start) and cells.is_graphic(columns, y.cell, y.start)


def cells_verdict(across: int, down: int) -> Native:
    """What is drawn in cells of so many pixels."""
    size = f"{across} pixels" if across == down else f"{across} by {down} pixels"
    sentence = f"drawn in cells of {size}: a graphic as coarse as it is meant to be, or an enlarged one"
    return Native("cells", None, None, (0.0, 0.0), "whole cells", sentence, cells=(across, down))


def repeated_verdict(rows: Lines, columns: Lines, width: int, height: int) -> Native | None:
    """The verdict where strong edges stand on one comb, or both axes nearly repeat lines at a ratio."""
    across, down = cells.lossy_cell(rows), cells.lossy_cell(columns)
    if across and down:
        one = min(across, down)  # fewer edges stand on a comb twice as wide
        return cells_verdict(one, one) if max(across, down) % one == 0 else cells_verdict(across, down)
    x, y = repetition(rows), repetition(columns)
    if x is None or y is None or abs(x.ratio - y.ratio) > _SAME_RATIO:
        return None
    size = round(x.ratio * width), round(y.ratio * height)
    ratio = (x.ratio + y.ratio) / 2
    if ratio > WARNING_RATIO:
        return None
    coarse = ratio <= _FEW_LINES and cells.is_graphic(rows, 1 / ratio, 0)
    if coarse or (ratio <= _HALF and cells.is_two_toned(rows)):
        return cells_verdict(round(1 / x.ratio), round(1 / y.ratio))
    strength = float(-np.log10(max(x.contrast, 1e-4))) * 10, float(-np.log10(max(y.contrast, 1e-4))) * 10
    return Native(
        of_ratio(ratio), size, ratio, strength, "repeated rows", enlarged_sentence(size, ratio, _ALIKE)
    )
