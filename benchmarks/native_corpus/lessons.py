"""What networks and trees are taught: development cases, their described peaks, and which mislead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.native_corpus import cache
from benchmarks.native_corpus.results import doubtful
from verify4k.analysis.native import description, model

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.analysis.native.description import Described
    from verify4k.analysis.native.peaks import PairedAxes

SLIGHT = 0.71  # native ratio above which an enlargement is no error
RIGHT = 0.0025  # how far, in parts of the ratio, a peak may be from the true native size
LEAST = 0.9e6  # pixels: of less nobody asks whether it is 4K, and lattices of what made it weigh more there


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case: its label, and its described candidates."""

    label: dict[str, Any]
    candidates: list[Described]  # features: FEATURES and EMPHASIS
    linear_light: list[Described]  # the same of the linear-light planes, with what is left in the plain ones

    @property
    def true(self) -> bool:
        return bool(self.label["ratio"] == 1)

    @property
    def neural(self) -> bool:
        return bool(self.label["kernel"] == "network")

    @property
    def kind(self) -> str:
        """One of LET_PASS."""
        return "art" if self.label["kind"] == "drawn" else str(self.label["kind"])

    def right(self, one: Described) -> bool:
        return not self.true and abs(one.peak.ratio / self.label["ratio"] - 1) < RIGHT

    def wrong(self, one: Described) -> bool:
        """Whether an error that rests on this peak would be a false one: its picture is not so small."""
        return self.true or (one.zone != "above" and self.label["ratio"] > SLIGHT)


def lessons(work: Path) -> list[Lesson]:
    return [lesson(kept) for kept in cache.kept(work, "dev") if worthy(kept.label)]


def worthy(label: dict[str, Any]) -> bool:
    """Whether a case is large enough to be learned from, and of a source whose truth is known."""
    width, height = label["size"]
    return width * height >= LEAST and not doubtful(label)


def lesson(kept: cache.Kept) -> Lesson:
    return Lesson(
        kept.label, looked(kept, kept.plain, kept.emphasised), looked(kept, kept.linear_light, kept.plain)
    )


def fit(one: Described) -> bool:
    """Whether a peak is strong and small enough to be learned from; of some such no verdict is made."""
    return one.peak.strength >= model.LEAST_STRENGTH and one.peak.ratio >= model.LEAST_RATIO


def looked(kept: cache.Kept, here: PairedAxes, there: PairedAxes) -> list[Described]:
    """The candidates that one kind of curves shows, with what is left of them in another."""
    found = [one for one in description.described_peaks(here, kept.label["format"], kept.texture) if fit(one)]
    return [replace(one, features=description.emphasis_features(one, here, there)) for one in found]


@dataclass(frozen=True, slots=True)
class Rows:
    """(rows, features) peaks, whether each is an enlargement, the lesson it is of, its zone and source."""

    x: np.ndarray
    y: np.ndarray
    of: np.ndarray
    zones: np.ndarray
    sources: np.ndarray


def rows(
    taught: list[Lesson],
    features: int,
    *,
    above: bool = False,
    linear_light: bool = False,
    neural: bool = False,
) -> Rows:
    """Every peak that would mislead, and the right one of enlarged pictures, by their first features.

    neural: of pictures that a neural network enlarged; else of all others, which it would only confuse.
    """
    found = [
        (one.features[:features], lesson.right(one), n, one.zone, lesson.label["source"])
        for n, lesson in enumerate(taught)
        for one in (lesson.linear_light if linear_light else lesson.candidates)
        if (one.zone == "above") is above
        and (lesson.wrong(one) or (lesson.right(one) and lesson.neural is neural))
    ]
    x, y, of, zones, sources = zip(*found, strict=True)
    return Rows(np.array(x), np.array(y, float), np.array(of), np.array(zones), np.array(sources))
