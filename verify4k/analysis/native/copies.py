"""Whole rows and columns that are exact copies of their neighbours: arithmetic, not statistics.

Nearest neighbour makes N lines of c by repeating some, and puts the copies where one ratio dictates;
art drawn in cells changes at multiples of the cell alone. In a lossless file such lines
are equal to the last pixel, so that counting tells the ratio as a fact. A lossy file has none; what is drawn
in cells shows there in edges that stand on one comb nearly all.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify4k.analysis.planes import Lines, Pixels

    Changes = NDArray[np.bool_]

_LEAST_SHARE = 0.03  # of lines that are copies, below which nothing is counted
_ROWS = 64  # rows compared at a time
_LARGEST_CELL = 512  # pixels
_EVIDENCE = 14.0  # natural log of the odds against chance that a comb must have
_FEWEST_CHANGES = 6
_ON_COMB = 0.98  # of the changes, in a lossless file
_AS_WELL = 0.98  # of what stands on the best comb, that a coarser one must hold
_HEAVIEST = 0.4  # of all weight: so many of the heaviest changes tell of most cells that they are none
_SPAN = 32  # the fewest changes whose least distance bounds the ratio
_STRAYING = 0.3  # of the changes that chance would put on copies: rounding puts some there
_STEPS = 4  # ratios tried a line: those of a cut picture are no whole number of lines
LARGEST_PICTURE_CELL = 16  # pixels: no picture is enlarged by more without a kernel
_LARGEST_TIED = 15  # denominator of a ratio whose samples may lie between two pixels


class Pitch(NamedTuple):
    """How one axis repeats its lines.

    lines: how many distinct ones there are, or were before flat places hid some. cell: in how many whole
    pixels everything lies, 0 where it is no whole number. start: where the first whole cell begins. hidden:
    how many lines of a ratio that is none are missing, as in flat places. few: too few lines to count by.
    """

    lines: int
    cell: int
    start: int = 0
    hidden: int = 0
    few: bool = False


def changes(pixels: Pixels, rows: Lines, columns: Lines) -> tuple[Changes, Changes] | None:
    """(W - 1,) and (H - 1,): whether each column, and row, differs from the one before; None: nearly all do.

    rows, columns: the luma lines of planes.samples, which show at once where nothing repeats.
    """
    across, down = (np.asarray(np.diff(lines, axis=1).any(0)) for lines in (rows, columns))
    if max(1 - across.mean(), 1 - down.mean()) < _LEAST_SHARE:
        return None
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, -1)
    channels = flat.shape[1] // width
    for at in np.flatnonzero(~down):
        down[at] = bool((flat[at] != flat[at + 1]).any())
    unlike = np.zeros(flat.shape[1] - channels, np.bool_)
    for top in range(0, height, _ROWS):
        strip = flat[top : top + _ROWS]
        unlike |= np.logical_or.reduce(strip[:, channels:] != strip[:, :-channels], axis=0)
    across = np.asarray(unlike.reshape(-1, channels).any(1))
    return across, down


def pitch(changed: Changes) -> Pitch | None:
    """What one axis' changes tell, or None: they follow no ratio."""
    length, at = changed.size + 1, np.flatnonzero(changed) + 1
    if at.size < _FEWEST_CHANGES or at.size > (1 - _LEAST_SHARE) * length:
        return None
    cell, start = comb(at, np.ones(at.size), _ON_COMB)
    if cell > 1:
        return Pitch(_whole(length, cell, start), cell, start)
    lines = _counted_lines(at, length)
    if lines is None:
        wide = _wide_cell(at)
        return Pitch(round(length / wide), 0, few=True) if wide else None
    return Pitch(lines, 0, 0, lines - at.size - 1)


def _wide_cell(at: NDArray[np.intp]) -> float:
    """The wide cell, no whole number of pixels, on whose multiples all of few changes stand; 0: none.

    They are too few to count copies by, as those of a QR code that was fitted to a size.
    """
    cell = float(np.diff(at).min())
    if cell <= LARGEST_PICTURE_CELL:
        return 0.0
    away = at - at[0]
    for place in away[1:]:  # the farther away, the better it tells
        cell = float(place / np.round(place / cell))
    off = np.abs(away - np.round(away / cell) * cell).max()
    return cell if off <= 1 and at.size * math.log(cell / 3) >= _EVIDENCE else 0.0


def _whole(length: int, cell: int, start: int) -> int:
    """How many cells a length holds, those cut off at its ends counted."""
    return (length - start) // cell + bool((length - start) % cell) + bool(start)


def comb(at: NDArray[np.intp], weights: NDArray[np.float64], least: float, slack: int = 0) -> tuple[int, int]:
    """The largest cell on whose multiples nearly all changes stand, and where its first one begins.

    (0, 0): there is none. slack: pixels to each side that count as on it.
    """
    wanted, largest = least * weights.sum(), min(_LARGEST_CELL, int(at.max(initial=0)))
    # how many changes weigh alike; two of them fix a comb, and the others could have missed it
    free = float(weights.sum()) ** 2 / max(float(np.square(weights).sum()), 1e-9) - 2
    found, hopeless = [], np.zeros(largest + 1, np.bool_)
    for cell in _primes_without_hope(at, weights, wanted, largest, slack):
        hopeless[cell::cell] = True
    for cell in range(2, largest + 1):
        if hopeless[cell]:
            continue
        on, start = _most_on(at, weights, cell, slack)
        if on < wanted:
            hopeless[cell::cell] = True  # what stands on a comb stands on every finer one that it is part of
            continue
        chance = (2 * slack + 1) / cell
        if chance <= 0.6 and free * -np.log(chance) >= _EVIDENCE:
            found.append((on, cell, start))
    most = max((on for on, _, _ in found), default=0.0)
    return max(((cell, start) for on, cell, start in found if on >= _AS_WELL * most), default=(0, 0))


def _primes_without_hope(
    at: NDArray[np.intp], weights: NDArray[np.float64], wanted: float, largest: int, slack: int
) -> NDArray[np.intp]:
    """Prime cells on whose combs the heaviest changes alone scatter too much, all counted at once."""
    primes = _primes(_LARGEST_CELL)
    primes = primes[primes <= largest]
    order = np.argsort(-weights, kind="stable")
    sums = np.cumsum(weights[order])
    few = order[: int(np.searchsorted(sums, _HEAVIEST * sums[-1])) + 1] if order.size else order
    if not few.size or not primes.size:
        return primes[:0]
    starts = np.cumsum(primes) - primes
    places = at[few] % primes[:, None] + starts[:, None]
    there = np.bincount(places.ravel(), np.tile(weights[few], primes.size), int(primes.sum()))
    most = (2 * slack + 1) * np.maximum.reduceat(there, starts) + weights.sum() - weights[few].sum()
    without: NDArray[np.intp] = primes[most < wanted * (1 - 1e-9)]
    return without


@functools.cache
def _primes(largest: int) -> NDArray[np.intp]:
    known = [n for n in range(2, largest + 1) if all(n % d for d in range(2, int(n**0.5) + 1))]
    return np.array(known, np.intp)


def _most_on(at: NDArray[np.intp], weights: NDArray[np.float64], cell: int, slack: int) -> tuple[float, int]:
    """The most weight that stands on one comb of a cell, and where that comb starts."""
    there = np.bincount(at % cell, weights, cell)
    ring = np.concatenate([there[cell - slack :], there, there[:slack]]) if slack else there
    near = np.add.reduce([ring[shift : shift + cell] for shift in range(2 * slack + 1)])
    start = int(np.argmax(near))
    return float(near[start]), start


def _counted_lines(at: NDArray[np.intp], length: int) -> int | None:
    """The lines of a nearest-neighbour enlargement by no whole number; None where it is none.

    Of the ratios that the changes leave open it is the one that puts the fewest where it has copies.
    """
    lowest, highest = _bounds(at)
    highest = min(highest, 1 - _LEAST_SHARE)
    steps = range(math.ceil(lowest * length * _STEPS), int(highest * length * _STEPS) + 1)
    ratios = [step / length / _STEPS for step in steps]
    tried = [(ratio, at, 1 - ratio) for ratio in ratios]
    tried += _tied(at, at.size / length, lowest, highest)
    best, found = _STRAYING, None
    for ratio, settled, chance in tried:
        odds = -at.size * math.log(1 - chance) - math.log(len(tried))  # that no change stands on a copy
        if odds >= _EVIDENCE and (strays := _strays(settled, ratio)) < best * chance:
            best, found = strays / chance, max(round(ratio * length), at.size + 1)
    return found


def _bounds(at: NDArray[np.intp]) -> tuple[float, float]:
    """The ratios that are left open by the changes that stand closest.

    k lines take k / ratio pixels, give or take one, and more where flat places hide some: so the least
    distance of any k changes bounds the ratio from below, the closer the more changes.
    """
    found, count = (1.0, 0.0), _SPAN
    while count < at.size:
        least = int((at[count:] - at[:-count]).min())
        bounds = count / (least + 1), count / (least - 1)
        found = bounds if count == _SPAN else max(found, bounds)
        count *= 2
    return found


def _tied(
    at: NDArray[np.intp], density: float, lowest: float, highest: float
) -> Iterator[tuple[float, NDArray[np.intp], float]]:
    """Yield ratios with samples on the border of two pixels, the changes, and the share on copies by chance.

    Every third sample of 2/3 is one. Rounding takes either pixel, and the change stands before or behind it:
    all are put before it where no other stands there.
    """
    for of in range(3, _LARGEST_TIED + 1, 2):
        for part in range(2, of, 2):
            if not lowest <= part / of <= highest or math.gcd(part, of) > 1:
                continue
            for start in range(of):
                behind = (at % of == start) & ~np.isin(at - 1, at)
                yield part / of, np.where(behind, at - 1, at), density / of


def _strays(at: NDArray[np.intp], ratio: float) -> float:
    """The share of changes where this ratio, at its best phase, would have copies."""
    phases = np.sort((at * ratio) % 1.0)
    ahead = np.searchsorted(np.concatenate([phases, phases + 1]), phases + ratio - 1e-9)
    return 1.0 - float((ahead - np.arange(phases.size)).max()) / phases.size
