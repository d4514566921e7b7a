"""Teach the networks and trees of verify4k/data/native_model.json from the development sources.

    python -m benchmarks.native_corpus.learn WORK

Cross-validated by source picture: the threshold of a zone lies above the scores that all but a few
true development pictures get from networks taught without their source. Needs scikit-learn.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neural_network import MLPClassifier

from benchmarks.native_corpus.lessons import Lesson, Rows, lessons, rows
from verify4k.analysis.native import model
from verify4k.analysis.native.description import EMPHASIS_FEATURES, FEATURES
from verify4k.analysis.native.lattices import ZONES
from verify4k.analysis.native.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDDEN, DECAY, ROUNDS = 16, 0.3, 300
FAR = 1e30  # a border above every known number, which JSON can hold
DIGITS = 3  # of a weight or border, as kept
NETS = 3  # in each ensemble that ships
TREES, LEAVES, RATE, SHRINK = 400, 6, 0.05, 5.0  # boosted trees, and each one's leaves and share
FOLDS, FEW = 6, 2  # few networks are enough where only a rough score is needed
SHUFFLES = 2  # ways to deal the sources into folds: a threshold rests on one or two pictures, and jumps
# Thresholds: a margin of log odds above all but a few of the true pictures.
MARGIN = 0.5
LET_PASS = {"photo": 0.0005, "art": 0.002, "generated": 0.002}  # share of a kind's true cases, in each zone
LET_GO = 0.003  # share of enlargements that the first networks may let go
SURE = 1.0  # log odds by which a peak that needs no second look passes those of true pictures
RARE = -2.0  # log odds that networks' pictures must pass at least: one in twenty peaks taught is theirs
SUSPECTS = 0.02  # share of true photographs that may be called suspect
OUT = Path(__file__).parents[2] / "verify4k/data" / model.MODEL_FILE


def taught(x: np.ndarray, y: np.ndarray, nets: int) -> model.Networks:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a feature that is nowhere known the mean is nothing
        middle, spread = np.nan_to_num(np.nanmean(x, 0)), np.nanstd(x, 0)
    spread[~(spread > 1e-6)] = 1.0
    scaled = np.clip(np.nan_to_num((x - middle) / spread), -model.FEATURE_LIMIT, model.FEATURE_LIMIT)
    parts = []
    for seed in range(nets):
        net = MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=ROUNDS, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the rounds are limited on purpose
            net.fit(scaled, y)
        (inner, outer), (inner_bias, outer_bias) = net.coefs_, net.intercepts_
        parts.append((inner, inner_bias, outer[:, 0], outer_bias[0]))
    return model.Networks(middle, spread, *(np.array(part) for part in zip(*parts, strict=True)))


def grown(x: np.ndarray, y: np.ndarray) -> Trees:
    grower = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, l2_regularization=SHRINK,
        max_features=0.3, early_stopping=False, random_state=0,
    )  # fmt: skip
    grower.fit(x, y)
    every = [tree.nodes for (tree,) in grower._predictors]  # what scikit-learn has no public name for
    roots = np.cumsum([0, *(len(tree) for tree in every[:-1])])
    nodes, shift = np.concatenate(every), np.repeat(roots, [len(tree) for tree in every])
    leaf, here = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    return Trees(
        float(grower._baseline_prediction.item()), roots, np.where(leaf, 0, nodes["feature_idx"]).astype(int),
        np.where(leaf, 0, nodes["num_threshold"]).clip(-FAR, FAR), nodes["missing_go_to_left"].astype(bool),
        np.where(leaf, here, nodes["left"] + shift), np.where(leaf, here, nodes["right"] + shift),
        np.where(leaf, nodes["value"], 0),
    )  # fmt: skip


def held_out(given: Rows, nets: int = NETS, *, trees: bool = False, shuffle: int = 0) -> np.ndarray:
    """(rows,) log odds from networks, and trees, taught without the source of the row."""
    scores = np.zeros(len(given.y))
    folds = dealt(given.sources, shuffle)
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(partial(left_out, given, nets, trees), folds)
        for out, odds in zip(folds, found, strict=True):
            scores[out] = odds
    return scores


def dealt(sources: np.ndarray, shuffle: int) -> list[np.ndarray]:
    """Masks of the rows of each fold; all rows of a source are in one."""
    names = sorted(set(sources))
    random.Random(shuffle).shuffle(names)
    return [np.isin(sources, names[fold::FOLDS]) for fold in range(FOLDS)]


def left_out(given: Rows, nets: int, trees: bool, out: np.ndarray) -> np.ndarray:
    """Log odds of some rows from what the other rows teach."""
    x, y = given.x[~out], given.y[~out]
    judges = [taught(x, y, nets), *([grown(x, y)] if trees else [])]
    found: np.ndarray = np.mean([judge.odds(given.x[out]) for judge in judges], axis=0)
    return found


def highest(
    cases: list[Lesson], given: Rows, scores: np.ndarray, zones: Sequence[str], kind: str
) -> list[float]:
    """The best score in some zones of every true case of a kind, highest first; -99 where none."""
    best = {n: -99.0 for n, case in enumerate(cases) if case.true and case.kind == kind}
    strength = np.expm1(given.x[:, FEATURES.index("strength")])
    asked = np.isin(given.zones, zones) & ((given.zones == "above") | (strength >= model.SURE_STRENGTH))
    for n, score in zip(given.of[asked], scores[asked], strict=True):
        if n in best:
            best[n] = max(best[n], float(score))
    return sorted(best.values(), reverse=True)


def reached(cases: list[Lesson], given: Rows, scores: np.ndarray, zones: Sequence[str]) -> float:
    """What no more true cases than may pass have reached, whichever kind has come farthest."""
    tops = {kind: highest(cases, given, scores, zones, kind) for kind in LET_PASS}
    return max(top[int(LET_PASS[kind] * len(top))] for kind, top in tops.items() if top)


def thresholds(
    cases: list[Lesson], below: Rows, scores: list[np.ndarray], floor: float = 0.0
) -> dict[str, float]:
    """For each zone below the border what true pictures reach, the mean over several scores, and a margin.

    floor: odds below which none goes; the rarer what is looked for, the lower are the odds of all of it.
    """
    every = {
        zone: np.mean([max(reached(cases, below, found, [zone]), floor) for found in scores]) + MARGIN
        for zone in ZONES[:-1]
    }
    return {zone: round(float(value), 2) for zone, value in every.items()}


def suspects(cases: list[Lesson], above: Rows) -> float:
    """The odds above the border that few true photographs reach."""
    photos = highest(cases, above, held_out(above, FEW), ["above"], "photo")
    return round(photos[int(SUSPECTS * len(photos))], 2)


def listed(judge: model.Networks | Trees) -> dict[str, Any]:
    """As lists of numbers; real ones to four digits."""
    arrays = {name: np.atleast_1d(getattr(judge, name)) for name in judge.__slots__}
    for name in ("left", "right"):  # small numbers take less room
        if name in arrays:
            arrays[name] = arrays[name] - np.arange(len(arrays[name]))
    return {name: rounded(array).tolist() for name, array in arrays.items()}


def rounded(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind != "f":
        return array.astype(int)
    return np.vectorize(lambda v: float(f"{v:.{DIGITS}g}"))(array)


def gates(cases: list[Lesson], first: Rows, scores: np.ndarray, limits: dict[str, float]) -> dict[str, float]:
    """Odds of the first networks: what nearly every enlargement passes that is found, and no true picture."""
    passed = scores > np.array([limits[zone] for zone in first.zones])
    odds = held_out(first, FEW)
    least = float(np.quantile(odds[(first.y == 1) & passed], LET_GO))
    return {"gate": round(least, 2), "sure": round(reached(cases, first, odds, ZONES[:-1]) + SURE, 2)}


def ensemble(cases: list[Lesson], given: Rows, floor: float = 0.0) -> tuple[dict[str, Any], np.ndarray]:
    """Networks and trees as the file keeps them, with their thresholds; and the odds that those rest on."""
    scores = [held_out(given, trees=True, shuffle=shuffle) for shuffle in range(SHUFFLES)]
    return {
        "thresholds": thresholds(cases, given, scores, floor),
        "networks": listed(taught(given.x, given.y, NETS)),
        "trees": listed(grown(given.x, given.y)),
    }, scores[0]


def teach(cases: list[Lesson]) -> None:
    """Write the file that ships."""
    plain, whole = len(FEATURES), len(FEATURES) + len(EMPHASIS_FEATURES)
    first, above = rows(cases, plain), rows(cases, plain, above=True)
    second, scores = ensemble(cases, rows(cases, whole))
    true = sum(case.true for case in cases)
    sources = len({case.label["source"] for case in cases})
    kept = {
        "taught": str(dt.datetime.now(dt.UTC).date()),
        "from": f"{sources} development sources: {true} true and {len(cases) - true} enlarged pictures",
        **gates(cases, first, scores, second["thresholds"]),
        "features": [*FEATURES, *EMPHASIS_FEATURES],
        "first": listed(taught(first.x, first.y, NETS)),
        "second": second,
        "neural": ensemble(cases, rows(cases, plain, neural=True), RARE)[0],
        "linear_light": ensemble(cases, rows(cases, whole, linear_light=True))[0],
        "above": {
            "thresholds": {"above": suspects(cases, above)},
            "networks": listed(taught(above.x, above.y, NETS)),
        },
    }
    lines = ",\n".join(f'"{key}":{json.dumps(value, separators=(",", ":"))}' for key, value in kept.items())
    OUT.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    import sys

    teach(lessons(Path(sys.argv[1])))
