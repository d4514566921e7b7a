"""Trees walked node by node, against the walk of all at once; and what ships is whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.analysis.native import model
from verify4k.analysis.native.description import EMPHASIS_FEATURES, FEATURES
from verify4k.analysis.native.trees import Trees, trees

Node = tuple[int, float, bool, int, int, float]


def grown(draw: np.random.Generator, features: int, depth: int, nodes: list[Node]) -> int:
    """A random tree appended to a list of nodes; returns its root."""
    at = len(nodes)
    nodes.append((0, 0.0, False, at, at, float(draw.normal())))
    if depth and draw.random() < 0.8:
        left, right = (grown(draw, features, depth - 1, nodes) for _ in range(2))
        feature, border = int(draw.integers(features)), float(draw.integers(-2, 3))
        nodes[at] = (feature, border, bool(draw.integers(2)), left, right, 0.0)
    return at


def forest(features: int, count: int, seed: int) -> Trees:
    draw, nodes = np.random.default_rng(seed), list[Node]()
    roots = [grown(draw, features, 4, nodes) for _ in range(count)]
    feature, border, missing, left, right, value = (np.array(part) for part in zip(*nodes, strict=True))
    return Trees(0.25, np.array(roots), feature, border, missing, left, right, value)


def walked(made: Trees, row: list[float]) -> float:
    total = made.start
    for root in made.roots:
        at = int(root)
        while made.left[at] != at:
            asked = row[int(made.feature[at])]
            low = bool(made.missing_left[at]) if np.isnan(asked) else asked <= made.border[at]
            at = int(made.left[at] if low else made.right[at])
        total += made.value[at]
    return float(total)


@given(
    features=st.integers(1, 5), count=st.integers(1, 6), peaks=st.integers(1, 4), seed=st.integers(0, 9999)
)
def test_the_odds_are_the_start_and_one_leaf_of_each_tree(
    features: int, count: int, peaks: int, seed: int
) -> None:
    made = forest(features, count, seed)
    rows = np.random.default_rng(seed).integers(-3, 4, (peaks, features)).astype(float)
    rows[rows == 3] = np.nan
    assert np.allclose(made.odds(rows), [walked(made, row.tolist()) for row in rows])


def test_trees_come_from_lists_of_numbers() -> None:
    kept: dict[str, list[float]] = {
        "start": [0.5], "roots": [0, 3], "feature": [1, 0, 0, 0], "border": [2.0, 0, 0, 0],
        "missing_left": [1, 0, 0, 0], "left": [1, 0, 0, 0], "right": [2, 0, 0, 0], "value": [0, 10.0, 20.0, 4.0],
    }  # fmt: skip
    found = trees(kept).odds(np.array([[0, 2.0], [0, 2.1], [0, np.nan]]))
    assert found.tolist() == [14.5, 24.5, 14.5]


@pytest.mark.parametrize("ensemble", ["second", "neural", "linear_light"])
def test_what_ships_is_whole(ensemble: str) -> None:
    kept = getattr(model.shipped_model(), ensemble).members[1]
    assert isinstance(kept, Trees)
    nodes, whole = len(kept.value), len(FEATURES) + len(EMPHASIS_FEATURES) * (ensemble != "neural")
    here = np.arange(nodes)
    leaf = kept.left == here
    assert (leaf == (kept.right == here)).all()
    assert (kept.left[~leaf] > here[~leaf]).all()  # children come later: no walk goes in circles
    assert (kept.right[~leaf] > here[~leaf]).all()
    assert max(kept.left.max(), kept.right.max(), kept.roots.max()) < nodes
    assert (kept.feature >= 0).all()
    assert (kept.feature < whole).all()
    assert np.isfinite([kept.start, *kept.border, *kept.value]).all()
    assert np.isfinite(kept.odds(np.full((2, whole), np.nan))).all()
