"""Teach the judges of verify4k/data/enlargers.json from the development sources.

    python -m benchmarks.native_corpus.learn_enlargers WORK

WORK holds what enlarger_lessons.py kept. Cross-validated by source picture: the threshold of a network
lies above what all but a few true development pictures get from judges taught without their source.
Needs scikit-learn.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from benchmarks.native_corpus import enlarger_lessons
from benchmarks.native_corpus.learn import dealt, rounded
from benchmarks.native_corpus.networks import MODELS
from verify4k.analysis.native import enlargers
from verify4k.analysis.native.enlargers import (
    Classifier,
    likeness,
    trace_directions,
    trace_features,
    unit_vector,
)
from verify4k.analysis.native.model import FEATURE_LIMIT

if TYPE_CHECKING:
    from benchmarks.native_corpus.enlarger_lessons import Lesson

HIDDEN, DECAY, ROUNDS = 32, 0.3, 150
NETS = 2  # which differ in where their teaching started
LINEAR, TRIES = 0.05, 2000  # how freely the linear judge may weigh, and how often it may try
SHUFFLES = 3
FLOOR = 0.0  # log odds at least
# And above all but a few of the true pictures: more where a codec's grid lies on the same lines.
MARGINS = {"jpeg": 2.0, "other": 0.5}
# Share of a kind's sources of which some true case may pass, for each network: patterns made to repeat.
LET_PASS = {"photo": 0.0, "art": 0.015, "drawn": 0.0, "generated": 0.0}
TITLES = {model.name: model.title for model in MODELS}
OUT = Path(__file__).parents[2] / "verify4k/data" / enlargers.ENLARGERS_FILE


@dataclass(frozen=True, slots=True)
class Class:
    """All lessons of one kind of file. y: (lessons,) the number of the network, or -1."""

    lessons: list[Lesson]
    names: tuple[tuple[str, int], ...]
    seen: np.ndarray
    y: np.ndarray

    @property
    def sources(self) -> np.ndarray:
        return np.array([lesson.source for lesson in self.lessons])


def classed(lessons: list[Lesson]) -> Class:
    names = tuple(sorted({(one.network, one.scale) for one in lessons if one.network}))
    y = [names.index((one.network, one.scale)) if one.network else -1 for one in lessons]
    return Class(lessons, names, np.array([trace_features(one.traces) for one in lessons]), np.array(y))


def prints(given: Class, taught: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(networks, ...) mean directions at 1/2 and 1/4 of the lessons that are taught."""
    half, quarter = zip(*(trace_directions(one.traces) for one in given.lessons), strict=True)
    every = [np.flatnonzero(taught & (given.y == number)) for number in range(len(given.names))]
    means = [
        np.array([unit_vector(np.mean([found[n] for n in chosen], axis=0)) for chosen in every])
        for found in (half, quarter)
    ]
    return means[0], means[1]


def classifier(given: Class, taught: np.ndarray, thresholds: list[float] | None = None) -> Classifier:
    """The judges that the lessons of a mask teach."""
    half, quarter = prints(given, taught)
    chosen = np.flatnonzero(taught)
    alike = [likeness(given.lessons[n].traces, half, quarter) for n in chosen]
    x, y = np.hstack([given.seen[chosen], np.array(alike)]), given.y[chosen]
    middle, spread = x.mean(0), x.std(0)
    spread[spread < 1e-6] = 1.0
    scaled = np.clip((x - middle) / spread, -FEATURE_LIMIT, FEATURE_LIMIT)
    line = LogisticRegression(C=LINEAR, max_iter=TRIES)
    nets = [MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=ROUNDS, random_state=seed) for seed in range(NETS)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the rounds are limited on purpose
        line.fit(scaled, y)
        parts = [(*net.coefs_, *net.intercepts_) for net in (net.fit(scaled, y) for net in nets)]
    inner, outer, inner_bias, outer_bias = (np.array(part) for part in zip(*parts, strict=True))
    names, scales = zip(*((TITLES[name], scale) for name, scale in given.names), strict=True)
    # The first class is "none of them": what counts is how much more each network is said.
    return Classifier(
        names, scales, half, quarter, middle, spread,
        (line.coef_[1:] - line.coef_[0]).T, line.intercept_[1:] - line.intercept_[0],
        inner, inner_bias, outer[..., 1:] - outer[..., :1], outer_bias[:, 1:] - outer_bias[:, :1],
        np.array(thresholds or [0.0] * len(given.names)),
    )  # fmt: skip


def left_out(given: Class, out: np.ndarray) -> np.ndarray:
    """(lessons left out, networks) log odds from what the others teach."""
    judges = classifier(given, ~out)
    return np.array([judges.odds(given.lessons[n].traces) for n in np.flatnonzero(out)])


def held_out(given: Class, shuffle: int) -> np.ndarray:
    """(lessons, networks) log odds from judges that know nothing of the lesson's source."""
    folds = dealt(given.sources, shuffle)
    scores = np.zeros((len(given.y), len(given.names)))
    with ProcessPoolExecutor(2) as pool:
        for out, odds in zip(folds, pool.map(partial(left_out, given), folds), strict=True):
            scores[out] = odds
    return scores


def thresholds(given: Class, scores: list[np.ndarray], margin: float) -> list[float]:
    """For each network what true pictures reach, the mean over several scores, and a margin."""
    every = range(len(given.names))
    return [
        round(float(np.mean([reached(given, odds, number) for odds in scores])) + margin, 2)
        for number in every
    ]


def reached(given: Class, odds: np.ndarray, number: int) -> float:
    """What no more true sources than may pass get for a network, whichever kind has come farthest."""
    tops: dict[str, dict[str, float]] = {kind: {} for kind in LET_PASS}
    for one, said in zip(given.lessons, odds, strict=True):
        if not one.network and one.pixels >= enlargers.LEAST_PIXELS:
            here = float(said[number]) if said.argmax() == number else FLOOR
            tops[one.kind][one.source] = max(here, tops[one.kind].get(one.source, FLOOR))
    highest = {kind: sorted(found.values(), reverse=True) for kind, found in tops.items()}
    return max(
        found[min(len(found) - 1, int(LET_PASS[kind] * len(found)))]
        for kind, found in highest.items() if found
    )  # fmt: skip


def report(container: str, given: Class, scores: list[np.ndarray], limits: list[float]) -> None:
    """How many pictures of each network pass, judged by those who know nothing of their source."""
    for number, (name, scale) in enumerate(given.names):
        codecs = sorted({one.codec for one in given.lessons if one.network})
        for codec in codecs:
            chosen = (given.y == number) & np.array([one.codec == codec for one in given.lessons])
            passed = [(odds.max(1) > np.array(limits)[odds.argmax(1)])[chosen] for odds in scores]
            found = f"{np.mean(passed):.2f} of {chosen.sum()}, above {limits[number]}"
            print(f"{container}: {name} x{scale} {codec}: {found}")


def listed(judges: Classifier) -> dict[str, Any]:
    """As lists of numbers."""
    found = {name: getattr(judges, name) for name in judges.__slots__}
    return {
        name: list(value) if isinstance(value, tuple) else rounded(value).tolist()
        for name, value in found.items()
    }


def teach(lessons: list[Lesson]) -> None:
    """Write the file that ships."""
    kept: dict[str, Any] = {}
    for container, margin in MARGINS.items():
        given = classed([one for one in lessons if one.codec.startswith("jpg") is (container == "jpeg")])
        scores = [held_out(given, shuffle) for shuffle in range(SHUFFLES)]
        limits = thresholds(given, scores, margin)
        report(container, given, scores, limits)
        kept[container] = listed(classifier(given, np.ones(len(given.y), bool), limits))
    true = sum(not one.network for one in lessons)
    sources = len({one.source for one in lessons})
    file = {
        "taught": str(dt.datetime.now(dt.UTC).date()),
        "from": f"{sources} development sources: {true} true pictures and {len(lessons) - true} by networks",
        "classifiers": kept,
    }
    OUT.write_text(json.dumps(file, separators=(",", ":")).replace('],"', '],\n"') + "\n")


if __name__ == "__main__":
    import sys

    teach(list(enlarger_lessons.kept(Path(sys.argv[1]))))
