"""The verdicts: what each is called, up to which ratio, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verify4k.named_tuple import NamedTuple

Verdict = Literal["upscaled", "suspect", "cells", "no-trace", "cannot-tell"]
# Of what the report draws the curves that show a trace.
Basis = Literal["levels", "linear-light", "cyclic", "signs"]
ERROR_RATIO, WARNING_RATIO = 0.705, 0.97  # ratios up to which a trace is `upscaled`, and `suspect`


class Inversion(NamedTuple):
    """What a size leaves over under its best kernel.

    left: root mean square residual, in 8-bit levels. beside: that of sizes close by. gain: natural log of
    their ratio, squared. weaker: the gain of the weaker axis alone. start: stored samples by which the
    lattice is moved.
    """

    kernel: str
    left: float
    beside: float
    gain: float
    weaker: float
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Native:
    """What was found. size and ratio are None where there is no estimate; strength is z on x and y.

    cells: of what is drawn in cells, their width and height in pixels. inversion: what undoing it
    leaves, where that says something.
    """

    verdict: Verdict
    size: tuple[int, int] | None
    ratio: float | None
    strength: tuple[float, float]
    method: str
    sentence: str
    basis: Basis = "levels"
    cells: tuple[int, int] | None = None
    inversion: Inversion | None = None


NO_TRACE = Native("no-trace", None, None, (0.0, 0.0), "none", "no sign of enlargement")


def of_ratio(ratio: float) -> Verdict:
    """What a trace at this ratio is called."""
    if ratio > WARNING_RATIO:
        return "no-trace"
    return "upscaled" if ratio <= ERROR_RATIO else "suspect"


def cannot_tell(method: str, sentence: str) -> Native:
    """No verdict, and why."""
    return Native("cannot-tell", None, None, (0.0, 0.0), method, sentence)


def enlarged_sentence(size: tuple[int, int], ratio: float, what: str) -> str:
    """The sentence for an enlargement."""
    return f"looks enlarged from {size[0]}x{size[1]} (x{1 / ratio:.3g}); {what}"
