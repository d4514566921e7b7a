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
    said = dump({"shard": part.said}, indent=2).removeprefix("{\n")
    line = said.removesuffix("\n  }\n}") + ',\n    "outcomes": ['
    there = False
    for outcome in part.outcomes:
        yield f"{line}{',' if there else ''}\n"
        line, there = f"      {outcome}", True
    yield f"{line}\n    ]\n  }}\n}}\n"


def _list(name: str, entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield one list of the document in whole lines, each when it is known whether another follows."""
    line = f'  "{name}": ['
    there = False
    for entry in entries:
        yield f"{line}{',' if there else ''}\n"
        line = "    " + dump(entry, indent=2).replace("\n", "\n    ")
        there = True
    yield f"{line}\n  ],\n" if there else f"{line}],\n"
