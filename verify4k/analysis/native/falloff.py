"""How the power spectrum falls around a supposed native size: past its Nyquist frequency little is left."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Parts of the spectrum, relative to the native Nyquist frequency, whose levels are compared.
BAND_EDGES = (0.30, 0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.96, 1.04, 1.12, 1.2, 1.35, 1.5, 1.75, 2.0)
_LAST_BAND = 0.985  # of the spectrum, beyond which codecs and resizers leave what they like
BAND_BELOW_NYQUIST = 6  # the part just below the native Nyquist frequency, BAND_EDGES[6] to BAND_EDGES[7]


def band_levels(level: NDArray[np.float32], at: int) -> NDArray[np.float64]:
    """(14,) mean levels in dB of the parts between BAND_EDGES; nan where the spectrum has ended."""
    end = int(_LAST_BAND * level.size)
    found = np.full(len(BAND_EDGES) - 1, np.nan)
    for number, (low, high) in enumerate(itertools.pairwise(BAND_EDGES)):
        start = int(low * at)
        if start < end:
            found[number] = level[start : max(start + 1, min(int(high * at), end))].mean()
    return found


def falloff_bend(level: NDArray[np.float32], at: int) -> float:
    """Decibels by which the spectrum falls off faster at a size than before it.

    Below 0 it makes a shelf: past the old Nyquist frequency the mirror image goes on.
    """
    length = level.size

    def mean(low: float, high: float) -> float:
        return float(level[int(low * at) : max(int(low * at) + 1, min(length, int(high * at)))].mean())

    if int(1.03 * at) >= length:
        return 0.0
    before, below, above = mean(0.72, 0.84), mean(0.86, 0.98), mean(1.02, 1.14)
    return (below - above) - (before - below)


def falloff_below_trend(level: NDArray[np.float32], at: int) -> float:
    """How far the spectrum lies below its own trend past a size, in units of 10 dB.

    An enlargement has nothing of its own there. The trace of a *reduction* by s can fall
    on the ratio s - 1 (resampling factors are known modulo 1), but the picture goes on.
    """
    length = level.size
    ends = np.geomspace(0.35, 0.85, 7) * at
    parts = [float(level[int(a) : max(int(a) + 1, int(b))].mean()) for a, b in itertools.pairwise(ends)]
    middles = np.log(np.sqrt(ends[1:] * ends[:-1]))
    slope = min(0.0, float(np.polyfit(middles, parts, 1)[0]))
    start, stop = int(1.15 * at), int(min(1.6 * at, 0.98 * length))
    if stop - start < 0.03 * length:
        start, stop = int(1.02 * at), int(0.985 * length)
    if stop <= start:
        return 0.0
    trend = np.mean(parts) + slope * (np.log((start + stop) / 2) - middles.mean())
    return float(np.clip((trend - level[start:stop].mean()) / 10, -1, 3))
