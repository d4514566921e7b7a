"""Undo a supposed enlargement to whole levels: a proof that needs no detail, only steps.

The small picture had whole levels, as the stored one has. So what inverting the kernel gives is rounded, and
enlarged again: where the picture was enlarged from there, nearly every pixel is met to the level, and of the
same pixels moved out of step with the lattice far fewer are. Rounding, which hides what is left of a calm
picture, is no noise here: a gradient's steps stand where the small picture's levels put them, or they do not.
What a JPEG left and what was reduced since misses too many pixels in step and out of step alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native import inversion, phases
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from verify4k.analysis.native.phases import Way
    from verify4k.analysis.planes import Pixels

    Array = NDArray[np.float64]
    Pair = tuple[Array, Array]  # what enlarges along an axis, and its inverse
    How = tuple[Way, str]
    Size = tuple[int, int]
    Step = tuple[int, int]  # down and across

_SIDE, _BORDER = 56, 8  # pixels of a square that is undone, and at its border, where samples are missing
_ROOM = _SIDE + phases.FARTHEST
_GRID = 24  # places looked at along each side
_SQUARES, _FEWEST, _FIRST = 10, 8, 4  # that are undone, at least of them, and of a first look
_MET = 0.52  # levels within which a pixel is met: half of one, and what programs round on the way
_MOST_MISSED = 0.06  # of the pixels, in step
_HOPELESS = 1.0  # share missed of a first look that was broken off: all may miss no more
_TIMES = 4.0  # as many that are missed out of step, along either axis: of true pictures 2.5 at most
_MOST_MISSED_AT_HALF = 0.05
_BOX, _FEW = "hamming", 0.004  # the kernel that is nearly one, and the share that is chance
_TIMES_OF_BOX = 2.5  # as many that it misses: where a codec halved the colours of true pictures 1.4 at most
_LEAST_MISSED = 0.05  # out of step: fewer say nothing
_HALF_UP = 0.5 + 1e-6  # programs round what lies between two levels up
_IN_STEP = (0, 0)
_RIDGE = 1e-6  # of the diagonal: some kernels lose single waves
_KERNELS = tuple(kernel for kernel in inversion.KERNELS if kernel != "nearest")
_WAYS = tuple((kernel, start) for start in phases.STARTS for kernel in _KERNELS)
# Rounded once at the end; after each direction, across first (Pillow, libvips); or down (ImageMagick 6).
_HOW = (
    *((way, rounding) for way in _WAYS for rounding in ("once", "twice")),
    *((way, "truncated") for way in _WAYS[: len(_KERNELS)]),
)
_FIRST_GUESS = 0.25  # levels above the stored ones, where it was rounded down: flat places are whole
_TURNS = 4  # after a first look


class Met(NamedTuple):
    """The share of pixels that are not met to the level in step, and out of step along the weaker axis."""

    kernel: str
    size: Size
    missed: float
    beside: float


class Squares:
    """The squares of (H, W) or (H, W, 1..4) pixels in which most pixels differ from their neighbours."""

    def __init__(self, pixels: Pixels) -> None:
        shown = (1, 0, 2) if pixels.ndim == 3 and pixels.shape[2] > 2 else (0,)  # green first
        self._channels = [pixels[:, :, one] for one in shown] if pixels.ndim == 3 else [pixels]
        self._grey = self._channels[0]
        self._corners = _busiest(self._grey) if pixels.dtype == np.uint8 else []
        self._known: dict[tuple[Way, int, int, int], Pair] = {}

    def met(self, size: Size) -> Met | None:
        """What proves a size, or one a pixel off; None where nothing does."""
        if len(self._corners) < _FEWEST:
            return None
        wide, high = size
        found = self._proved(size, *self._best_how(size))
        if found is not None:
            return found
        off = [(wide + x, high + y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
        (first, how), best = min((self._best_how(one), one) for one in off)
        return self._proved(best, first, how)

    def met_at_half(self) -> Met | None:
        """What proves exactly half, in every channel; None where nothing does.

        A codec that halved the colours of a calm picture has interpolated them as well, and left its
        brightness constant over two pixels or more: a kernel that is nearly a box meets both, and what a
        smoother one has enlarged it does not.
        """
        if len(self._corners) < _FEWEST:
            return None
        height, width = self._grey.shape
        size = round(width / 2), round(height / 2)
        first, how = self._best_how(size, [how for how in _HOW if how[0][0] != _BOX])
        if first == _HOPELESS:
            return None
        _, box = self._best_how(size, [how for how in _HOW if how[0][0] == _BOX])
        found = [self._at_half(channel, size, how, box) for channel in self._channels]
        return None if None in found else found[0]

    def _at_half(self, channel: Pixels, size: Size, how: How, box: How) -> Met | None:
        missed = self._missed(how, size, [_IN_STEP], channel)
        if missed > _MOST_MISSED_AT_HALF:
            return None
        beside = min(self._missed(how, size, steps, channel) for steps in self._away(size))
        boxed = self._missed(box, size, [_IN_STEP], channel)
        if beside < max(_LEAST_MISSED, _TIMES * missed) or boxed + _FEW < _TIMES_OF_BOX * (missed + _FEW):
            return None
        return Met(how[0][0], size, missed, beside)

    def _proved(self, size: Size, first: float, how: How) -> Met | None:
        """What proves a size, enlarged so; first: the share that a first look has missed."""
        if first == _HOPELESS or (missed := self._missed(how, size, [_IN_STEP])) > _MOST_MISSED:
            return None
        beside = min(self._missed(how, size, steps) for steps in self._away(size))
        if beside < max(_LEAST_MISSED, _TIMES * missed):
            return None
        height, width = self._grey.shape
        mirrored = width - size[0], height - size[1]  # whose lattice looks alike
        first, alike = self._best_how(mirrored)
        if first == _HOPELESS or missed <= self._missed(alike, mirrored, [_IN_STEP]):
            return Met(how[0][0], size, missed, beside)
        return None

    def _best_how(self, size: Size, hows: Iterable[How] = _HOW) -> tuple[float, How]:
        """How it was enlarged, if it was, and what is missed so, by a first look at some of the squares."""
        return min((self._first_missed(how, size), how) for how in hows)

    def _first_missed(self, how: How, size: Size) -> float:
        """The share of pixels of a few squares that are missed, or _HOPELESS."""
        spare = _MOST_MISSED * len(self._corners)  # were the others to miss none
        missed = []
        for corner in self._corners[:_FIRST]:
            missed.append(self._missed_at(corner, how, size, [_IN_STEP], 1, self._grey))
            if sum(missed) > spare:
                return _HOPELESS
        return _mean(missed)

    def _away(self, size: Size) -> list[list[Step]]:
        """The steps, down and across, that take a lattice out of step along one axis."""
        height, width = self._grey.shape
        across, down = phases.moves(size[0] / width), phases.moves(size[1] / height)
        return [[(0, step) for step in across], [(step, 0) for step in down]]

    def _missed(self, how: How, size: Size, steps: list[Step], channel: Pixels | None = None) -> float:
        """The share of pixels that are missed, of all squares and all these steps, in green by default."""
        seen = self._grey if channel is None else channel
        return _mean(self._missed_at(corner, how, size, steps, _TURNS, seen) for corner in self._corners)

    def _missed_at(
        self, corner: Step, how: How, size: Size, steps: list[Step], turns: int, channel: Pixels
    ) -> float:
        """The same of one square."""
        (way, rounding), (wide, high), (top, left) = how, size, corner
        down, across = self._matrices(way, 0, high, top), self._matrices(way, 1, wide, left)
        room = channel[top : top + _ROOM, left : left + _ROOM].astype(np.float64)
        squares = (room[y : y + _SIDE, x : x + _SIDE] for y, x in steps)
        return _mean(_share_missed(down, across, square, rounding, turns) for square in squares)

    def _matrices(self, way: Way, axis: int, native: int, start: int) -> Pair:
        """What enlarges along an axis, and its inverse."""
        key = way, axis, native, start
        if key not in self._known:
            matrix = phases.enlarging(way, self._grey.shape[axis], native, start, _SIDE)
            gram = matrix.T @ matrix
            gram.flat[:: len(gram) + 1] += _RIDGE * gram.diagonal().mean()
            self._known[key] = matrix, np.asarray(np.linalg.solve(gram, matrix.T), np.float64)
        return self._known[key]


def _busiest(grey: Pixels) -> list[Step]:
    """Where the squares begin, of an even grid over the picture, those first that change along both axes."""
    changes = {}
    for top in _even(grey.shape[0]):
        for left in _even(grey.shape[1]):
            square = grey[top : top + _ROOM, left : left + _ROOM]
            down, across = square[1:] != square[:-1], square[:, 1:] != square[:, :-1]
            changes[top, left] = min(np.count_nonzero(down), np.count_nonzero(across))
    return [corner for corner in sorted(changes, key=lambda one: -changes[one]) if changes[corner]][:_SQUARES]


def _even(edge: int) -> list[int]:
    count = min(_GRID, edge // _ROOM)
    return [round((number + 0.5) * edge / count - _ROOM / 2) for number in range(count)]


def _mean(shares: Iterable[float]) -> float:
    every = list(shares)
    return sum(every) / len(every)


def _share_missed(down: Pair, across: Pair, square: Array, rounding: str, turns: int) -> float:
    """Of the pixels away from the border, those that whole levels, enlarged, do not meet.

    What it was before it was rounded is sought in turns: what the kernel can make, and what rounds to the
    levels that are stored.
    """
    least, guess = (0.0, _FIRST_GUESS) if rounding == "truncated" else (-0.5, 0.0)

    def reduced(between: Array) -> Array:
        rows = down[1] @ between
        return (np.rint(rows) if rounding == "twice" else rows) @ across[1].T

    small = reduced(square + guess)
    for _ in range(turns - 1):
        wide = down[0] @ small @ across[0].T
        small = reduced(np.clip(wide, square + least, square + least + 1))
    wide = np.rint(small) @ across[0].T
    enlarged = down[0] @ (np.floor(wide + _HALF_UP) if rounding == "twice" else wide)
    left = np.abs(enlarged - square - least - 0.5)[_BORDER:-_BORDER, _BORDER:-_BORDER]
    return int(np.count_nonzero(left > _MET)) / left.size
