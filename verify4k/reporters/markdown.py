"""Markdown tables for a GitHub step summary, a merge request or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._levels import items, worst_first
from verify4k.reporters._markup import code, marked, row
from verify4k.reporters._measured import measured
from verify4k.reporters._plain import green, verdicts
from verify4k.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.report import AssetResult, RenderOptions, Report
    from verify4k.reporters._levels import Item

ROOM = 900_000  # bytes; GitHub drops a step's summary of more than 1 MiB, and other steps write too
_SIGNS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}
_PROBLEM = ("", "Asset", "Rule", "Problem", "Promised", "Fix")
_ASSET = ("Verdict", "Asset", "Promised", "Measured")
_HEADS = {
    1: "❌ Promises are broken",
    2: "❌ Nothing was checked",
    3: "❓ Not verified",
}


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return the totals first, then what is wrong, then every asset; rows are cut, totals never."""
    title = _HEADS.get(report.exit_code, "❌ Failed")
    if report.exit_code == 0:
        kind, said = green(report)
        title = f"{'✅' if kind == 'passed' else '❓'} {said}"
    head = [f"## verify4k: {title}", "", marked(verdicts(report)), ""]
    head += [f"> {marked(note)}\n" for note in report.notes]
    told = worst_first(items(report))
    room = ROOM - _bytes(head)
    tables: list[str] = []
    if told:
        tables += _table("Problems", _PROBLEM, [_problem(item) for item in told], room)
    room -= _bytes(tables)
    if report.assets:
        tables += _table("Assets", _ASSET, [_asset(asset) for asset in report.assets], room, folded=True)
    return "\n".join(head + tables).rstrip("\n") + "\n"


def _table(
    title: str, titles: tuple[str, ...], rows: list[str], room: int, *, folded: bool = False
) -> list[str]:
    lines = [f"<details><summary>{title} ({len(rows):,})</summary>", ""] if folded else [f"### {title}", ""]
    lines += [row(titles), row("---" for _ in titles)]
    room -= _bytes(lines) + 200
    for index, line in enumerate(rows):
        room -= len(line.encode()) + 1
        if room < 0:
            lines += ["", f"… and {counted(len(rows) - index, 'more row')}: see the full report."]
            break
        lines.append(line)
    return [*lines, "", "</details>", ""] if folded else [*lines, ""]


def _problem(item: Item) -> str:
    sign = "❓" if item.undecided else _SIGNS[item.severity]
    promise = marked(str(item.place)) + (f" {code(item.origin)}" if item.origin else "")
    return row([sign, code(item.path), code(item.rule), marked(item.message), promise, marked(item.fix)])


def _asset(asset: AssetResult) -> str:
    sign = {"passed": "✅", "failed": "❌"}.get(asset.verdict, "❓")
    promised = ", ".join(f"{marked(name)} {code(text)}" for name, text in asset.promised.items())
    return row([f"{sign} {asset.verdict}", code(asset.path), promised, marked(measured(asset))])


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
