"""Every objection to a request: the size rules of a model, and its shutdown.

The rules bind requests, never artifacts: a finished 1920x1080 file is fine, and no model of
2026 can be asked for one. They are prose in the published API description (openai/openai-openapi
f85dbe22, 2026-08-21, property ``size``) and in the error messages; the figures are dated data
in `verify4k.contract.data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.contract.model import Objection
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.contract.model import Grid, Model
    from verify4k.formats.facts import Size


_MOST = 10  # sizes of a list that a sentence names


def size_objections(size: Size, model: Model) -> Iterator[Objection]:
    """Yield every size rule of ``model`` that ``size`` breaks, in the order the API reports them."""
    if model.grid is None:
        if size not in model.fixed:
            allowed = listed([*map(str, model.fixed)], _MOST)
            yield Objection("fixed-sizes", allowed, str(size), f"{model.name} makes only {allowed}")
        return
    yield from _grid_objections(size, model.grid)


def _grid_objections(size: Size, grid: Grid) -> Iterator[Objection]:
    for name, edge in (("width", size.width), ("height", size.height)):
        if edge % grid.multiple:
            below = edge // grid.multiple * grid.multiple
            near = f"{below} and {below + grid.multiple} are" if below else f"{grid.multiple} is"
            sentence = f"the {name} {edge} is not divisible by {grid.multiple} ({near})"
            yield Objection("grid", f"multiples of {grid.multiple}", f"{name} {edge}", sentence)
    if max(size) > grid.max_edge:
        sentence = f"the longest edge is {max(size):,} pixels, at most {grid.max_edge:,} are allowed"
        yield Objection("max-edge", str(grid.max_edge), str(max(size)), sentence)
    if max(size) > grid.max_ratio * min(size):
        actual = f"{max(size) / min(size):.2f}:1"
        sentence = f"the long edge is more than {grid.max_ratio} times the short one ({actual})"
        yield Objection("ratio", f"{grid.max_ratio}:1", actual, sentence)
    if size.pixels < grid.min_pixels:
        sentence = f"{size.pixels:,} pixels are too few, at least {grid.min_pixels:,} are needed"
        yield Objection("min-pixels", str(grid.min_pixels), str(size.pixels), sentence)
    if size.pixels > grid.max_pixels:
        sentence = f"{size.pixels:,} pixels are too many, at most {grid.max_pixels:,} are allowed"
        yield Objection("max-pixels", str(grid.max_pixels), str(size.pixels), sentence)


def model_objections(model: Model, today: str) -> Iterator[Objection]:
    """Object to a model that is shut down on the ISO date ``today``."""
    if model.retired(today):
        instead = f"; use {model.replacement}" if model.replacement else ""
        sentence = f"{model.name} was shut down on {model.retires}{instead}"
        yield Objection("retired", model.retires, today, sentence)


def model_notes(model: Model, today: str) -> Iterator[str]:
    """Yield what a careful person would want to know before relying on this model name."""
    if model.retires and not model.retired(today):
        yield f"{model.name} will be shut down on {model.retires}; use {model.replacement}"
    if model.note and model.fixed:
        yield model.note


def experimental(size: Size, model: Model) -> str:
    """Return a sentence for sizes that the API calls experimental, else an empty string."""
    if model.grid is None or size.pixels <= model.grid.experimental_above:
        return ""
    return (
        f"{size.pixels:,} pixels are more than 2560x1440 ({model.grid.experimental_above:,}): "
        "the API calls such sizes experimental, results vary"
    )
