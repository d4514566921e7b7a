"""Say whether a size can be requested from an image model, and what to ask for instead."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.contract.model import DEFAULT_MODEL
from verify4k.contract.validate import validate_size
from verify4k.errors import UsageError
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.contract.model import SizeVerdict, Suggestion
    from verify4k.options.presets import Topic

GROUP = "Make"

_SENSES = {
    "nearest": "nearest",
    "not-larger": "fits inside",
    "larger": "covers it",
    "same-ratio": "same shape",
}


@click.command(cls=Command)
@click.argument("sizes", nargs=-1, metavar="[SIZE]...")
@click.option(
    "--model", default=DEFAULT_MODEL, show_default=True, metavar="MODEL", help="The image model to ask."
)
@click.option("--list", "listing", is_flag=True, help="Show the named sizes instead.")
@click.option("--for", "topic", metavar="TOPIC", help="With --list: only these, such as play-store.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(sizes: tuple[str, ...], model: str, topic: str | None, form: str, *, listing: bool) -> int:
    """Say whether each SIZE (3840x2160, 4k-landscape) can be requested from an image model.

    Every broken rule is shown, with the nearest legal sizes. The rules bind requests, never
    finished files. Exit codes: 0 all legal, 1 some are not, 2 not a size.
    """
    colour = form == "text" and colour_wanted(sys.stdout, os.environ)
    if listing and sizes:
        raise click.UsageError("--list shows the named sizes: leave SIZE out")
    if listing:
        chosen = _chosen(topic)
        emit(_names_json(chosen) if form == "json" else _names_text(chosen, colour=colour))
        return 0
    if topic is not None:
        raise click.UsageError("--for chooses among the named sizes: use it with --list")
    if not sizes:
        raise click.UsageError("give at least one size, or --list")
    verdicts = [validate_size(size, model=model) for size in sizes]
    if form == "json":
        emit(_json({"model": model, "sizes": [_plain(*pair) for pair in zip(sizes, verdicts, strict=True)]}))
    else:
        emit("\n\n".join("\n".join(_lines(verdict, colour=colour)) for verdict in verdicts))
    return 0 if all(verdict.legal for verdict in verdicts) else 1


def _lines(verdict: SizeVerdict, *, colour: bool) -> Iterator[str]:
    word, tint = ("legal", "green") if verdict.legal else ("not legal", "red")
    legal = styled(word, tint, colour=colour)
    yield f"{styled(str(verdict.size), 'bold', colour=colour)}  {legal} for {printable(verdict.model)}"
    for one in verdict.objections:
        yield f"  {styled(f'{one.rule:<12}', 'yellow', colour=colour)}{one.message}"
    if verdict.experimental:
        yield f"  {'caution':<12}{verdict.experimental}"
    for note in verdict.notes:
        yield f"  {'note':<12}{note}"
    if verdict.presets:
        yield f"  {'named':<12}{', '.join(verdict.presets)}"
    if verdict.nearest:
        yield f"  {'instead':<12}{', '.join(map(_suggested, verdict.nearest))}"


def _suggested(one: Suggestion) -> str:
    return f"{one.size} ({', '.join(_SENSES[kind] for kind in one.kinds)})"


def _plain(text: str, verdict: SizeVerdict) -> dict[str, Any]:
    return {
        "input": text,
        "size": str(verdict.size),
        "width": verdict.size.width,
        "height": verdict.size.height,
        "pixels": verdict.size.pixels,
        "legal": verdict.legal,
        "objections": [one._asdict() for one in verdict.objections],
        "experimental": verdict.experimental or None,
        "notes": list(verdict.notes),
        "nearest": [{"size": str(one.size), "kinds": list(one.kinds)} for one in verdict.nearest],
        "presets": list(verdict.presets),
    }


def _chosen(wanted: str | None) -> tuple[Topic, ...]:
    from verify4k.options.presets import topics

    if wanted is None:
        return tuple(topics().values())
    if wanted not in topics():
        from verify4k.suggest import suggest

        near = suggest(wanted, topics())
        hint = f"did you mean {near}?" if near else f"known: {', '.join(topics())}"
        raise UsageError(f"there are no sizes for {wanted[:60]!a}", hint)
    return (topics()[wanted],)


def _names_text(chosen: tuple[Topic, ...], *, colour: bool) -> str:
    width = max(len(one.name) for topic in chosen for one in topic.presets)
    blocks = []
    for topic in chosen:
        head = f"{styled(topic.name, 'bold', colour=colour)}: {topic.title} ({topic.date}, {topic.source})"
        rows = (f"  {one.name:<{width}}  {one.size!s:<9}  {one.use}" for one in topic.presets)
        blocks.append("\n".join((head, *rows)))
    return "\n\n".join(blocks)


def _names_json(chosen: tuple[Topic, ...]) -> str:
    return _json(
        {
            "presets": [
                one._asdict() | {"size": str(one.size), "width": one.size.width, "height": one.size.height}
                for topic in chosen
                for one in topic.presets
            ]
        }
    )


def _json(body: dict[str, Any]) -> str:
    import json

    from verify4k.contract.data import CHECKED, MODELS

    checked = MODELS[body["model"]].checked if "model" in body else CHECKED
    return json.dumps({"schema": 1, "checked": checked, **body}, indent=2)
