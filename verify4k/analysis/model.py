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

if TYPE_CHECKING:
    from verify4k.analysis.lattices import Described

LEAST_RATIO = 0.20  # below, texture makes lines of its own; repeated rows are found by repetition.py
LEAST_STRENGTH = 5.0  # joint deviations below which nothing was learned


@dataclass(frozen=True, slots=True)
class Scored:
    """A peak and by how much its score passes (or misses) the threshold of its zone."""

    described: Described
    margin: float


def score(described: Described) -> float:
    """Log odds that the peak is an enlargement."""
    weights = np.array(learned.WEIGHTS[described.zone])
    return float(described.features @ weights)


def scored(candidates: list[Described]) -> list[Scored]:
    """The candidates that were learned about, best first."""
    fit = [
        Scored(one, score(one) - learned.THRESHOLDS[one.zone])
        for one in candidates
        if one.peak.strength >= LEAST_STRENGTH and one.peak.ratio >= LEAST_RATIO
    ]
    return sorted(fit, key=lambda one: -one.margin)


def best(ranked: list[Scored], zones: tuple[str, ...]) -> Scored | None:
    """The best candidate of some zones whose score passes."""
    return next((one for one in ranked if one.margin > 0 and one.described.zone in zones), None)
