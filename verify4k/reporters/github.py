"""Workflow commands that GitHub Actions turns into annotations on the manifest's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._levels import items, worst_first
from verify4k.reporters._places import in_repository
from verify4k.reporters._plain import shown, verdicts
from verify4k.text import counted

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item

MOST = 10  # GitHub keeps no more annotations of one level from one step
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, options: RenderOptions) -> str:
    """Return at most ten annotations a level, the tenth saying how many more there are."""
    told = worst_first(items(report))
    lines: list[str] = []
    pages = {rule.id: rule.url for rule in report.rules if rule.url is not None}
    for severity, level in _LEVELS.items():
        group = [item for item in told if item.severity == severity]
        kept = group if len(group) <= MOST else group[: MOST - 1]
        lines += [
            _annotation(level, item, in_repository(item.place.path, options), pages.get(item.rule))
            for item in kept
        ]
        if len(kept) < len(group):
            more = counted(len(group) - len(kept), f"more {severity}")
            path = _property(in_repository(report.manifest_path, options))
            lines.append(f"::{level} title=verify4k,file={path}::and {more}: see the full report")
    return "".join(line + "\n" for line in [*lines, verdicts(report)])


def _annotation(level: str, item: Item, path: str, page: str | None) -> str:
    title = f"verify4k ({item.rule})"
    properties = f"title={_property(title)},file={_property(path)}"
    message = "\n".join(shown(part) for part in [f"{item.path}: {item.message}", *_rest(item, page)])
    return f"::{level} {properties},line={item.place.line},col={item.place.column}::{_data(message)}"


def _rest(item: Item, page: str | None) -> list[str]:
    advice = "hint" if item.undecided else "fix"
    rows = [("promised by", item.origin), (advice, item.fix), ("page", page)]
    return [f"{label}: {text}" for label, text in rows if text]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shown(text)).replace(":", "%3A").replace(",", "%2C")
