"""GitLab Code Quality, for the merge request widget (``artifacts:reports:codequality``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._dump import dump
from verify4k.reporters._levels import items
from verify4k.reporters._plain import shown
from verify4k.reporters._prints import Prints

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item

_SEVERITY = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return the list of issues; GitLab shows only one of those that share a fingerprint."""
    prints = Prints()
    return dump([_issue(item, prints) for item in items(report)], indent=2) + "\n"


def _issue(item: Item, prints: Prints) -> dict[str, Any]:
    return {
        "description": shown(item.line),
        "check_name": f"verify4k/{item.rule}",
        "fingerprint": prints.of(item.target, item.rule, item.message),
        "severity": _SEVERITY[item.severity],
        "location": {"path": item.place.path.removeprefix("./"), "lines": {"begin": item.place.line}},
    }
