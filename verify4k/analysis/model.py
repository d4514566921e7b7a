"""One score for each peak, from weights that were learned once and frozen.

A logistic regression (natural log of the odds that a peak is an enlargement rather
than a codec's grid, a ghost or chance), one for each zone of lattices.ZONES. The weights
and the scores above which a verdict is given are data, in learned.py, with the date
and the pictures they come from; benchmarks/native.py learns and measures them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis import learned
from verify4k.analysis.lattices import FEATURES

if TYPE_CHECKING:
    from verify4k.analysis.lattices import Described

LEAST_RATIO = 0.20  # below, texture makes lines of its own; repeated rows are found by repetition.py
LEAST_STRENGTH = 5.0  # joint deviations below which nothing was learned
LONE = 3.0  # log odds
OVERRULES = 3.0  # times
WEAKER = 0.6  # times
ALIAS = 0.003  # in ratio


@dataclass(frozen=True, slots=True)
class Scored:
    """A peak and by how much its score passes (or misses) the threshold of its zone."""

    described: Described
    margin: float


def score(described: Described) -> float:
    """Log odds that the peak is an enlargement."""
    weights = np.array(learned.WEIGHTS[described.zone])
    return float(described.features @ weights)


def lone(described: Described) -> float:
    """What a very strong peak without siblings adds off the codec grid.

    No true development picture above LEAST_RATIO had one, but too few enlarged ones to learn its worth.
    """
    if described.zone not in ("low", "near"):
        return 0.0
    return LONE * float(described.features[FEATURES.index("alone")])


def scored(candidates: list[Described]) -> list[Scored]:
    """The candidates that were learned about, best first."""
    fit = [
        Scored(one, score(one) + lone(one) - learned.THRESHOLDS[one.zone])
        for one in candidates
        if one.peak.strength >= LEAST_STRENGTH and one.peak.ratio >= LEAST_RATIO
    ]
    return sorted(fit, key=lambda one: -one.margin)


def chosen(ranked: list[Scored]) -> Scored | None:
    """The candidate that the verdict rests on.

    An enlargement from r also shows at 2r and at 1 - r: the lower of two that pass is
    meant, unless it is much the weaker. And where a trace above 0.70 is far stronger than
    the one below, the lower is a by-product of it.
    """
    passed = [one for one in ranked if one.margin > 0]
    above = next((one for one in passed if one.described.zone == "above"), None)
    below = next((one for one in passed if one.described.zone != "above"), None)
    if below is None or (above is not None and strength(above) > OVERRULES * strength(below)):
        return above
    ratio = below.described.peak.ratio
    for one in passed:
        lower = one.described.peak.ratio
        related = abs(ratio - 2 * lower) < ALIAS or (lower < ratio and abs(ratio + lower - 1) < ALIAS)
        if one.described.zone != "above" and related and strength(one) > WEAKER * strength(below):
            return one
    return below


def strength(one: Scored) -> float:
    """Joint strength of the peak."""
    return one.described.peak.strength
