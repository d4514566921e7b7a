"""Undo a supposed enlargement in step with its lattice and out of step: a proof that a codec leaves room for.

inversion.py holds a size against sizes close by. That says little at small ratios, where every second or
third sample may lie on a native one, so that any picture leaves less than at a ratio beside it, and where a
codec's noise hides what few edges a drawing has. Here the places with most detail are looked at, and the same
matrix also undoes the same lines moved by a few samples, so that nothing differs but where the lattice lies:
any picture leaves as much in step as out of step, and an enlargement less. A lattice that starts half a pixel
earlier, as libvips and everything that counts from pixel corners puts it, is tried as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native import inversion
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Way = tuple[str, float]
    Size = tuple[int, ...]

_WINDOW = inversion.SEGMENT  # samples
_ROWS, _WINDOWS, _FIRST = 48, 6, 2  # rows in each, how many, how many of a first look
_APART = 88  # samples between windows that may be chosen
_EVERY = 4  # rows whose detail chooses the windows
FARTHEST, _MOVES = 8, 4  # samples by which lines are moved at most, and how many of these moves count
_OUT_OF_STEP = 0.24  # least part of a native sample by which a move changes the phase
_CORNER = -0.5  # stored samples by which a lattice starts earlier that is counted from pixel corners
_TIE = 1e-6  # samples: programs round a place halfway between two samples up
STARTS = (0.0, _CORNER)
WAYS: tuple[Way, ...] = tuple((kernel, start) for start in STARTS for kernel in inversion.QUICK)
REPEATING = tuple(way for way in WAYS if way[0] == "nearest")
_GLIMPSED = tuple(way for way in WAYS if way[0] in ("bilinear", "nearest"))  # whose gain shows that of others
_FEW_ROWS = 16
_MOST_WAYS = 3  # ways that a first look leaves


class Phased(NamedTuple):
    """What is left in step, under the best kernel, and how much more out of step and of sizes close by.

    start: stored samples by which the lattice is moved. size: native samples along each axis. left: root mean
    square residual, in 8-bit levels. beside: the smaller of those out of step and close by. gain: natural log
    of their ratio, squared, of the weaker axis. steady: the mean gain of all windows in its standard errors.
    share: of windows that gain.
    """

    kernel: str
    start: float
    size: Size
    left: float
    beside: float
    gain: float
    steady: float
    share: float


class Windows:
    """The most detailed places along one axis of a (rows, length) plane, busiest first."""

    def __init__(self, plane: NDArray[np.float32]) -> None:
        self._plane = plane
        self.stored = plane.shape[1]
        self._starts = _busiest(plane)
        self._parts: list[Array] = []

    def part(self, number: int) -> tuple[int, Array]:
        """Where a window starts, and its (_WINDOW + FARTHEST, rows) busiest rows."""
        while len(self._parts) <= number:
            start = self._starts[len(self._parts)]
            whole = self._plane[:, start : start + _WINDOW + FARTHEST]
            busy = np.argsort(np.abs(np.diff(whole, 2, axis=1)).sum(1))[-_ROWS:]
            self._parts.append(whole[busy].T.astype(np.float64))
        return self._starts[number], self._parts[number]

    def left(self, way: Way, native: float) -> Array:
        """(windows, 3) mean squares left in step, out of step and of sizes close by."""
        away = moves(native / self.stored)
        found = []
        for start, part in map(self.part, range(len(self._starts))):
            moved = [part[move : move + _WINDOW] for move in (0, *away)]
            here, *out = _residuals(enlarging(way, self.stored, native, start), moved)
            others = [
                _residuals(enlarging(way, self.stored, native + size, start), moved[:1])[0]
                for size in inversion.BESIDE
            ]
            found.append((here, np.mean(out), np.mean(others)))
        return np.array(found)

    def glimpse(self, way: Way, native: float) -> float:
        """The same of a few rows of the busiest window, moved twice."""
        start, part = self.part(0)
        steps = (0, *moves(native / self.stored)[:2])
        moved = [part[move : move + _WINDOW, -_FEW_ROWS:] for move in steps]
        here, *out = _residuals(enlarging(way, self.stored, native, start), moved)
        return float(np.log(np.mean(out) / here))

    def first_gain(self, way: Way, native: float) -> float:
        """How much less is left in step than out of step, of the busiest windows alone."""
        steps = (0, *moves(native / self.stored))
        left = np.zeros(len(steps))
        for start, part in map(self.part, range(min(_FIRST, len(self._starts)))):
            moved = [part[move : move + _WINDOW] for move in steps]
            left += _residuals(enlarging(way, self.stored, native, start), moved)
        return float(np.log(left[1:].mean() / left[0]))


def _busiest(plane: NDArray[np.float32]) -> list[int]:
    """Where the windows start whose busiest rows hold most detail; none overlaps another."""
    few = plane[::_EVERY]
    detail = np.abs(np.diff(few, 2, axis=1))
    starts = np.arange(0, plane.shape[1] - _WINDOW - FARTHEST + 1, _APART)
    halves = np.add.reduceat(detail[:, : starts[-1] + _WINDOW], [*starts, starts[-1] + _APART], axis=1)
    parts = halves[:, :-1] + halves[:, 1:]
    rows = min(max(1, _ROWS // _EVERY), len(parts))
    most = np.partition(parts, -rows, axis=0)[-rows:].sum(0)
    chosen: list[int] = []
    for number in np.argsort(-most):
        if len(chosen) < _WINDOWS and all(abs(starts[number] - other) >= _WINDOW for other in chosen):
            chosen.append(int(starts[number]))
    return chosen


def moves(ratio: float) -> list[int]:
    """The moves, in samples, that take a lattice farthest out of step."""
    far = np.arange(1, FARTHEST + 1)
    phases = np.abs((far * ratio + 0.5) % 1 - 0.5)
    return [int(far[n]) for n in np.argsort(-phases, kind="stable")[:_MOVES] if phases[n] >= _OUT_OF_STEP]


def enlarging(way: Way, stored: int, native: float, start: int, count: int = _WINDOW) -> Array:
    """(count, columns): samples from ``start`` on as sums of native ones."""
    kernel, moved = way
    return inversion.enlarging(kernel, stored, native, start, moved * native / stored + _TIE, count)


def _residuals(matrix: Array, parts: list[Array]) -> list[float]:
    """The mean square that the columns of the matrix do not span, of each of some (_WINDOW, rows) parts."""
    gram = matrix.T @ matrix
    gram.flat[:: len(gram) + 1] += inversion.RIDGE * gram.diagonal().mean()
    samples = np.concatenate([part - part.mean(0) for part in parts], axis=1)
    across = matrix.T @ samples
    left = np.square(samples).sum(0) - (across * np.linalg.solve(gram, across)).sum(0)
    return [float(one) / _WINDOW + inversion.LEAST_NOISE for one in left.reshape(len(parts), -1).mean(1)]


def glimpsed(axes: tuple[Windows, Windows], size: Size, least: float) -> tuple[Way, ...]:
    """The ways that are worth a first look, for a millisecond or two: those that start as one that gains."""
    found = list(_GLIMPSED)
    for axis, native in zip(axes, size, strict=True):
        found = [way for way in found if axis.glimpse(way, native) >= least]
    starts = {start for _, start in found}
    return tuple(way for way in WAYS if way[1] in starts)


def hopeful(
    axes: tuple[Windows, Windows], size: Size, least: float, ways: tuple[Way, ...] = WAYS
) -> list[tuple[Way, Size]]:
    """The ways of which a first look at a few windows of each axis shows a gain, best first.

    Each with the size that gains most, which may be a sample off the one that a peak told.
    """
    found: dict[Way, tuple[float, Size]] = dict.fromkeys(ways, (np.inf, ()))
    for axis, native in zip(axes, size, strict=True):
        for way, (gain, sizes) in list(found.items()):
            here, best = max((axis.first_gain(way, one), one) for one in (native, native - 1, native + 1))
            found[way] = min(gain, here), (*sizes, best)
        found = {way: one for way, one in found.items() if one[0] >= least}
    best_first = sorted(found, key=lambda way: -found[way][0])
    return [(way, found[way][1]) for way in best_first[:_MOST_WAYS]]


def phased(axes: tuple[Windows, Windows], ways: Iterable[tuple[Way, Size]]) -> Phased:
    """What a native size leaves in step, of both axes, under the way that gains most."""
    best = Phased("", 0.0, (), 0.0, 0.0, 0.0, 0.0, 0.0)
    for way, size in ways:
        found = [axis.left(way, native) for axis, native in zip(axes, size, strict=True)]
        means = np.array([each.mean(0) for each in found])
        gain = float(np.log(means[:, 1:].min(1) / means[:, 0]).min())
        if gain <= best.gain:
            continue
        each = np.log(np.concatenate([one[:, 1:].min(1) / one[:, 0] for one in found]))
        error = max(float(each.std(ddof=1)) / np.sqrt(len(each)), 1e-6) if len(each) > 1 else np.inf
        left, beside = means.mean(0)[0] ** 0.5, means[:, 1:].mean(0).min() ** 0.5
        steady, share = float(each.mean() / error), float((each > 0).mean())
        best = Phased(*way, size, float(left), float(beside), gain, steady, share)
    return best
