"""One JSON object a line, each with a ``type``, for streams and log collectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._dump import dump
from verify4k.reporters._objects import (
    asset_object,
    finding_object,
    run_object,
    unasked_object,
    undecided_object,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.report import RenderOptions, Report


def render(report: Report, options: RenderOptions) -> str:
    """Return the run first, then assets, findings, undecided, not-asked, inherited, suppressed and notes."""
    return "".join(pieces(report, options))


def pieces(report: Report, options: RenderOptions) -> Iterator[str]:  # noqa: ARG001 - every reporter's
    """Yield that line by line."""
    for row in _rows(report):
        yield dump(row) + "\n"


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    yield {"type": "run", **run_object(report)}
    yield from ({"type": "asset", **asset_object(asset)} for asset in report.assets)
    yield from ({"type": "finding", **finding_object(finding)} for finding in report.findings)
    yield from ({"type": "undecided", **undecided_object(undecided)} for undecided in report.undecided)
    yield from ({"type": "not-asked", **unasked_object(unasked)} for unasked in report.unasked)
    yield from ({"type": "inherited", **finding_object(finding)} for finding in report.inherited)
    yield from ({"type": "suppressed", **finding_object(finding)} for finding in report.suppressed)
    yield from ({"type": "note", "message": note} for note in report.notes)
