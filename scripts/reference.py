"""Writes the pages of routes and of report formats from the words of their files.

Usage: python scripts/reference.py. Pages: docs/routes.md and docs/reports.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k import reporters, routes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def _words(module: ModuleType) -> tuple[str, str]:
    title, _, body = (module.__doc__ or "").replace("``", "`").partition("\n")
    return title, body.strip()


def route_page() -> Iterator[str]:
    """Every route: what it is, who owns it, what it honours and costs, and who verified that."""
    yield from ("# Routes", "")
    yield "A route is a way to get a picture; an entry names it under `generate:`. `verify4k routes` shows"
    yield "these and those of your manifest, and marks what nobody has verified lately."
    for kind in routes.kinds():
        title, body = _words(__import__(f"verify4k.routes.{kind.replace('-', '_')}", fromlist=["route"]))
        yield from ("", f"## {kind}", "", title)
        if body:
            yield from ("", body)
        profile = routes.find_route(kind).official
        rows = {
            "owner": profile.owner,
            "endpoint": profile.base_url,
            "key": profile.key if profile.base_url else "",
            "billing": profile.billing,
            "source": profile.source,
        }
        told = [f"| {name} | {text} |" for name, text in rows.items() if text]
        if told:
            yield from ("", "| | |", "|---|---|", *told)


def report_page() -> Iterator[str]:
    """Every report format with its file's words."""
    yield from ("# Report formats", "")
    yield "`--format NAME` on stdout, `--report NAME=PATH` into files, as many as you like from one run. The"
    yield "exit code is the same whatever is written. `verify4k schema report` describes `json`."
    for name in reporters.names():
        title, body = _words(reporters.reporter(name))
        yield from ("", f"## {name}", "", title)
        if body:
            yield from ("", body)


def pages() -> dict[str, str]:
    """Return each page's text by its name."""
    return {
        "docs/routes.md": "\n".join(route_page()) + "\n",
        "docs/reports.md": "\n".join(report_page()) + "\n",
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / name).write_text(text, "utf-8")
