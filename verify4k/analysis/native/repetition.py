"""Repeated rows and columns: enlargement by nearest neighbour, pixel art, screenshots at 200 %.

Where a nearest-neighbour enlargement repeats a column, the difference between two
neighbours falls to nothing, at the places that one ratio dictates over the whole
picture. The ratio is found by counting, then confirmed against those places, so
that flat areas and page layouts, which repeat unevenly, do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEIGHBOURHOOD = 120  # columns over which the ordinary difference is measured
_QUIET = 0.15  # grey levels below which a block says nothing
_LIVE = 0.5  # share of blocks that must say something
_CONTRAST = 0.30  # a repeated step may be at most this share of a new one
_FEWEST_REPEATED, _MOST_REPEATED = 0.04, 0.97  # share of repeated steps
_SEARCH = 0.02  # how far the count may be off
_FAINT = 3.0  # grey levels from one codec block to the next, at most
PHASES = 32  # places in a period that are told apart
PHASE_SHARE = 0.05  # how far the share of new lines may be from a ratio
_PARTS = 8  # parts of the picture that must each agree


@dataclass(frozen=True, slots=True)
class Repetition:
    """ratio: new lines / lines. contrast: mean repeated step over mean new step, 0 when exact."""

    ratio: float
    contrast: float


def mean_steps(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(count, length) full-resolution luma lines -> (length - 1,) mean absolute step to the next sample."""
    found: NDArray[np.float32] = np.abs(np.diff(lines, axis=1)).mean(0)
    return found


def relative_steps(step: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Steps relative to what is ordinary where they stand; None if most of the picture is flat."""
    count = step.size // _NEIGHBOURHOOD
    if count < 2:
        return None
    blocks = step[: count * _NEIGHBOURHOOD].reshape(count, _NEIGHBOURHOOD)
    ordinary: NDArray[np.float32] = quantile(blocks, 0.9, axis=1)
    if (ordinary > _QUIET).mean() < _LIVE:
        return None
    middles = (np.arange(count) + 0.5) * _NEIGHBOURHOOD
    scale = np.interp(np.arange(step.size), middles, np.maximum(ordinary, _QUIET))
    return (step / scale).astype(np.float32)


def repeated_steps(ratio: float, length: int) -> NDArray[np.bool_]:
    """Which of length - 1 steps repeat when nearest neighbour enlarges by 1 / ratio."""
    source = np.floor((np.arange(length) + 0.5) * ratio)
    same: NDArray[np.bool_] = source[1:] == source[:-1]
    return same


def _repetition_contrast(relative: NDArray[np.float32], ratio: float) -> float:
    """The worst part's mean repeated step over its mean new step."""
    same = repeated_steps(ratio, relative.size + 1)
    worst = 0.0
    for part, chosen in zip(np.array_split(relative, _PARTS), np.array_split(same, _PARTS), strict=True):
        if not chosen.any() or chosen.all():
            return 1.0
        worst = max(worst, float(part[chosen].mean() / max(float(part[~chosen].mean()), 1e-6)))
    return worst


def phase_profile(step: NDArray[np.float32], size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(PHASES,) sums of relative steps and their counts by where each lies in a period of ``size`` lines."""
    length = step.size + 1
    phase = (np.arange(step.size, dtype=np.int64) * size % length) * PHASES // length
    sums = np.bincount(phase, step, PHASES).astype(np.float64)
    return sums, np.bincount(phase, minlength=PHASES).astype(np.float64)


def phase_correlation(
    sums: NDArray[np.float64], counts: NDArray[np.float64], spread: float, ratio: float
) -> float:
    """How well "new lines are a ``ratio`` of all" explains the steps: correlation 0..1, at the best phase.

    spread: sum of squared deviations of the steps. Rounding, a crop and each program's own convention
    shift the pattern, so every phase is tried.
    """
    width = min(PHASES - 1, max(1, int(ratio * PHASES)))
    inside, within = (_arcs(part, width) for part in (sums, counts))
    whole, total = sums.sum(), counts.sum()
    # Of a ratio with few phases an arc may hold one too many or too few.
    known = (within > 0) & (within < total) & (np.abs(within / total - ratio) <= PHASE_SHARE)
    if not known.any() or spread <= 0:
        return 0.0
    within, inside = within[known], inside[known]
    apart = np.maximum(inside / within - (whole - inside) / (total - within), 0)
    between = apart**2 * within * (total - within) / total
    return float(np.sqrt(min(1.0, between.max() / spread)))


def _arcs(bins: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Sums of ``width`` neighbours on a ring, from each place on."""
    ring = np.concatenate([[0.0], np.cumsum(np.concatenate([bins, bins[:width]]))])
    found: NDArray[np.float64] = ring[width : width + bins.size] - ring[: bins.size]
    return found


def _refined(relative: NDArray[np.float32], ratio: float) -> Repetition:
    """The native size near a first guess whose places fit best."""
    length = relative.size + 1
    around = np.arange(
        max(2, round((ratio - _SEARCH) * length)), min(length, round((ratio + _SEARCH) * length) + 1)
    )
    same = np.stack([repeated_steps(size / length, length) for size in around])
    repeated = same @ relative / np.maximum(same.sum(1), 1)
    new = (relative.sum() - same @ relative) / np.maximum((~same).sum(1), 1)
    best = float(around[np.argmin(repeated / np.maximum(new, 1e-6))]) / length
    return Repetition(best, _repetition_contrast(relative, best))


def repetition(lines: NDArray[np.float32]) -> Repetition | None:
    """The enlargement that repeats lines along this axis, or None."""
    relative = relative_steps(mean_steps(lines))
    if relative is None:
        return None
    share = float((relative < 0.33).mean())
    if not _FEWEST_REPEATED <= share <= _MOST_REPEATED:
        return None
    found = _refined(relative, 1 - share)
    if found.contrast > _CONTRAST or _is_codec_blocks(found.ratio, lines):
        return None
    return found


def _is_codec_blocks(ratio: float, lines: NDArray[np.float32]) -> bool:
    """Whether these are the flat blocks into which a coarse codec cuts pictures, or any codec gradients."""
    pitch = round(1 / ratio)
    if pitch not in (4, 8, 16) or abs(ratio * pitch - 1) >= 0.02:
        return False
    # Without a codec such lines would be copies to the last pixel (copies.py); a transform of 4 keeps more.
    return pitch != 4 or float(mean_steps(lines).mean()) * pitch < _FAINT
