"""Sum up what was spent on pictures, and list what was sent and never received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.provenance.ledger import Ledger
    from verify4k.provenance.ledger_history import History
    from verify4k.provenance.spending import Sum, Unreceived

GROUP = "Make"


@click.command(cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option(
    "--by",
    type=click.Choice(["day", "route", "model", "target"]),
    multiple=True,
    default=("day", "route", "model", "target"),
    show_default=True,
    help="What to sum by; repeatable.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(config: str | None, by: tuple[str, ...], form: str) -> int:
    """Sum up verify4k.ledger.jsonl beside the manifest, full parts included.

    Dollars are those that the ledger holds; where more came at an unknown price, that is said.
    Exit codes: 0 everything was received and every line is a record, 1 something was sent and never
    received, a line is none (a merge conflict, a write that was cut off) or a full part is missing, 2 usage.
    """
    from verify4k.provenance.spending import sums, unreceived

    history = _ledger(config).read()
    tables = {name: sums(history, name) for name in dict.fromkeys(by)}
    lost, odd = list(unreceived(history)), any(history.no_records())
    code = 1 if lost or odd or history.gap else 0
    if form == "json":
        emit(_as_json(history, tables, lost, code))
    else:
        emit("\n".join(_lines(history, tables, lost)))
    return code


def _ledger(config: str | None) -> Ledger:
    """Return the ledger beside the manifest, or the one here, where pictures were made without a manifest."""
    from pathlib import Path

    from verify4k.cli._manifest import open_manifest
    from verify4k.errors import ManifestError, UsageError
    from verify4k.provenance.ledger import Ledger

    try:
        return Ledger(Path(open_manifest(config).root))
    except ManifestError:
        raise
    except UsageError:
        here = Ledger(Path())
        if config is not None or not here.path.exists():
            raise
        return here


def _lines(history: History, tables: dict[str, list[Sum]], lost: Sequence[Unreceived]) -> Iterator[str]:
    from verify4k.provenance.spending import total

    yield _one(total(history))
    for name, rows in tables.items():
        yield f"by {name}"
        yield from (f"  {_one(row)}" for row in rows)
    waiting = [one for one in lost if one.waits]
    if waiting:
        yield "sent and not received yet: collect it with verify4k generate, of batches with --resume"
        yield from map(_sent, waiting)
    if len(waiting) < len(lost):
        yield "sent and never received: may have been billed"
        yield from (_sent(one) for one in lost if not one.waits)
    if history.gap is not None:
        yield f"{history.gap}: what stood there is not in these sums"
    yield from (f"line {one.line} is no record: {one.what}" for one in history.no_records())


def _sent(one: Unreceived) -> str:
    from verify4k.text import printable

    more = f", kept as {one.answer}" if one.answer else f", {one.waits}" if one.waits else ""
    return "  " + printable(f"{one.time or 'unknown time'} {one.target} by {one.route} ({one.id}{more})")


def _one(row: Sum) -> str:
    from verify4k.text import counted, printable

    word = "at least " if row.at_least or row.unpriced else ""
    parts = [
        f"{counted(row.requests, 'request')}, {row.accepted} accepted, {word}${row.dollars:.3f}",
        f"{row.unpriced} at an unknown price" if row.unpriced else "",
        f"{row.open} may have been billed" if row.open else "",
    ]
    return f"{printable(row.name)}: {', '.join(filter(None, parts))}"


def _as_json(history: History, tables: dict[str, list[Sum]], lost: Sequence[Unreceived], code: int) -> str:
    import json

    from verify4k.provenance.spending import total

    body: dict[str, Any] = {
        "schema": 1,
        "exit_code": code,
        "total": total(history)._asdict(),
        "by": {name: [row._asdict() for row in rows] for name, rows in tables.items()},
        "unreceived": [one._asdict() for one in lost],
        "no_records": [one._asdict() for one in history.no_records()],
        "missing_parts": history.gap.parts if history.gap else 0,
    }
    return json.dumps(body, indent=2)
