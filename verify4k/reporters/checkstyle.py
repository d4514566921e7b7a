"""Checkstyle XML, for Jenkins Warnings NG, reviewdog and many editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._levels import items
from verify4k.reporters._xml import tag

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters._levels import Item

_SEVERITY = {"error": "error", "warning": "warning", "note": "info"}


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return one ``file`` for each manifest that a finding points at."""
    files: dict[str, list[Item]] = {}
    for item in items(report):
        files.setdefault(item.place.path, []).append(item)
    body = "".join(f"  {_file(path, told)}\n" for path, told in files.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n{body}</checkstyle>\n'


def _file(path: str, told: list[Item]) -> str:
    errors = "".join(f"    {_error(item)}\n" for item in told)
    return tag("file", {"name": path}, f"\n{errors}  ")


def _error(item: Item) -> str:
    return tag(
        "error",
        {
            "line": item.place.line,
            "column": item.place.column,
            "severity": _SEVERITY[item.severity],
            "message": item.line,
            "source": f"verify4k.{item.rule}",
        },
    )
