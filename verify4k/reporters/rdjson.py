"""Reviewdog Diagnostic Format, for review comments on the manifest's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k import published
from verify4k.reporters._dump import dump
from verify4k.reporters._levels import items
from verify4k.reporters._plain import shown

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item

_SEVERITY = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return one ``DiagnosticResult``."""
    pages = {rule.id: rule.url for rule in report.rules if rule.url is not None}
    told = [_diagnostic(item, pages.get(item.rule)) for item in items(report)]
    home = published("")
    source = {"name": "verify4k"} if home is None else {"name": "verify4k", "url": home}
    return dump({"source": source, "diagnostics": told}, indent=2) + "\n"


def _diagnostic(item: Item, page: str | None) -> dict[str, Any]:
    return {
        "message": shown(item.line),
        "location": {
            "path": item.place.path,
            "range": {"start": {"line": item.place.line, "column": item.place.column}},
        },
        "severity": _SEVERITY[item.severity],
        "code": {"value": item.rule} if page is None else {"value": item.rule, "url": page},
    }
