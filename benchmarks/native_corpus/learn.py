"""Teach the networks of verify4k/data/native_model.json from the development sources.

    python -m benchmarks.native_corpus.learn WORK

Cross-validated by source picture: the threshold of a zone lies above the scores that all but a few
true development pictures get from networks taught without their source. Needs scikit-learn.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.native_corpus import cache
from benchmarks.native_corpus.results import doubtful
from verify4k.analysis import description, model
from verify4k.analysis.description import EMPHASIS, FEATURES, Described
from verify4k.analysis.lattices import ZONES

HIDDEN, DECAY, ROUNDS = 16, 0.3, 300
NETS = 5  # in the ensemble that ships
FOLDS, FEW = 6, 2  # few networks are enough where only a rough score is needed
RIGHT = 0.0025  # how far, in parts of the ratio, a peak may be from the true native size
# Thresholds: a margin of log odds above all but a few of the true pictures.
MARGIN = 0.2
PHOTOGRAPHS = 0.001  # share of true photographs that each zone lets pass
DRAWINGS = 0.003  # ... and of true drawings
LET_GO = 0.003  # share of enlargements that the first networks may let go
SUSPECTS = 0.04  # share of true photographs that may be called suspect
OUT = Path(__file__).parents[2] / "verify4k/data" / model.FILE


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case: its label, and its described candidates."""

    label: dict[str, Any]
    candidates: list[Described]  # features: FEATURES and EMPHASIS

    @property
    def true(self) -> bool:
        return bool(self.label["ratio"] == 1)

    def right(self, one: Described) -> bool:
        return not self.true and abs(one.peak.ratio / self.label["ratio"] - 1) < RIGHT


def lessons(work: Path) -> list[Lesson]:
    return [lesson(kept) for kept in cache.kept(work, "dev") if not doubtful(kept.label)]


def lesson(kept: cache.Kept) -> Lesson:
    found = [one for one in description.described(kept.plain, kept.coded) if model.fit(one)]
    whole = [description.emphasised(one, kept.plain, kept.emphasised) for one in found]
    return Lesson(kept.label, [replace(one, features=x) for one, x in zip(found, whole, strict=True)])


@dataclass(frozen=True, slots=True)
class Rows:
    """(rows, features) peaks, whether each is an enlargement, the lesson it is of, its zone and source."""

    x: np.ndarray
    y: np.ndarray
    of: np.ndarray
    zones: np.ndarray
    sources: np.ndarray


def rows(taught: list[Lesson], *, above: bool, features: int) -> Rows:
    """Every candidate of true pictures, and the right one of enlarged ones, by their first features."""
    found = [
        (one.features[:features], taught[n].right(one), n, one.zone, taught[n].label["source"])
        for n in range(len(taught))
        for one in taught[n].candidates
        if (one.zone == "above") is above and (taught[n].true or taught[n].right(one))
    ]
    x, y, of, zones, sources = zip(*found, strict=True)
    return Rows(np.array(x), np.array(y, float), np.array(of), np.array(zones), np.array(sources))


def taught(x: np.ndarray, y: np.ndarray, nets: int) -> model.Networks:
    middle = np.nan_to_num(np.nanmean(x, 0))
    spread = np.nanstd(x, 0)
    spread[~(spread > 1e-6)] = 1.0
    scaled = np.nan_to_num((x - middle) / spread)
    parts = []
    for seed in range(nets):
        net = MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=ROUNDS, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the rounds are limited on purpose
            net.fit(scaled, y)
        (inner, outer), (inner_bias, outer_bias) = net.coefs_, net.intercepts_
        parts.append((inner, inner_bias, outer[:, 0], outer_bias[0]))
    return model.Networks(middle, spread, *(np.array(part) for part in zip(*parts, strict=True)))


def held_out(given: Rows, nets: int = NETS) -> np.ndarray:
    """(rows,) log odds from networks taught without the source of the row."""
    names = sorted(set(given.sources))
    random.Random(1).shuffle(names)
    scores = np.zeros(len(given.y))
    for fold in range(FOLDS):
        out = np.isin(given.sources, names[fold::FOLDS])
        scores[out] = taught(given.x[~out], given.y[~out], nets).odds(given.x[out])
    return scores


def highest(cases: list[Lesson], given: Rows, scores: np.ndarray, zone: str, kind: str) -> list[float]:
    """The best score in a zone of every true picture of a kind, highest first; -99 where it has none."""
    best = {n: -99.0 for n, case in enumerate(cases) if case.true and case.label["kind"] == kind}
    strength = np.expm1(given.x[:, FEATURES.index("strength")])
    asked = (given.zones == zone) & ((zone == "above") | (strength >= model.SURE_STRENGTH))
    for n, score in zip(given.of[asked], scores[asked], strict=True):
        if n in best:
            best[n] = max(best[n], float(score))
    return sorted(best.values(), reverse=True)


def thresholds(cases: list[Lesson], below: Rows, scores: np.ndarray, above: Rows) -> dict[str, float]:
    found = {}
    for zone in ZONES[:-1]:
        photos, art = (highest(cases, below, scores, zone, kind) for kind in ("photo", "art"))
        worst = photos[int(PHOTOGRAPHS * len(photos))], art[int(DRAWINGS * len(art))]
        found[zone] = max(*worst, 0.0) + MARGIN
    photos = highest(cases, above, held_out(above, FEW), "above", "photo")
    return found | {"above": photos[int(SUSPECTS * len(photos))]}


def listed(nets: model.Networks) -> dict[str, Any]:
    return {
        name: np.vectorize(lambda v: float(f"{v:.3g}"))(getattr(nets, name)).tolist()
        for name in nets.__slots__
    }


def gate(first: Rows, scores: np.ndarray, limits: dict[str, float]) -> float:
    """What nearly every enlargement that the second networks find passes in the first."""
    passed = scores > np.array([limits[zone] for zone in first.zones])
    return float(np.quantile(held_out(first, FEW)[(first.y == 1) & passed], LET_GO))


def teach(cases: list[Lesson]) -> None:
    """Write the file that ships."""
    plain, whole = len(FEATURES), len(FEATURES) + len(EMPHASIS)
    first = rows(cases, above=False, features=plain)
    second = rows(cases, above=False, features=whole)
    above = rows(cases, above=True, features=plain)
    true = sum(case.true for case in cases)
    sources = len({case.label["source"] for case in cases})
    scores = held_out(second)
    limits = thresholds(cases, second, scores, above)
    kept = {
        "taught": str(dt.datetime.now(dt.UTC).date()),
        "from": f"{sources} development sources: {true} true and {len(cases) - true} enlarged pictures",
        "gate": round(gate(first, scores, limits), 2),
        "thresholds": {zone: round(v, 2) for zone, v in limits.items()},
        "features": [*FEATURES, *EMPHASIS],
        "first": listed(taught(first.x, first.y, NETS)),
        "second": listed(taught(second.x, second.y, NETS)),
        "above": listed(taught(above.x, above.y, NETS)),
    }
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in kept.items())
    OUT.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    import sys

    teach(lessons(Path(sys.argv[1])))
