"""Edges one pixel wide: what no interpolation leaves behind, so what a pasted patch cannot explain away.

A collage, a diagram or a screenshot may hold one enlarged picture, and its lattice is found.
The whole was not enlarged when crisp edges stand all over it: an interpolated edge is a ramp.
Measured on 8 photographs: enlarged by bilinear, bicubic and Lanczos filters at most 0.14 of the
tiles with edges are crisp, sharpened afterwards at most 0.54; drawings at least 0.84, in JPEG too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TILES = 12  # tiles along each side
_EDGE_STEP = 30.0  # 8-bit levels between neighbours that make an edge
_LONE = 0.25  # share of the step that its neighbours may have
_EDGES, _CRISP = 12, 4  # steps that make a tile one with edges, lone ones that make it crisp
_FEWEST_TILES = 8  # tiles with edges, below which nothing is said
_CRISP_SHARE = 0.6  # of the tiles with edges
_PHASE_SHARE = 0.6  # of the phase concentration that nearest-neighbour enlargement would give


def crisp_all_over(lines: NDArray[np.float32], ratio: float) -> bool:
    """Whether edges along (count, length) luma lines are one pixel wide nearly everywhere.

    The lines are evenly spread over the picture, in 8-bit levels. Nearest-neighbour enlargement also
    leaves such edges, but only between the cells of its lattice: where they stand in phase with
    ``ratio``, they contradict nothing.
    """
    if len(lines) < _TILES or lines.shape[1] < 2 * _TILES:
        return False
    lone, edges = lone_steps(lines)
    edgy = _counted(edges) >= _EDGES
    sharp = edgy & (_counted(lone) >= _CRISP)
    if edgy.sum() < _FEWEST_TILES or sharp.sum() < _CRISP_SHARE * edgy.sum():
        return False
    return not _in_phase(lone, sharp, ratio)


def lone_steps(
    lines: NDArray[np.float32], least: float = _EDGE_STEP
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(count, length - 1) steps of more than ``least`` levels beside none, and all edges."""
    step = np.abs(np.diff(lines, axis=1))
    padded = np.pad(step, ((0, 0), (1, 1)))
    before, after = padded[:, :-2], padded[:, 2:]
    lone = (step > least) & (np.maximum(before, after) < _LONE * step)
    return lone, before + step + after > _EDGE_STEP


def _tiled(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(_TILES, lines, _TILES, length) of tiles; what is left over at the ends is left out."""
    down, across = found.shape[0] // _TILES, found.shape[1] // _TILES
    return found[: down * _TILES, : across * _TILES].reshape(_TILES, down, _TILES, across)


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
    return float(median(held)) >= _PHASE_SHARE * expected
