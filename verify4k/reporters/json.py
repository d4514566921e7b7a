"""The whole report as one JSON document, for scripts; ``verify4k schema report`` describes it."""

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
    """Return the document, indented."""
    document = {
        **run_object(report),
        "assets": [asset_object(asset) for asset in report.assets],
        "findings": [finding_object(finding) for finding in report.findings],
        "undecided": [undecided_object(undecided) for undecided in report.undecided],
        "not_asked": [unasked_object(unasked) for unasked in report.unasked],
        "inherited": [finding_object(finding) for finding in report.inherited],
        "suppressed": [finding_object(finding) for finding in report.suppressed],
        "notes": list(report.notes),
    }
    if report.shard is not None:
        document["shard"] = report.shard
    return dump(document, indent=2) + "\n"
