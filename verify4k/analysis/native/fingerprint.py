"""The verdict that rests on a network's fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from verify4k.analysis.native import checkerboard, enlargers, model
from verify4k.analysis.native.description import LOSSLESS
from verify4k.analysis.native.verdict import Native, enlarged_sentence

if TYPE_CHECKING:
    from verify4k.analysis.native.checkerboard import Traces
    from verify4k.analysis.native.peaks import PairedAxes


class Traced(Protocol):
    """What a picture must have for it."""

    @property
    def plain(self) -> PairedAxes:
        """The paired curves of both axes."""

    @property
    def traces(self) -> Traces:
        """What a network may have left."""

    @property
    def undashed_traces(self) -> Traces | None:
        """The same without dashed lines; None where there are none."""


def network_verdict(
    measured: Traced, container: str, width: int, height: int, *, more: float
) -> Native | None:
    """The verdict where a known network left its fingerprint; that its edges are crisp says nothing.

    more: log odds asked for beyond the thresholds.
    """
    if width * height < enlargers.LEAST_PIXELS:
        return None
    network = enlargers.identified(measured.traces, container)
    if network is None or network.margin <= more or _is_of_dashes(measured, container, more):
        return None
    size, ratio = (round(width / network.scale), round(height / network.scale)), 1 / network.scale
    x, y = (enlargers.line_levels(axis)[checkerboard.PITCH_LINES.index(ratio)] for axis in measured.traces)
    # Named only where the spectrum mirrors at the same place too; a codec's own lines would do that anywhere.
    proved = container in LOSSLESS and measured.plain.near(ratio) >= model.SURE_STRENGTH
    name = network.name if proved else "a network that enlarges"
    what = f"the signs of its steps repeat the checkerboard that {name} leaves"
    sentence = enlarged_sentence(size, ratio, what)
    return Native("upscaled", size, ratio, (float(x), float(y)), "network fingerprint", sentence, "signs")


def _is_of_dashes(measured: Traced, container: str, more: float) -> bool:
    """Whether no network is left once the dashed lines are taken out: those of diagrams repeat as well."""
    traces = measured.undashed_traces
    left = None if traces is None else enlargers.identified(traces, container)
    return traces is not None and (left is None or left.margin <= more)
