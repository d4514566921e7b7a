"""Boosted decision trees (Friedman 2001), as scikit-learn's HistGradientBoostingClassifier grows them.

Many small trees, each asking a few numbers whether they are above a border, add up to log odds. They judge
beside the networks of model.py: the two err on different peaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """All nodes of all trees in one list, (nodes,) each; a leaf's two branches are the leaf itself.

    start: the log odds before any tree. roots: (trees,) where each begins. feature, border: a node goes to
    ``left`` where that feature is at most the border, else to ``right``; an unknown one as ``missing_left``
    says. value: log odds that a leaf adds.
    """

    start: float
    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    border: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: NDArray[np.float64]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(peaks, features) -> (peaks,) log odds."""
        at = np.tile(self.roots, (len(features), 1))
        row = np.arange(len(features))[:, None]
        while True:
            asked = features[row, self.feature[at]]
            low = np.where(np.isnan(asked), self.missing_left[at], asked <= self.border[at])
            then = np.where(low, self.left[at], self.right[at])
            if (then == at).all():
                found: NDArray[np.float64] = self.start + self.value[at].sum(1)
                return found
            at = then


def trees(kept: dict[str, list[float]]) -> Trees:
    """Trees from their lists of numbers; branches are kept as how many nodes ahead they are."""
    roots, feature, left, right = (
        np.array(kept[name], np.intp) for name in ("roots", "feature", "left", "right")
    )
    border, value = (np.array(kept[name], np.float64) for name in ("border", "value"))
    here = np.arange(len(value))
    return Trees(
        kept["start"][0], roots, feature, border, np.array(kept["missing_left"], np.bool_),
        here + left, here + right, value,
    )  # fmt: skip
