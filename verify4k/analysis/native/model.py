"""One score for each peak, from small networks and trees that were taught once and frozen.

The score is the natural log of the odds that a peak is an enlargement rather than a codec's grid, a sensor's,
a ghost or chance: the mean of a few networks of one hidden layer (rectified), which differ in where their
teaching started, over the standardised numbers of description.py. One set judges ratios above 0.70.
Below, a first set lets most pictures go, and is sure of some, and an ensemble of networks and trees looks for
what neural networks enlarged, whose lattices are unlike any kernel's. Where neither settles it, the
spectra are measured once more with detailed places emphasised, and a second ensemble judges; where no peak
tells of an enlargement, a third judges the peaks of linear light. The weights and the score that each
zone must pass are data (data/native_model.json), with the date and the pictures they come from;
benchmarks/native_corpus/learn.py teaches them and benchmarks/native.py measures them.
"""

from __future__ import annotations

import functools
import json
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from verify4k.analysis.native import lattices, peaks
from verify4k.analysis.native.description import EMPHASIS_FEATURES, FEATURES, emphasis_features
from verify4k.analysis.native.trees import Trees, trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.description import Described
    from verify4k.analysis.native.peaks import PairedAxes, Peak

MODEL_FILE = "native_model.json"
LEAST_RATIO = 0.20  # below, texture makes lines of its own; repeated rows are found by repetition.py
_HINT_STRENGTH = 4.3  # strength of a line in the coarse curves that is worth a whole look
LEAST_STRENGTH = 4.5  # deviations on both axes below which nothing was taught
SURE_STRENGTH = 6.0  # below, a peak may be chance: no error rests on it, however the spectrum falls
_OVERRULES = 3.0  # times
_WEAKER = 0.6  # times
_ALIAS_TOLERANCE = 0.003  # in ratio
_LEAST_CELLS = 0.1  # correlation from which the cells of nearest neighbour tell a ratio from its mirror image
_CELLS_FEATURE = FEATURES.index("cells")
FEATURE_LIMIT = 6.0  # spreads: what is farther from the middle counts no more, since nothing was taught there


@dataclass(frozen=True, slots=True)
class Networks:
    """(nets, features, hidden), (nets, hidden), (nets, hidden) and (nets,) weights, with their scaling.

    middle, spread: (features,) what is subtracted and divided by; an unknown feature counts as the middle,
    and none counts more than FEATURE_LIMIT spreads.
    """

    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    inner: NDArray[np.float64]
    inner_bias: NDArray[np.float64]
    outer: NDArray[np.float64]
    outer_bias: NDArray[np.float64]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(peaks, features) -> (peaks,) log odds."""
        scaled = np.clip(np.nan_to_num((features - self.middle) / self.spread), -FEATURE_LIMIT, FEATURE_LIMIT)
        hidden = np.maximum(np.einsum("pf,nfh->nph", scaled, self.inner) + self.inner_bias[:, None], 0)
        found: NDArray[np.float64] = (
            np.einsum("nph,nh->np", hidden, self.outer) + self.outer_bias[:, None]
        ).mean(0)
        return found


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Networks, and trees where there are any, whose mean counts; and the odds that each zone must pass."""

    members: tuple[Networks | Trees, ...]
    thresholds: dict[str, float]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(peaks, features) -> (peaks,) log odds."""
        found: NDArray[np.float64] = np.mean([member.odds(features) for member in self.members], axis=0)
        return found

    def scored(
        self,
        candidates: list[Described],
        features: list[NDArray[np.float64]],
        *,
        more: float,
        linear_light: bool = False,
    ) -> list[Scored]:
        """Candidates, and by how much their log odds pass the threshold of their zone and ``more``."""
        if not candidates:
            return []
        odds = self.odds(np.array(features))
        return [
            Scored(one, float(score) - self.thresholds[one.zone] - more, linear_light)
            for one, score in zip(candidates, odds, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Model:
    """What judges below and above the border of 0.70.

    first: over FEATURES. Below ``gate`` it lets go, above ``sure`` nothing needs a second look.
    second: with EMPHASIS_FEATURES. neural: over FEATURES, for what neural networks enlarged. linear_light:
    over the linear-light curves, with what is left in the plain ones in the place of EMPHASIS_FEATURES.
    above: over FEATURES.
    """

    first: Networks
    gate: float
    sure: float
    second: Ensemble
    neural: Ensemble
    linear_light: Ensemble
    above: Ensemble


@functools.cache
def shipped_model() -> Model:
    """The model that ships."""
    kept = json.loads(pkgutil.get_data("verify4k", f"data/{MODEL_FILE}") or b"")
    if tuple(kept["features"]) != (*FEATURES, *EMPHASIS_FEATURES):
        raise ValueError(f"{MODEL_FILE} was taught other features than those of description.py")
    ensembles = (_ensemble(kept[name]) for name in ("second", "neural", "linear_light", "above"))
    return Model(_networks(kept["first"]), kept["gate"], kept["sure"], *ensembles)


def _ensemble(kept: dict[str, Any]) -> Ensemble:
    """An ensemble from what the file says of it."""
    grown = (trees(kept["trees"]),) if "trees" in kept else ()
    return Ensemble((_networks(kept["networks"]), *grown), kept["thresholds"])


def _networks(kept: dict[str, list[float]]) -> Networks:
    """Networks from their lists of numbers."""
    return Networks(**{name: np.array(numbers) for name, numbers in kept.items()})


@dataclass(frozen=True, slots=True)
class Scored:
    """A peak and by how much its score passes (or misses) the threshold of its zone.

    linear_light: whether the peak is one of the linear-light planes.
    """

    described: Described
    margin: float
    linear_light: bool = False


def is_eligible(zone: str, peak: Peak) -> bool:
    """Whether a peak can become a verdict."""
    least = LEAST_STRENGTH if zone == "above" else SURE_STRENGTH
    return peak.strength >= least and peak.ratio >= LEAST_RATIO


class PictureSpectra(Protocol):
    """The paired curves of a picture's planes; each is measured only when asked for."""

    @property
    def plain(self) -> PairedAxes:
        """Of the planes as they are."""

    @property
    def emphasised(self) -> PairedAxes:
        """Of planes in which detailed places count more."""

    @property
    def coarse(self) -> PairedAxes:
        """A quick look at linear-light planes instead of levels."""

    @property
    def linear_light(self) -> PairedAxes:
        """A whole one."""


def scored_levels(candidates: list[Described], spectra: PictureSpectra, *, more: float = 0.0) -> list[Scored]:
    """The candidates that were taught about, best first; those that the first networks let go left out.

    more: log odds asked for beyond the thresholds.
    """
    model = shipped_model()
    known = [one for one in candidates if is_eligible(one.zone, one.peak)]
    above = [one for one in known if one.zone == "above"]
    below = [one for one in known if one.zone != "above"]
    plain = np.array([one.features for one in below]).reshape(len(below), len(FEATURES))
    found = model.above.scored(above, [one.features for one in above], more=more)
    first = list(zip(below, model.first.odds(plain) - more, strict=True))
    certain = [Scored(one, float(odds - model.sure)) for one, odds in first if odds > model.sure]
    certain += [one for one in model.neural.scored(below, list(plain), more=more) if one.margin > 0]
    open_cases = [] if certain else [one for one, odds in first if odds + more > model.gate]
    whole = [emphasis_features(one, spectra.plain, spectra.emphasised) for one in open_cases]
    found += certain or model.second.scored(open_cases, whole, more=more)
    return sorted(found, key=lambda one: -one.margin)


def hints_at_linear_light(coarse: PairedAxes, container: str) -> bool:
    """Whether the coarse curves of the linear-light planes show a line that all of them may confirm."""
    zoned = lattices.zoned_candidates(coarse, peaks.paired_peaks(coarse), container)
    below = [peak for zone, peak in zoned if zone != "above"]
    return any(peak.ratio >= LEAST_RATIO and peak.strength >= _HINT_STRENGTH for peak in below)


def scored_linear_light(
    candidates: list[Described], spectra: PictureSpectra, *, more: float = 0.0
) -> list[Scored]:
    """Candidates below the border from the linear-light curves, scored like those of ``scored``."""
    strong = [one for one in candidates if one.zone != "above" and is_eligible(one.zone, one.peak)]
    whole = [emphasis_features(one, spectra.linear_light, spectra.plain) for one in strong]
    return shipped_model().linear_light.scored(strong, whole, more=more, linear_light=True)


def decisive(ranked: list[Scored]) -> Scored | None:
    """The candidate that the verdict rests on.

    An enlargement from r also shows at 2r and at 1 - r: the lower of two that pass is meant, unless it
    is much the weaker. The cells of nearest neighbour tell a ratio from its mirror image. And where a
    trace above 0.70 is far stronger than the one below, the lower is a by-product of it.
    """
    passed = sorted((one for one in ranked if one.margin > 0), key=lambda one: -one.margin)
    above = next((one for one in passed if one.described.zone == "above"), None)
    below = next((one for one in passed if one.described.zone != "above"), None)
    if below is None or (
        above is not None and _paired_strength(above) > _OVERRULES * _paired_strength(below)
    ):
        return above
    ratio = below.described.peak.ratio
    mirrored = [one for one in passed if one is not below and _are_mirrored(ratio, one.described.peak.ratio)]
    clearest = max([below, *mirrored], key=_cell_correlation)
    if mirrored and _cell_correlation(clearest) > _LEAST_CELLS:
        return clearest
    for one in passed:
        lower = one.described.peak.ratio
        related = abs(ratio - 2 * lower) < _ALIAS_TOLERANCE or (lower < ratio and _are_mirrored(ratio, lower))
        if (
            one.described.zone != "above"
            and related
            and _paired_strength(one) > _WEAKER * _paired_strength(below)
        ):
            return one
    return below


def _are_mirrored(ratio: float, other: float) -> bool:
    """Whether one is where the other shows again."""
    return abs(ratio + other - 1) < _ALIAS_TOLERANCE


def _paired_strength(one: Scored) -> float:
    """Strength on both axes of the peak."""
    return one.described.peak.strength


def _cell_correlation(one: Scored) -> float:
    """How well cells of this size explain where the picture's lines change."""
    return float(one.described.features[_CELLS_FEATURE])
