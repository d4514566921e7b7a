"""One score for each peak, from small networks and trees that were taught once and frozen.

The score is the natural log of the odds that a peak is an enlargement rather than a codec's grid, a sensor's,
a ghost or chance: the mean of a few networks of one hidden layer (rectified), which differ in where their
teaching started, over the standardised numbers of description.py. One set judges ratios above 0.70.
Below, a first set lets most pictures go, and is sure of some, and a jury of networks and trees looks for
what neural networks enlarged, whose lattices are unlike any kernel's. Where neither settles it, the
spectra are measured once more with detailed places emphasised, and a second jury judges; where no peak
tells of an enlargement, a third judges the peaks of light instead of levels. The weights and the score that
each zone must pass are data (data/native_model.json), with the date and the pictures they come from;
benchmarks/native_corpus/learn.py teaches them and benchmarks/native.py measures them.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from verify4k.analysis.native import lattices, peaks
from verify4k.analysis.native.description import EMPHASIS, FEATURES, emphasised
from verify4k.analysis.native.trees import Trees, trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.description import Described
    from verify4k.analysis.native.peaks import Joint, Peak

FILE = "native_model.json"
LEAST_RATIO = 0.20  # below, texture makes lines of its own; repeated rows are found by repetition.py
HINT = 4.3  # strength of a line in a glimpse that is worth a whole look
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
class Jury:
    """Networks, and trees where there are any, whose mean counts; and the odds that each zone must pass."""

    judges: tuple[Networks | Trees, ...]
    thresholds: dict[str, float]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(peaks, features) -> (peaks,) log odds."""
        found: NDArray[np.float64] = np.mean([judge.odds(features) for judge in self.judges], axis=0)
        return found

    def scored(
        self,
        candidates: list[Described],
        features: list[NDArray[np.float64]],
        *,
        more: float,
        light: bool = False,
    ) -> list[Scored]:
        """Candidates, and by how much their log odds pass the threshold of their zone and ``more``."""
        if not candidates:
            return []
        odds = self.odds(np.array(features))
        return [
            Scored(one, float(said) - self.thresholds[one.zone] - more, light)
            for one, said in zip(candidates, odds, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Model:
    """What judges below and above the border of 0.70.

    first: over FEATURES. Below ``gate`` it lets go, above ``sure`` nothing needs a second look.
    second: with EMPHASIS. neural: over FEATURES, for what neural networks enlarged. light: over the curves of
    light, with what is left in the plain ones in the place of EMPHASIS. above: over FEATURES.
    """

    first: Networks
    gate: float
    sure: float
    second: Jury
    neural: Jury
    light: Jury
    above: Jury


@functools.cache
def frozen() -> Model:
    """The model that ships."""
    kept = json.loads(resources.files("verify4k").joinpath("data", FILE).read_text("utf-8"))
    if tuple(kept["features"]) != (*FEATURES, *EMPHASIS):
        raise ValueError(f"{FILE} was taught other features than those of description.py")
    juries = (jury(kept[name]) for name in ("second", "neural", "light", "above"))
    return Model(networks(kept["first"]), kept["gate"], kept["sure"], *juries)


def jury(kept: dict[str, Any]) -> Jury:
    """A jury from what the file says of it."""
    grown = (trees(kept["trees"]),) if "trees" in kept else ()
    return Jury((networks(kept["networks"]), *grown), kept["thresholds"])


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


def worth(zone: str, peak: Peak) -> bool:
    """Whether a peak can become a verdict."""
    least = LEAST_STRENGTH if zone == "above" else SURE_STRENGTH
    return peak.strength >= least and peak.ratio >= LEAST_RATIO


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
    known = [one for one in candidates if worth(one.zone, one.peak)]
    above = [one for one in known if one.zone == "above"]
    below = [one for one in known if one.zone != "above"]
    plain = np.array([one.features for one in below]).reshape(len(below), len(FEATURES))
    found = model.above.scored(above, [one.features for one in above], more=more)
    first = list(zip(below, model.first.odds(plain) - more, strict=True))
    told = [Scored(one, float(odds - model.sure)) for one, odds in first if odds > model.sure]
    told += [one for one in model.neural.scored(below, list(plain), more=more) if one.margin > 0]
    held = [] if told else [one for one, odds in first if odds + more > model.gate]
    whole = [emphasised(one, spectra.plain, spectra.emphasised) for one in held]
    found += told or model.second.scored(held, whole, more=more)
    return sorted(found, key=lambda one: -one.margin)


def hinted(glimpse: Joint, form: str) -> bool:
    """Whether a glimpse of the planes of light shows a line that a whole look at them may confirm."""
    below = [
        peak for zone, peak in lattices.candidates(glimpse, peaks.peaks(glimpse), form) if zone != "above"
    ]  # fmt: skip
    return any(peak.ratio >= LEAST_RATIO and peak.strength >= HINT for peak in below)


def lit(candidates: list[Described], spectra: Spectra, *, more: float = 0.0) -> list[Scored]:
    """Candidates below the border from the curves of light, scored like those of ``scored``."""
    strong = [one for one in candidates if one.zone != "above" and worth(one.zone, one.peak)]
    whole = [emphasised(one, spectra.light, spectra.plain) for one in strong]
    return frozen().light.scored(strong, whole, more=more, light=True)


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
