"""Print the facts of any image: format, size as shown, alpha, frames, integrity, hash."""

from __future__ import annotations

import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._output import LIMIT_HELP, colour_wanted, emit, styled
from verify4k.text import printable, quiet_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

GROUP = "Check"
_AT_ONCE = 1_000  # lines

_COLUMNS = ("displayed", "format", "mode", "bit_depth", "alpha", "frames", "integrity", "bytes")


@click.command(cls=Command)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
@click.option(
    "--depth",
    type=click.Choice(["header", "full"]),
    default="full",
    show_default=True,
    help="header: read a few KB of each file, decode nothing.",
)
@click.option("--native", is_flag=True, help="Also look for signs of enlargement; costs an analysis.")
@click.option("--allow-private", is_flag=True, help="Also ask URLs of this machine and private networks.")
@click.option("--limit", "limits", multiple=True, metavar="NAME=VALUE", help=LIMIT_HELP)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Files at a time; by default one a core.")
def command(
    targets: tuple[str, ...],
    form: str,
    depth: str,
    limits: tuple[str, ...],
    jobs: int | None,
    *,
    native: bool,
    allow_private: bool,
) -> int:
    """Print the facts of each TARGET, a file or a URL; a folder stands for the image files below it.

    With --format csv one table, which --native gives the native size: to sort a library by. With
    --format json one object a line, in the order given, also for files that cannot be read.
    Exit codes: 0 every target was read intact, 1 one is damaged or unreadable, 3 one could not
    be decided, 130 it was interrupted: what was read until then is printed.
    """
    from verify4k.checking.inspecting import inspect_all
    from verify4k.checking.remote import Network, Remote
    from verify4k.formats.limits import DEFAULT
    from verify4k.options.limits import from_arguments

    if native and depth == "header":
        raise click.UsageError("--native needs pixels: leave out --depth header")
    if "-" in targets:
        raise click.UsageError("of stdin: check --size 3840x2160 - < FILE; a file of that name is ./-")
    bounds = DEFAULT._replace(**from_arguments(limits))
    names = [name for target in targets for name in _below(target)]
    with Remote(Network(allow_private=allow_private)) as remote:
        found, missed = inspect_all(
            names,
            remote,
            "header" if depth == "header" else "full",
            native=native,
            limits=bounds,
            jobs=jobs or 0,
        )
    if found or not missed:
        for lines in _together(_rendered(found, form, native=native)):
            emit(lines)
    return _interrupted(missed, len(names)) if missed else _exit_code(found, depth)


def _interrupted(missed: int, targets: int) -> int:
    from verify4k.report import INTERRUPTED

    emit(f"interrupted: {missed} of {targets} targets were not looked at", sys.stderr)
    return INTERRUPTED


def _together(lines: Iterable[str]) -> Iterator[str]:
    """Join lines a thousand at a time: each answer to a stream costs, and all of them fill the memory."""
    waiting = iter(lines)
    while some := list(islice(waiting, _AT_ONCE)):
        yield "\n".join(some)


def _rendered(found: Collection[dict[str, Any]], form: str, *, native: bool) -> Iterable[str]:
    if form == "json":
        import json

        # surrogates of undecodable file names have no UTF-8: ASCII escapes keep them
        return (quiet_json(json.dumps(facts, ensure_ascii=True)) for facts in found)
    if form == "csv":
        from verify4k.cli._inspect_csv import csv_table

        return csv_table(found, native=native)
    return _table(found, colour=colour_wanted(sys.stdout, os.environ))


def _below(target: str) -> list[str]:
    from verify4k.errors import UsageError
    from verify4k.formats.registry import suffixes

    # not pathlib's: that raises for a name that is too long
    if not os.path.isdir(target) or os.path.splitext(os.path.normpath(target))[1].lower() in suffixes():
        return [target]  # a folder called hero.png was meant as a file, and is reported as what it is
    closed: list[str] = []  # those that cannot be listed are told as what cannot be read

    def tell(error: OSError) -> None:
        closed.append(error.filename)

    images = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(target, onerror=tell)
        for name in names
        if os.path.splitext(name)[1].lower() in suffixes()
    ]
    found = sorted(images + closed)
    if not found:
        raise UsageError(f"no image files below {target}", "name files, or a folder that holds some")
    return found


def _exit_code(found: Collection[dict[str, Any]], depth: str) -> int:
    if any(facts["integrity"] in ("damaged", "unreadable") for facts in found):
        return 1
    decided = "displayed" if depth == "header" else "integrity"
    return 3 if any(facts[decided] is None or facts["error"] for facts in found) else 0


def _table(found: Collection[dict[str, Any]], *, colour: bool) -> Iterator[str]:
    from verify4k.artifacts.further_facts import further_notes
    from verify4k.artifacts.native_facts import native_notes

    heads = ["file", *(name.replace("_", " ") for name in _COLUMNS)]
    widths = [len(head) for head in heads]
    for facts in found:
        widths = [max(width, len(cell)) for width, cell in zip(widths, _cells(facts), strict=True)]
    yield styled(_line(heads, widths), "dim", colour=colour)
    for facts in found:
        bad = facts["integrity"] in ("damaged", "unreadable")
        yield styled(_line(_cells(facts), widths), *(["red"] if bad else []), colour=colour)
        notes = [facts["error"]] if facts["error"] else []
        if facts["orientation"] not in (None, 1):
            stored = _cell(facts["stored"])
            notes.append(f"orientation {facts['orientation']}, stored {stored}")
        notes += further_notes(facts)
        if facts.get("native"):
            notes += native_notes(facts["native"])
        if facts["trailing_bytes"]:
            notes.append(f"{facts['trailing_bytes']} bytes behind the image")
        yield from (f"  {printable(note)}" for note in notes)


def _cells(facts: dict[str, Any]) -> list[str]:
    return [printable(facts["target"]), *(_cell(facts[name]) for name in _COLUMNS)]


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return "x".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
