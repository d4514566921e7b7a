"""Logging commands that Azure Pipelines turns into issues on the manifest's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._levels import items, worst_first
from verify4k.reporters._places import in_repository
from verify4k.reporters._plain import shown, verdicts

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item


def render(report: Report, options: RenderOptions) -> str:
    """Return one command a finding, worst first, and the totals."""
    lines = [_issue(item, in_repository(item.place.path, options)) for item in worst_first(items(report))]
    return "".join(line + "\n" for line in [*lines, verdicts(report)])


def _issue(item: Item, path: str) -> str:
    kind = "error" if item.severity == "error" else "warning"  # Azure knows no other
    properties = {
        "type": kind,
        "sourcepath": path,
        "linenumber": str(item.place.line),
        "columnnumber": str(item.place.column),
        "code": item.rule,
    }
    told = ";".join(f"{name}={_property(text)}" for name, text in properties.items())
    return f"##vso[task.logissue {told}]{_data(item.line)}"


def _data(text: str) -> str:
    return shown(text).replace("%", "%AZP25")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
