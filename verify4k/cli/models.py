"""Show what each image model accepts, with dates and sources."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.contract.data import CHECKED, MODELS
from verify4k.contract.model import DEFAULT_MODEL
from verify4k.contract.rules import model_notes
from verify4k.contract.validate import find_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.contract.model import Model

GROUP = "Make"


@click.command(cls=Command)
@click.argument("names", nargs=-1, metavar="[MODEL]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(names: tuple[str, ...], form: str) -> int:
    """Show what each image model accepts: sizes, qualities, formats, shutdown dates, sources.

    The JSON is made for web forms and job queues: it says why a size fails before a request
    is spent on it.
    """
    today = time.strftime("%Y-%m-%d", time.gmtime())
    chosen = [find_model(name) for name in names] or list(MODELS.values())
    if form == "json":
        import json

        body = {"schema": 1, "checked": CHECKED, "default": DEFAULT_MODEL}
        emit(json.dumps(body | {"models": [_plain(model, today) for model in chosen]}, indent=2))
        return 0
    colour = colour_wanted(sys.stdout, os.environ)
    blocks = ["\n".join(_lines(model, today, colour=colour)) for model in chosen]
    emit("\n\n".join([*blocks, "--format json names the sources."]))
    return 0


def _status(model: Model, today: str) -> str:
    if model.retired(today):
        return "retired"
    return "deprecated" if model.retires else "current"


def _lines(model: Model, today: str, *, colour: bool) -> Iterator[str]:
    status = _status(model, today)
    tint = {"retired": "red", "deprecated": "yellow", "current": "green"}[status]
    when = f" {model.retires}" if model.retires else ""
    yield f"{styled(model.name, 'bold', colour=colour)}  {styled(status + when, tint, colour=colour)}"
    points = f", now {model.snapshot}" if model.snapshot else ""
    since = f", since {model.released}" if model.released else ""
    default = ", the default" if model.name == DEFAULT_MODEL else ""
    yield f"  {model.kind}{points}{since}{default}"
    yield f"  sizes        {_sizes(model)}"
    yield f"  quality      {', '.join(model.qualities) or 'no parameter'}"
    yield f"  formats      {', '.join(model.formats)}"
    yield f"  transparent  {model.transparent}"
    yield f"  as read on   {model.checked}"
    for note in dict.fromkeys((*model_notes(model, today), *filter(None, [model.note]))):
        yield f"  note         {note}"


def _sizes(model: Model) -> str:
    grid = model.grid
    if grid is None:
        return ", ".join(map(str, model.fixed))
    return (
        (f"multiples of {grid.multiple}, " if grid.multiple > 1 else "")
        + f"edges to {grid.max_edge}, ratio to {grid.max_ratio}:1, "
        + f"{grid.min_pixels:,} to {grid.max_pixels:,} pixels"
        + (
            f", experimental above {grid.experimental_above:,}"
            if grid.experimental_above < grid.max_pixels
            else ""
        )
    )


def _plain(model: Model, today: str) -> dict[str, Any]:
    sizes: dict[str, Any] = {"kind": "fixed", "sizes": [str(size) for size in model.fixed]}
    if model.grid is not None:
        sizes = {"kind": "grid", **model.grid._asdict()}
    return {
        "name": model.name,
        "kind": model.kind,
        "snapshot": model.snapshot or None,
        "status": _status(model, today),
        "released": model.released or None,
        "retires": model.retires or None,
        "replacement": model.replacement or None,
        "sizes": sizes,
        "qualities": list(model.qualities),
        "formats": list(model.formats),
        "transparent": model.transparent,
        "note": model.note or None,
        "sources": list(model.sources),
        "checked": model.checked,
    }
