"""One score for each peak, from small networks and trees that were taught once and frozen.

The score is the natural log of the odds that a peak is an enlargement rather than a codec's grid, a
ghost or chance: the mean of a few networks of one hidden layer (rectified), which differ in where their
teaching started, over the standardised numbers of description.py. One set judges ratios above 0.70.
Below, a first set lets most pictures go, and is sure of some. Where it is neither, the spectra are measured
once more with detailed places emphasised, and a second set judges together with trees. Where no peak
tells of an enlargement, a third set judges the peaks of light instead of levels. The weights and
the score that each zone must pass are data (data/native_model.json), with the date and the pictures they
come from; benchmarks/native_corpus/learn.py teaches them and benchmarks/native.py measures them.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import numpy as np

from verify4k.analysis import lattices, peaks
from verify4k.analysis.description import EMPHASIS, FEATURES, emphasised
from verify4k.analysis.trees import Trees, trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify4k.analysis.description import Described
    from verify4k.analysis.peaks import Joint

FILE = "native_model.json"
LEAST_RATIO = 0.20  # below, texture makes lines of its own; repeated rows are found by repetition.py
HINT = 4.5  # strength of a line in a glimpse that is worth a whole look
LEAST_STRENGTH = 4.5  # joint deviations below which nothing was taught
SURE_STRENGTH = 6.0  # below, a peak may be chance: no error rests on it, however the spectrum falls
OVERRULES = 3.0  # times
WEAKER = 0.6  # times
ALIAS = 0.003  # in ratio
CELLS = 0.1  # correlation from which the cells of nearest neighbour tell a ratio from its mirror image
_CELLS = FEATURES.index("cells")
LIMIT = 6.0  # spreads: what is farther from the middle counts no more, since nothing was taught there


@dataclass(frozen=True, slots=True)
class Networks:
    """(nets, features, hidden), (nets, hidden), (nets, hidden) and (nets,) weights, with their scaling.

    middle, spread: (features,) what is subtracted and divided by; an unknown feature counts as the middle,
    and none counts more than LIMIT spreads.
    """

    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    inner: NDArray[np.float64]
    inner_bias: NDArray[np.float64]
    outer: NDArray[np.float64]
    outer_bias: NDArray[np.float64]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(peaks, features) -> (peaks,) log odds."""
        scaled = np.clip(np.nan_to_num((features - self.middle) / self.spread), -LIMIT, LIMIT)
        hidden = np.maximum(np.einsum("pf,nfh->nph", scaled, self.inner) + self.inner_bias[:, None], 0)
        found: NDArray[np.float64] = (
            np.einsum("nph,nh->np", hidden, self.outer) + self.outer_bias[:, None]
        ).mean(0)
        return found


@dataclass(frozen=True, slots=True)
class Model:
    """The networks below and above the border of 0.70, and the log odds that each zone must pass.

    first: over FEATURES. Below ``gate`` it lets go, above ``sure`` nothing needs a second look.
    second, trees: with EMPHASIS; the mean of both counts. light, light_trees: the same over the curves of
    light, with what is left in the plain ones in the place of EMPHASIS, and thresholds of their own.
    """

    first: Networks
    second: Networks
    trees: Trees
    above: Networks
    gate: float
    sure: float
    thresholds: dict[str, float]
    light: Networks
    light_trees: Trees
    light_thresholds: dict[str, float]


@functools.cache
def frozen() -> Model:
    """The model that ships."""
    kept = json.loads(resources.files("verify4k").joinpath("data", FILE).read_text("utf-8"))
    if tuple(kept["features"]) != (*FEATURES, *EMPHASIS):
        raise ValueError(f"{FILE} was taught other features than those of description.py")
    first, second, above, light = (networks(kept[name]) for name in ("first", "second", "above", "light"))
    return Model(
        first, second, trees(kept["trees"]), above, kept["gate"], kept["sure"], kept["thresholds"],
        light, trees(kept["light_trees"]), kept["light_thresholds"],
    )  # fmt: skip


def networks(kept: dict[str, list[float]]) -> Networks:
    """Networks from their lists of numbers."""
    return Networks(**{name: np.array(numbers) for name, numbers in kept.items()})


@dataclass(frozen=True, slots=True)
class Scored:
    """A peak and by how much its score passes (or misses) the threshold of its zone.

    light: whether the peak is one of the planes of light.
    """

    described: Described
    margin: float
    light: bool = False


def fit(one: Described) -> bool:
    """Whether the networks were taught about such peaks."""
    return one.peak.strength >= LEAST_STRENGTH and one.peak.ratio >= LEAST_RATIO


class Spectra(Protocol):
    """The joint curves of a picture's planes; those of emphasised planes are measured only when asked for."""

    @property
    def plain(self) -> Joint:
        """Of the planes as they are."""

    @property
    def emphasised(self) -> Joint:
        """Of planes in which detailed places count more."""

    @property
    def glimpse(self) -> Joint:
        """A quick look at planes of light instead of levels."""

    @property
    def light(self) -> Joint:
        """A whole one."""


def scored(candidates: list[Described], spectra: Spectra, *, more: float = 0.0) -> list[Scored]:
    """The candidates that were taught about, best first; those that the first networks let go left out.

    more: log odds asked for beyond the thresholds.
    """
    model = frozen()
    known = [one for one in candidates if fit(one)]
    above = [one for one in known if one.zone == "above"]
    below = [one for one in known if one.zone != "above" and one.peak.strength >= SURE_STRENGTH]
    judged = _judged([model.above], above, [one.features for one in above])
    found = [Scored(one, odds - model.thresholds["above"] - more) for one, odds in judged]
    first = _judged([model.first], below, [one.features for one in below])
    sure = [Scored(one, odds - model.sure - more) for one, odds in first if odds > model.sure + more]
    held = [] if sure else [one for one, odds in first if odds > model.gate]
    whole = [emphasised(one, spectra.plain, spectra.emphasised) for one in held]
    second = _judged([model.second, model.trees], held, whole)
    found += sure or [Scored(one, odds - model.thresholds[one.zone] - more) for one, odds in second]
    return sorted(found, key=lambda one: -one.margin)


def hinted(glimpse: Joint, form: str) -> bool:
    """Whether a glimpse of the planes of light shows a line that a whole look at them may confirm."""
    below = [
        peak for zone, peak in lattices.candidates(glimpse, peaks.peaks(glimpse), form) if zone != "above"
    ]  # fmt: skip
    return any(peak.ratio >= LEAST_RATIO and peak.strength >= HINT for peak in below)


def lit(candidates: list[Described], spectra: Spectra, *, more: float = 0.0) -> list[Scored]:
    """Candidates below the border from the curves of light, scored like those of ``scored``."""
    model = frozen()
    strong = [
        one for one in candidates
        if fit(one) and one.zone != "above" and one.peak.strength >= SURE_STRENGTH
    ]  # fmt: skip
    whole = [emphasised(one, spectra.light, spectra.plain) for one in strong]
    odds = _judged([model.light, model.light_trees], strong, whole)
    return [Scored(one, said - model.light_thresholds[one.zone] - more, light=True) for one, said in odds]


def _judged(
    judges: Sequence[Networks | Trees], candidates: list[Described], features: list[NDArray[np.float64]]
) -> list[tuple[Described, float]]:
    """Each candidate with the mean of the judges' log odds."""
    if not candidates:
        return []
    odds = np.mean([judge.odds(np.array(features)) for judge in judges], axis=0)
    return list(zip(candidates, map(float, odds), strict=True))


def chosen(ranked: list[Scored]) -> Scored | None:
    """The candidate that the verdict rests on.

    An enlargement from r also shows at 2r and at 1 - r: the lower of two that pass is meant, unless it
    is much the weaker. The cells of nearest neighbour tell a ratio from its mirror image. And where a
    trace above 0.70 is far stronger than the one below, the lower is a by-product of it.
    """
    passed = sorted((one for one in ranked if one.margin > 0), key=lambda one: -one.margin)
    above = next((one for one in passed if one.described.zone == "above"), None)
    below = next((one for one in passed if one.described.zone != "above"), None)
    if below is None or (above is not None and strength(above) > OVERRULES * strength(below)):
        return above
    ratio = below.described.peak.ratio
    mirrored = [one for one in passed if one is not below and mirrors(ratio, one.described.peak.ratio)]
    clearest = max([below, *mirrored], key=cells)
    if mirrored and cells(clearest) > CELLS:
        return clearest
    for one in passed:
        lower = one.described.peak.ratio
        related = abs(ratio - 2 * lower) < ALIAS or (lower < ratio and mirrors(ratio, lower))
        if one.described.zone != "above" and related and strength(one) > WEAKER * strength(below):
            return one
    return below


def mirrors(ratio: float, other: float) -> bool:
    """Whether one is where the other shows again."""
    return abs(ratio + other - 1) < ALIAS


def strength(one: Scored) -> float:
    """Joint strength of the peak."""
    return one.described.peak.strength


def cells(one: Scored) -> float:
    """How well cells of this size explain where the picture's lines change."""
    return float(one.described.features[_CELLS])
