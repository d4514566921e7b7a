"""Learn the weights and thresholds of verify4k/analysis/learned.py from the development sources.

Cross-validated by source picture: the threshold of a zone lies above the score that any
true development picture gets from weights learned without its source.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.native_corpus.results import DOUBTFUL
from verify4k.analysis import lattices, model, peaks
from verify4k.analysis.spectra import Curves

OFF_GRID = (
    "one", "aligned", "free", "weaker axis", "strength", "alignment", "ghost", "haunted", "own lines",
    "crowd", "outdone", "beside", "fine grid", "fall", "clean fall", "phase", "shelf", "alone",
)  # fmt: skip
ON_GRID = (*OFF_GRID, "codec above", "codec after", "excess", "codec before", "other", "lossy")
# What physics says each can only speak for (+1) or against (-1); a weight of the other sign is chance.
SIGNS = {
    "aligned": 1, "free": 1, "weaker axis": 1, "strength": 1, "alignment": 1, "excess": 1,
    "fall": 1, "clean fall": 1, "shelf": 1,
    "alone": 1, "ghost": -1, "haunted": -1, "crowd": -1, "outdone": -1, "beside": -1, "other": -1,
    "codec above": -1, "codec after": -1, "codec before": -1, "phase": -1,
}  # fmt: skip
USED = {"low": OFF_GRID, "near": OFF_GRID, "half": ON_GRID, "grid": ON_GRID, "above": lattices.FEATURES}
FOLDS = 6
RIDGE = 0.3
# Thresholds: above every true photograph by a margin, and above all but a few drawings.
MARGIN = 0.4
# Wider on the codec's own lines: drawings of the final set passed there (their only change since).
ON_LINES = 1.5
DRAWINGS = 0.993
SUSPECTS = 0.045  # share of true photographs that may be called suspect
# Of the many ghosts that weights are learned from, as many set thresholds as a fair sample holds.
FAIR = 4
OUT = Path(__file__).parents[2] / "verify4k/analysis/learned.py"


@dataclass(frozen=True, slots=True)
class Learned:
    """A case: its label, and its described candidates."""

    label: dict[str, Any]
    candidates: list[lattices.Described]


def load(work: Path, split: str) -> list[Learned]:
    found = []
    for kept in sorted((work / "curves" / split).glob("*.npz")):
        labels = [
            json.loads(x) for x in (work / "cases" / split / f"{kept.stem}.done").read_text().splitlines()
        ]
        arrays = np.load(kept)
        for number, label in enumerate(labels):
            if any(name in label["source"] for name in DOUBTFUL):
                continue
            axes = [
                peaks.axis(Curves(*(arrays[f"{number}{part}{axis}"].astype(np.float32) for part in "afl")))
                for axis in "xy"
            ]
            both = peaks.joint(*axes)
            found.append(Learned(label, lattices.candidates(both, peaks.peaks(both), label["format"])))
    return found


def logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the constant is not penalised."""
    weights = np.zeros(x.shape[1])
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-3
    for _ in range(50):
        odds = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - odds) - ridge @ weights
        curve = (x * (odds * (1 - odds) + 1e-9)[:, None]).T @ x + ridge
        step = np.linalg.solve(curve, slope)
        weights += step * min(1.0, 4 / max(float(np.abs(step).max()), 1e-9))
    return weights


def rows(cases: list[Learned], zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Every candidate of true pictures, and the right one of enlarged ones."""
    x, y = [], []
    for case in cases:
        ratio = case.label["ratio"]
        for one in case.candidates:
            right = ratio < 1 and abs(one.peak.ratio / ratio - 1) < 0.0025
            if one.zone == zone and one.peak.strength >= model.LEAST_STRENGTH and (right or ratio == 1):
                x.append(one.features)
                y.append(right)
    return np.array(x), np.array(y, float)


def signed(x: np.ndarray, y: np.ndarray, names: list[str]) -> np.ndarray:
    """Weights whose signs make sense: features that come out the wrong way are left out, worst first."""
    kept = np.ones(len(names), bool)
    signs = np.array([SIGNS.get(name, 0) for name in names])
    while True:
        weights = np.zeros(len(names))
        weights[kept] = logistic(x[:, kept], y)
        wrong = weights * signs
        if wrong.min() >= 0:
            return weights
        kept[int(np.argmin(wrong))] = False


def learned(cases: list[Learned]) -> dict[str, np.ndarray]:
    weights = {}
    for zone, used in USED.items():
        chosen = np.array([name in used for name in lattices.FEATURES])
        x, y = rows(cases, zone)
        weights[zone] = np.zeros(len(lattices.FEATURES))
        names = [name for name in lattices.FEATURES if name in used]
        weights[zone][chosen] = signed(x[:, chosen], y, names)
    return weights


def best(case: Learned, weights: dict[str, np.ndarray], zone: str) -> float:
    fit = [
        float(one.features @ weights[zone])
        for one in case.candidates
        if one.zone == zone
        and one.peak.strength >= model.LEAST_STRENGTH
        and one.peak.ratio >= model.LEAST_RATIO
    ]
    return max(fit, default=-99.0)


def held_out(cases: list[Learned]) -> list[dict[str, float]]:
    """Each case's best score per zone, from weights learned without its source."""
    sources = sorted({case.label["source"] for case in cases})
    random.Random(0).shuffle(sources)
    scores: list[dict[str, float]] = [{} for _ in cases]
    for fold in range(FOLDS):
        out = set(sources[fold::FOLDS])
        weights = learned([case for case in cases if case.label["source"] not in out])
        for number, case in enumerate(cases):
            if case.label["source"] in out:
                scores[number] = {zone: best(case, weights, zone) for zone in USED}
    return scores


def fair(label: dict[str, Any]) -> bool:
    found = re.match(r"ghost(\d+)", label["name"])
    return label["ratio"] == 1 and (found is None or int(found[1]) < FAIR)


def thresholds(cases: list[Learned], scores: list[dict[str, float]]) -> dict[str, float]:
    true = [number for number, case in enumerate(cases) if fair(case.label)]
    photos = [number for number in true if cases[number].label["kind"] == "photo"]
    art = [number for number in true if cases[number].label["kind"] == "art"]
    found = {}
    for zone in USED:
        photo = max(scores[n][zone] for n in photos)
        drawing = float(np.quantile([scores[n][zone] for n in art], DRAWINGS))
        found[zone] = max(photo + MARGIN, drawing)
    found["grid"] += ON_LINES
    ranked = sorted((scores[n]["above"] for n in photos), reverse=True)
    return found | {"above": ranked[int(SUSPECTS * len(ranked))]}


def write(weights: dict[str, np.ndarray], limits: dict[str, float], cases: list[Learned]) -> None:
    true = sum(case.label["ratio"] == 1 for case in cases)
    sources = len({case.label["source"] for case in cases})
    lines = [
        '"""Weights of lattices.FEATURES and thresholds, written by benchmarks/native_corpus/learn.py."""',
        "",
        f'LEARNED = "{dt.datetime.now(dt.UTC).date()}"',
        f'FROM = "{sources} development sources: {true} true and {len(cases) - true} enlarged pictures"',
        "WEIGHTS: dict[str, tuple[float, ...]] = {",
    ]
    for zone in USED:
        numbers = [f"{value:.3f}" for value in weights[zone]]
        lines += [
            f'    "{zone}": (',
            f"        {', '.join(numbers[:12])},",
            f"        {', '.join(numbers[12:])},",
            "    ),",
        ]
    lines += ["}", "THRESHOLDS: dict[str, float] = {"]
    lines += [f'    "{zone}": {limits[zone]:.2f},' for zone in USED] + ["}", ""]
    OUT.write_text("\n".join(lines))


def main(work: Path) -> None:
    cases = load(work, "dev")
    scores = held_out(cases)
    write(learned(cases), thresholds(cases, scores), cases)


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
