"""Weight a plane by its own detail, to see whether a trace is where the detail is.

A codec leaves its grid where it threw away most: in smooth places. An enlargement runs through
everything, and its trace is best kept where there is most to keep. Spectra of a plane in which detailed
places count more therefore lose a codec's lines and keep an enlargement's: of the pictures that were
hardest to tell apart at one half, true ones kept a fifth of the strength there, enlarged ones more than half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DETAIL_ROWS, _DETAIL_COLUMNS = 8, 30  # samples over which detail is averaged, across and along the plane


def detail_weighted(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows, length) -> the same: second differences along the rows times their mean size around them.

    A smooth, positive weight leaves the frequencies of a lattice where they are.
    """
    padded = np.pad(plane, ((0, 0), (1, 1)), mode="edge")
    fine = 2 * plane - padded[:, :-2] - padded[:, 2:]
    rows, length = plane.shape
    down, along = max(1, rows // _DETAIL_ROWS), max(1, length // _DETAIL_COLUMNS)
    across = averaging_matrix(rows, down)
    cells = across @ np.abs(fine) @ averaging_matrix(length, along).T
    weight = spline_matrix(rows, down) @ cells @ spline_matrix(length, along).T
    emphasis: NDArray[np.float32] = fine * weight
    return emphasis


def averaging_matrix(length: int, count: int) -> NDArray[np.float32]:
    """(count, length) matrix that averages ``count`` even parts."""
    part = (np.arange(length) * count) // length
    matrix = (part == np.arange(count)[:, None]).astype(np.float32)
    averaging: NDArray[np.float32] = matrix / matrix.sum(1, keepdims=True)
    return averaging


def spline_matrix(length: int, count: int) -> NDArray[np.float32]:
    """(length, count) matrix of a cubic B-spline over ``count`` even parts: no corner to make a lattice."""
    place = (np.arange(length) + 0.5) * count / length - 0.5
    first = np.floor(place).astype(int)
    t = place - first
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    matrix = np.zeros((length, count), np.float32)
    for step, weight in enumerate(weights, start=-1):
        np.add.at(matrix, (np.arange(length), np.clip(first + step, 0, count - 1)), weight / 6)
    return matrix
