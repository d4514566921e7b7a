"""GitLab Code Quality, for the merge request widget (``artifacts:reports:codequality``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._dump import dump
from verify4k.reporters._levels import items
from verify4k.reporters._places import in_repository
from verify4k.reporters._plain import shown
from verify4k.reporters._prints import Prints

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item

_SEVERITY = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, options: RenderOptions) -> str:
    """Return the list of issues; GitLab shows only one of those that share a fingerprint."""
    prints = Prints()
    return dump([_issue(item, prints, options) for item in items(report)], indent=2) + "\n"


def _issue(item: Item, prints: Prints, options: RenderOptions) -> dict[str, Any]:
    path = in_repository(item.place.path, options).removeprefix("./")
    # not the target: those of two manifests, checked by two jobs, may be alike
    identity = prints.of(in_repository(item.path, options), item.rule, item.message)
    return {
        "description": shown(item.line),
        "check_name": f"verify4k/{item.rule}",
        "fingerprint": identity,
        "severity": _SEVERITY[item.severity],
        "location": {"path": path, "lines": {"begin": item.place.line}},
    }
