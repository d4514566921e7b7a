"""An in-toto Statement v1 with the test result, bound to the bytes that the rules saw; unsigned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._dump import dump
from verify4k.reporters._result import PREDICATE_TYPE, predicate

if TYPE_CHECKING:
    from verify4k.report import AssetResult, RenderOptions, Report


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - no clock: nothing to stamp
    """Return the statement; a file that was not hashed is no subject of it."""
    subjects: dict[tuple[str, str], dict[str, Any]] = {}  # a file of several manifests is one subject
    for asset in report.assets:
        if asset.sha256 is not None:
            subject = {"name": asset.target, **_address(asset), "digest": {"sha256": asset.sha256}}
            subjects.setdefault((asset.target, asset.sha256), subject)
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": list(subjects.values()),
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate(report),
    }
    return dump(statement, indent=2) + "\n"


def _address(asset: AssetResult) -> dict[str, str]:
    """Return where the bytes came from, for a URL (which --base-url may have moved)."""
    told = asset.facts.get("delivery")
    return {"uri": told["url"]} if told else {}
