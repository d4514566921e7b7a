"""Turn the curves of both axes into a short list of peaks, in units of the local noise.

Texture makes neighbouring signs agree by chance more often than independent signs
would, so each curve is first set against the median and the median deviation of its own
neighbourhood (as a constant-false-alarm-rate detector does). A picture is enlarged
on both axes at once: a peak counts only where both curves have one at the same ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from verify4k.analysis.native.cyclic import CyclicAutocorrelation
    from verify4k.analysis.native.spectra import Curves

_WINDOW = 192  # bins of a neighbourhood
_WINDOW_STEP = 32  # bins between neighbourhoods
_MAD_TO_SIGMA = 1.4826  # median absolute deviation of a normal variable, inverted
_LEAST_PEAK = 4.0  # a peak below this many deviations is not listed
MOST_PEAKS = 24  # peaks listed
_MOST_CYCLIC, CYCLIC_STRENGTH = 6, 6.0  # cyclic peaks listed, and the least strength of one
_PEAK_GAP = 5  # bins between two peaks
_FLANK = 0.01  # in ratio, within which a weaker peak is a flank
_AXIS_TOLERANCE = 2  # bins by which the two axes may differ: native sizes are rounded
FIRST_RATIO, LAST_RATIO = 0.12, 0.985  # ratios searched


@dataclass(frozen=True, slots=True)
class Axis:
    """Normalised curves of one axis, (length,) each."""

    aligned: NDArray[np.float32]
    free: NDArray[np.float32]
    curves: Curves


@dataclass(frozen=True)
class PairedAxes:
    """Both axes together, on the x axis' sizes; ``at_y`` is the size on the y axis that matched."""

    x: Axis
    y: Axis
    aligned: NDArray[np.float32]
    free: NDArray[np.float32]
    at_y: NDArray[np.intp]

    @property
    def length(self) -> int:
        """Sizes on the x axis."""
        return int(self.aligned.size)

    @property
    def strength(self) -> NDArray[np.float32]:
        """The stronger of the two statistics at each size."""
        stronger: NDArray[np.float32] = np.maximum(self.aligned, self.free)
        return stronger

    @cached_property
    def _highest(self) -> NDArray[np.float32]:
        """The highest of both statistics within two bins of each size, 0 at least."""
        around = np.lib.stride_tricks.sliding_window_view(np.pad(self.strength, 2), 5)
        highest: NDArray[np.float32] = np.maximum(around.max(1), 0)
        return highest

    def near(self, ratio: float, curve: NDArray[np.float32] | None = None) -> float:
        """The highest value within two bins of a ratio; 0 outside the searched range."""
        if not FIRST_RATIO <= ratio <= LAST_RATIO:
            return 0.0
        middle = round(ratio * self.length)
        if curve is None:
            return float(self._highest[middle])
        return float(curve[max(0, middle - 2) : middle + 3].max(initial=0.0))

    def near_any(self, ratios: NDArray[np.float64]) -> float:
        """The highest value within two bins of any of some ratios; 0 where none is searched."""
        searched = ratios[(ratios >= FIRST_RATIO) & (ratios <= LAST_RATIO)]
        return float(self._highest[np.rint(searched * self.length).astype(np.intp)].max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Peak:
    """A place where both axes mirror: size on x and y, joint strengths, and each axis' own strength.

    cyclic, cyclic_axes: joint strength of the cyclic autocorrelation, and each axis' own, where it tells of a
    lattice (cyclic.py).
    """

    x: int
    y: int
    ratio: float
    aligned: float
    free: float
    axes: tuple[float, float]
    cyclic: float = 0.0
    cyclic_axes: tuple[float, float] = (0.0, 0.0)

    @property
    def strength(self) -> float:
        """The strongest of the statistics."""
        return max(self.aligned, self.free, self.cyclic)


def normalised(curve: NDArray[np.float32]) -> NDArray[np.float32]:
    """The curve in local median deviations, never amplified below unit noise."""
    length = curve.size
    count = max(1, length // _WINDOW_STEP)
    middles = (np.arange(count) + 0.5) * length / count
    starts = np.clip(middles.astype(int) - _WINDOW // 2, 0, max(0, length - _WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(curve, min(_WINDOW, length))[starts]
    usual = median(windows, -1)
    spread = _MAD_TO_SIGMA * median(np.abs(windows - usual[:, None]), -1)
    bins = np.arange(length)
    scale = np.maximum(np.interp(bins, middles, spread), 1.0)
    found: NDArray[np.float32] = ((curve - np.interp(bins, middles, usual)) / scale).astype(np.float32)
    return found


def normalised_axis(curves: Curves) -> Axis:
    """All reaches and bands of one axis summed with the weight of their pair counts."""
    whole = max(1.0, float(curves.pairs.sum()))
    total = np.einsum("rb,rbn->n", curves.pairs, curves.aligned) / np.float32(np.sqrt(whole))
    return Axis(normalised(total), normalised(curves.free), curves)


def matched_by_ratio(
    x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """For each size on x the best sum with a size on y of the same ratio; a lone axis counts little."""
    start = np.arange(x.size) * y.size // x.size - _AXIS_TOLERANCE + 1
    best = np.full(x.size, -9.0, np.float32)
    where = np.zeros(x.size, np.intp)
    for shift in range(2 * _AXIS_TOLERANCE):
        at = np.clip(start + shift, 0, y.size - 1)
        other = y[at]
        both = np.minimum((x + other) / np.float32(np.sqrt(2)), np.float32(2.2) * np.minimum(x, other))
        where = np.where(both > best, at, where)
        best = np.maximum(best, both)
    return best, where


def paired_axes(x: Axis, y: Axis) -> PairedAxes:
    """Both statistics of both axes, matched by ratio."""
    aligned, at_aligned = matched_by_ratio(x.aligned, y.aligned)
    free, at_free = matched_by_ratio(x.free, y.free)
    return PairedAxes(x, y, aligned, free, np.where(aligned >= free, at_aligned, at_free))


def paired_peaks(both: PairedAxes) -> list[Peak]:
    """The strongest peaks, strongest first."""
    ratios = np.arange(both.length) / both.length
    searched = np.where((ratios >= FIRST_RATIO) & (ratios <= LAST_RATIO), both.strength, np.float32(-9))
    return [peak_at(both, at) for at in _local_maxima(searched, _LEAST_PEAK, MOST_PEAKS)]


def distinct_peaks(both: PairedAxes, is_worth: Callable[[Peak], bool]) -> list[Peak]:
    """The strongest peaks that are worth it, strongest first, without the flanks of others."""
    found: list[Peak] = []
    for peak in paired_peaks(both):
        if is_worth(peak) and all(abs(peak.ratio - other.ratio) > _FLANK for other in found):
            found.append(peak)
    return found


def _local_maxima(curve: NDArray[np.float32], least: float, most: int) -> list[int]:
    """Where a curve stands out, strongest first, with _PEAK_GAP bins between two places."""
    left, found = curve.copy(), list[int]()
    while len(found) < most and left.max() >= least:
        at = int(np.argmax(left))
        found.append(at)
        left[max(0, at - _PEAK_GAP) : at + _PEAK_GAP + 1] = -9
    return found


def with_cyclic_peaks(
    both: PairedAxes, x: CyclicAutocorrelation, y: CyclicAutocorrelation, known: list[Peak]
) -> list[Peak]:
    """The peaks, and what the cyclic autocorrelations of both axes show besides, strongest first.

    Networks that enlarge leave lattices which no mirror image betrays.
    """
    on_x, on_y = ([normalised(curve) for curve in axis.curves] for axis in (x, y))
    curves = [matched_by_ratio(*lag) for lag in zip(on_x, on_y, strict=True)]
    stronger = np.maximum(*(curve for curve, _ in curves))
    stronger[np.arange(stronger.size) < FIRST_RATIO * x.length] = -9
    found = list(known)
    for near in _local_maxima(stronger, CYCLIC_STRENGTH, _MOST_CYCLIC):
        strength = float(stronger[near])
        lag = max(range(len(curves)), key=lambda n: curves[n][0][near])
        start = max(0, near - _AXIS_TOLERANCE)  # where y is weaker, the joint curve has a flat top on x
        at = start + int(np.argmax(on_x[lag][start : near + _AXIS_TOLERANCE + 1]))
        y_at = int(curves[lag][1][at])
        # Lines are as long as the picture, planes at most LENGTH of planes.py.
        on = round(at / x.length * both.length), round(y_at / y.length * both.y.aligned.size)
        axes = float(on_x[lag][at]), float(on_y[lag][y_at])
        known_at = next((n for n, one in enumerate(found) if abs(one.x - on[0]) <= _AXIS_TOLERANCE), None)
        if known_at is None:
            new, ratio = peak_at(both, on[0]), (at / x.length + y_at / y.length) / 2
            found.append(replace(new, y=on[1], ratio=ratio, axes=axes, cyclic=strength, cyclic_axes=axes))
        elif strength > found[known_at].cyclic:
            found[known_at] = replace(found[known_at], cyclic=strength, cyclic_axes=axes)
    return sorted(found, key=lambda one: -one.strength)


def peak_at(both: PairedAxes, at: int) -> Peak:
    """What is at a size on x: the highest values within two bins of it."""
    y = int(both.at_y[at])
    near_x, near_y = slice(max(0, at - 2), at + 3), slice(max(0, y - 2), y + 3)
    on_x = max(both.x.aligned[near_x].max(), both.x.free[near_x].max())
    on_y = max(both.y.aligned[near_y].max(), both.y.free[near_y].max())
    ratio = (at / both.length + y / both.y.aligned.size) / 2
    return Peak(
        at, y, ratio, both.near(at / both.length, both.aligned), both.near(at / both.length, both.free),
        (float(on_x), float(on_y)),
    )  # fmt: skip
