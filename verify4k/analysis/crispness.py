"""Edges one pixel wide: what no interpolation leaves behind, so what a pasted patch cannot explain away.

A collage, a diagram or a screenshot may hold one enlarged picture, and its lattice is found.
The whole was not enlarged when crisp edges stand all over it: an interpolated edge is a ramp.
Measured on 8 photographs: enlarged by bilinear, bicubic and Lanczos filters at most 0.14 of the
tiles with edges are crisp, sharpened afterwards at most 0.54; drawings at least 0.84, in JPEG too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.planes import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

TILES = 12  # tiles along each side
LINES = 8  # rows looked at in each row of tiles
STEP = 30.0  # 8-bit levels between neighbours that make an edge
LONE = 0.25  # share of the step that its neighbours may have
EDGES, CRISP = 12, 4  # steps that make a tile one with edges, lone ones that make it crisp
FEWEST = 8  # tiles with edges, below which nothing is said
SHARE = 0.6  # of the tiles with edges
GRID = 0.6  # of the phase concentration that nearest-neighbour enlargement would give


def crisp_all_over(pixels: Pixels, ratio: float) -> bool:
    """Whether edges of (H, W) or (H, W, 1..4) pixels are one pixel wide nearly everywhere.

    Nearest-neighbour enlargement also leaves such edges, but only between the cells of its lattice:
    where they stand in phase with ``ratio``, they contradict nothing.
    """
    lone, edges = _steps(pixels)
    edgy = _counted(edges) >= EDGES
    sharp = edgy & (_counted(lone) >= CRISP)
    if edgy.sum() < FEWEST or sharp.sum() < SHARE * edgy.sum():
        return False
    return not _in_phase(lone, sharp, ratio)


def _steps(pixels: Pixels) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(rows, W - 1) lone steps and all edges, along evenly spread rows."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    height = full.shape[0]
    rows = ((np.arange(TILES * LINES) + 0.5) * height / (TILES * LINES)).astype(np.intp)
    luma = full[rows].astype(np.float32) @ weights(full.shape[2], full.dtype.itemsize * 8)
    step = np.abs(np.diff(luma, axis=1))
    padded = np.pad(step, ((0, 0), (1, 1)))
    before, after = padded[:, :-2], padded[:, 2:]
    lone = (step > STEP) & (np.maximum(before, after) < LONE * step)
    return lone, before + step + after > STEP


def _tiled(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(TILES, LINES, TILES, width of a tile)."""
    across = found.shape[1] // TILES
    return found[:, : across * TILES].reshape(TILES, LINES, TILES, across)


def _counted(found: NDArray[np.bool_]) -> NDArray[np.intp]:
    counted: NDArray[np.intp] = _tiled(found).sum((1, 3))
    return counted


def _in_phase(lone: NDArray[np.bool_], sharp: NDArray[np.bool_], ratio: float) -> bool:
    """Whether lone steps keep one phase of the lattice within each crisp tile, as cells of it do."""
    expected = float(np.sinc(ratio)) ** 2  # steps fall anywhere within a share ``ratio`` of the period
    columns = np.asarray(_tiled(lone).any(axis=1))[sharp]  # a straight upright edge is one place, however long
    counts = columns.sum(1)
    columns, counts = columns[counts > 1], counts[counts > 1]
    if not counts.size:
        return False
    turns = np.exp(2j * np.pi * ratio * np.arange(columns.shape[1]))
    held = (np.abs(columns @ turns) ** 2 - counts) / (counts * (counts - 1))  # 0 for chance, without bias
    return float(held.mean()) >= GRID * expected
