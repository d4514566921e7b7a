"""One JSON object a line, each with a ``type``, for streams and log collectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._dump import dump
from verify4k.reporters._objects import (
    asset_object,
    finding_object,
    run_object,
    unasked_object,
    undecided_object,
)

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return the run first, then assets, findings, undecided, not-asked, inherited, suppressed and notes."""
    rows = [{"type": "run", **run_object(report)}]
    rows += [{"type": "asset", **asset_object(asset)} for asset in report.assets]
    rows += [{"type": "finding", **finding_object(finding)} for finding in report.findings]
    rows += [{"type": "undecided", **undecided_object(undecided)} for undecided in report.undecided]
    rows += [{"type": "not-asked", **unasked_object(unasked)} for unasked in report.unasked]
    rows += [{"type": "inherited", **finding_object(finding)} for finding in report.inherited]
    rows += [{"type": "suppressed", **finding_object(finding)} for finding in report.suppressed]
    rows += [{"type": "note", "message": note} for note in report.notes]
    return "".join(dump(row) + "\n" for row in rows)
