"""The whole report as one JSON document, for scripts; ``verify4k schema report`` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._dump import dump
from verify4k.reporters._objects import (
    asset_object,
    finding_object,
    run_object,
    unasked_object,
    undecided_object,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.report import RenderOptions, Report, ShardPart


def render(report: Report, options: RenderOptions) -> str:
    """Return the document, indented."""
    return "".join(pieces(report, options))


def pieces(report: Report, options: RenderOptions) -> Iterator[str]:  # noqa: ARG001 - every reporter's
    """Yield the document as it is indented, an entry of a list at a time: all of them fill the memory."""
    yield dump(run_object(report), indent=2).removesuffix("\n}") + ",\n"
    lists: dict[str, Iterable[dict[str, Any]]] = {
        "assets": map(asset_object, report.assets),
        "findings": map(finding_object, report.findings),
        "undecided": map(undecided_object, report.undecided),
        "not_asked": map(unasked_object, report.unasked),
        "inherited": map(finding_object, report.inherited),
        "suppressed": map(finding_object, report.suppressed),
    }
    for name, entries in lists.items():
        yield from _list(name, entries)
    notes = dump({"notes": list(report.notes)}, indent=2).removeprefix("{\n")
    if report.shard is None:
        yield notes + "\n"
    else:
        yield notes.removesuffix("\n}") + ",\n"
        yield from _shard(report.shard)


def _shard(part: ShardPart) -> Iterator[str]:
    """Yield what a shard has written down, an outcome a line: the merge reads it so."""
    said = dump({"shard": part.said}, indent=2).removeprefix("{\n").removesuffix("\n  }\n}")
    yield from _lines(f'{said},\n    "outcomes": [', (f"      {each}" for each in part.outcomes), "    ]")
    yield "\n  }\n}\n"


def _list(name: str, entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield one list of the document."""
    texts = ("    " + dump(entry, indent=2).replace("\n", "\n    ") for entry in entries)
    yield from _lines(f'  "{name}": [', texts, "  ]")
    yield ",\n"


def _lines(begin: str, texts: Iterable[str], end: str) -> Iterator[str]:
    """Yield a list in whole lines, each when it is known whether another follows."""
    line, there = begin, False
    for text in texts:
        yield f"{line}{',' if there else ''}\n"
        line, there = text, True
    yield f"{line}\n{end}" if there else f"{line}{end.lstrip()}"
