"""Which known network enlarged a picture, told by its checkerboard traces.

A network's traces hang on its weights and hardly on the picture: they are its fingerprint. What else
repeats with the same pitch has another one: a codec's blocks and a resizing kernel are their own mirror
images, a sensor is one about its pixels, and the decoder of an image generator, which is a network too,
has lines at 1/8 and 1/16 as well, or other weights. So networks are told by name, those that were
taught (benchmarks/native_corpus/networks.py), and of others nothing is said.

The score of a network is the mean of what a linear judge says and what a few with a layer of rectified
units say: the log odds that it made the picture rather than none. The highest counts, if it passes the
threshold of its network. JPEG files have judges of their own, for there the codec's grid lies on the same
lines. The weights are data (data/enlargers.json), with the date and the pictures they come from;
benchmarks/native_corpus/learn_enlargers.py teaches them and benchmarks/native.py measures them.
"""

from __future__ import annotations

import functools
import json
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from verify4k.analysis.native.checkerboard import PITCH_LINES
from verify4k.analysis.native.model import FEATURE_LIMIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.checkerboard import Traces

ENLARGERS_FILE = "enlargers.json"
LEAST_PIXELS = 0.9e6  # pixels below which nothing was taught
_HALF_LINE, _QUARTER_LINE = PITCH_LINES.index(0.5), PITCH_LINES.index(0.25)
_EIGHTH_LINES = tuple(PITCH_LINES.index(k / 8) for k in range(1, 5))
FADING = 1.2  # how slowly, in the logarithm of its strength, a line's direction comes to count


@dataclass(frozen=True, slots=True)
class Enlarger:
    """A network that made the picture, how many times it enlarges, and by how much its score passes."""

    name: str
    scale: int
    margin: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """The networks for one kind of file, over ``features`` numbers, and the networks they know.

    half, quarter: (networks, MAPS * 2) and twice as many, each network's mean direction on those lines.
    middle, spread: (features,) what is subtracted and divided by. linear: (features, networks). inner:
    (judges, features, hidden), and outer: (judges, hidden, networks). Each with its bias. thresholds:
    (networks,).
    """

    names: tuple[str, ...]
    scales: tuple[int, ...]
    half: NDArray[np.float64]
    quarter: NDArray[np.float64]
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    linear: NDArray[np.float64]
    linear_bias: NDArray[np.float64]
    inner: NDArray[np.float64]
    inner_bias: NDArray[np.float64]
    outer: NDArray[np.float64]
    outer_bias: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    def odds(self, traces: Traces) -> NDArray[np.float64]:
        """(networks,) log odds that each made the picture rather than none of them."""
        seen = np.hstack([trace_features(traces), likeness(traces, self.half, self.quarter)])
        scaled = np.clip((seen - self.middle) / self.spread, -FEATURE_LIMIT, FEATURE_LIMIT)
        hidden = np.maximum(scaled @ self.inner + self.inner_bias, 0)
        nets = np.einsum("jh,jhn->jn", hidden, self.outer) + self.outer_bias
        found: NDArray[np.float64] = (scaled @ self.linear + self.linear_bias + nets.mean(0)) / 2
        return found


def identified(traces: Traces, container: str) -> Enlarger | None:
    """The network that made a picture of a container's format, or None: none, or none that is known.

    Of a JPEG both classifiers are asked: the finest are more like what was never coded, and those of other
    files were shown the pixels of JPEGs too.
    """
    classifiers = [
        shipped_classifiers()[name] for name in (("jpeg", "other") if container == "jpeg" else ("other",))
    ]
    best = max(
        (_best_match(classifier, traces) for classifier in classifiers), key=lambda found: found.margin
    )
    return best if best.margin > 0 else None


def _best_match(classifier: Classifier, traces: Traces) -> Enlarger:
    """The network that a classifier takes a picture for most of all."""
    odds = classifier.odds(traces)
    best = int(odds.argmax())
    return Enlarger(
        classifier.names[best], classifier.scales[best], float(odds[best] - classifier.thresholds[best])
    )


def trace_features(traces: Traces) -> NDArray[np.float64]:
    """What the judges look at: how strong each line is, its parts, and where those at 1/2 and 1/4 point."""
    x, y = (line_levels(axis) for axis in traces)
    strengths = np.log(np.hstack([np.sqrt(x * y), np.minimum(x, y)]))
    parts = []
    for axis in traces:
        eighths = np.arcsinh(np.stack([axis[:, _EIGHTH_LINES].real, axis[:, _EIGHTH_LINES].imag]))
        parts += [eighths[0].ravel(), eighths[1, :, :-1].ravel()]  # at 1/2 there is no other part
    half, quarter = trace_directions(traces)
    faded = [
        line * fade(np.sqrt(x[at] * y[at])) for at, line in ((_HALF_LINE, half), (_QUARTER_LINE, quarter))
    ]
    return np.hstack([strengths, *parts, *faded])


def line_levels(axis: NDArray[np.complex128]) -> NDArray[np.float64]:
    """(len(LINES),) root mean square over all maps, in units of the noise."""
    found: NDArray[np.float64] = np.maximum(np.sqrt(np.square(np.abs(axis)).mean(0)), 1e-3)
    return found


def trace_directions(traces: Traces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(MAPS * 2,) and twice as many: both axes' amplitudes at 1/2 and at 1/4, as directions of length 1."""
    half = np.hstack([axis[:, _HALF_LINE].real for axis in traces])
    quarter = np.hstack([axis[:, _QUARTER_LINE] for axis in traces])
    return unit_vector(half), unit_vector(np.hstack([quarter.real, quarter.imag]))


def unit_vector(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector at length 1."""
    found: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return found


def fade(strength: float) -> float:
    """What the direction of a line counts: nothing where it is noise."""
    return float(np.tanh(np.log(max(strength, 1.0)) / FADING))


def likeness(traces: Traces, half: NDArray[np.float64], quarter: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4 * networks,) cosines between traces and each fingerprint, and how strong the traces are there."""
    x, y = (line_levels(axis) for axis in traces)
    found = []
    for at, line, prints in zip(
        (_HALF_LINE, _QUARTER_LINE), trace_directions(traces), (half, quarter), strict=True
    ):
        cosines = prints @ line
        found += [cosines, np.arcsinh(cosines * np.hypot(x[at], y[at]) * np.sqrt(len(traces.x)))]
    return np.hstack(found)


@functools.cache
def shipped_classifiers() -> dict[str, Classifier]:
    """The classifiers that ship, for "jpeg" and for any "other" format."""
    kept = json.loads(pkgutil.get_data("verify4k", f"data/{ENLARGERS_FILE}") or b"")
    return {container: _classifier(numbers) for container, numbers in kept["classifiers"].items()}


def _classifier(kept: dict[str, Any]) -> Classifier:
    """A classifier from its lists of numbers."""
    names, scales = tuple(kept.pop("names")), tuple(kept.pop("scales"))
    return Classifier(names, scales, **{name: np.array(numbers) for name, numbers in kept.items()})
