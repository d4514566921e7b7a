"""Edges one pixel wide: what no interpolation leaves behind, so what a pasted patch cannot explain away.

A collage, a diagram or a screenshot may hold one enlarged picture, and its lattice is found.
The whole was not enlarged when crisp edges stand all over it: an interpolated edge is a ramp.
Measured on 8 photographs: enlarged by bilinear, bicubic and Lanczos filters at most 0.14 of the
tiles with edges are crisp, sharpened afterwards at most 0.54; drawings at least 0.84, in JPEG too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TILES = 12  # tiles along each side
STEP = 30.0  # 8-bit levels between neighbours that make an edge
LONE = 0.25  # share of the step that its neighbours may have
EDGES, CRISP = 12, 4  # steps that make a tile one with edges, lone ones that make it crisp
FEWEST = 8  # tiles with edges, below which nothing is said
SHARE = 0.6  # of the tiles with edges
GRID = 0.6  # of the phase concentration that nearest-neighbour enlargement would give


def crisp_all_over(lines: NDArray[np.float32], ratio: float) -> bool:
    """Whether edges along (count, length) luma lines are one pixel wide nearly everywhere.

    The lines are evenly spread over the picture, in 8-bit levels. Nearest-neighbour enlargement also
    leaves such edges, but only between the cells of its lattice: where they stand in phase with
    ``ratio``, they contradict nothing.
    """
    if len(lines) < TILES or lines.shape[1] < 2 * TILES:
        return False
    lone, edges = _steps(lines)
    edgy = _counted(edges) >= EDGES
    sharp = edgy & (_counted(lone) >= CRISP)
    if edgy.sum() < FEWEST or sharp.sum() < SHARE * edgy.sum():
        return False
    return not _in_phase(lone, sharp, ratio)


def _steps(lines: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(count, length - 1) lone steps, and all edges."""
    step = np.abs(np.diff(lines, axis=1))
    padded = np.pad(step, ((0, 0), (1, 1)))
    before, after = padded[:, :-2], padded[:, 2:]
    lone = (step > STEP) & (np.maximum(before, after) < LONE * step)
    return lone, before + step + after > STEP


def _tiled(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(TILES, lines, TILES, length) of tiles; what is left over at the ends is left out."""
    down, across = found.shape[0] // TILES, found.shape[1] // TILES
    return found[: down * TILES, : across * TILES].reshape(TILES, down, TILES, across)


def _counted(found: NDArray[np.bool_]) -> NDArray[np.intp]:
    counted: NDArray[np.intp] = _tiled(found).sum((1, 3))
    return counted


def _in_phase(lone: NDArray[np.bool_], sharp: NDArray[np.bool_], ratio: float) -> bool:
    """Whether lone steps keep one phase of the lattice within each crisp tile, as cells of it do."""
    expected = float(np.sinc(ratio)) ** 2  # steps fall anywhere within a share ``ratio`` of the period
    # a straight edge across the lines is one place, however long
    columns = np.asarray(_tiled(lone).any(axis=1))[sharp]
    counts = columns.sum(1)
    columns, counts = columns[counts > 1], counts[counts > 1]
    if not counts.size:
        return False
    turns = np.exp(2j * np.pi * ratio * np.arange(columns.shape[1]))
    held = (np.abs(columns @ turns) ** 2 - counts) / (counts * (counts - 1))  # 0 for chance, without bias
    return float(np.median(held)) >= GRID * expected
