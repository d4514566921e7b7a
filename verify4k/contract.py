"""What an image model accepts in a request: every objection to a size, with its limit.

The rules bind requests, never artifacts: a finished 1920x1080 file is fine, and no model of
2026 can be asked for one. They are prose in the published API description (openai/openai-openapi
f85dbe22, 2026-08-21, property ``size``) and in the error messages; the figures are dated data
in `verify4k.contract_data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from verify4k.errors import UsageError
from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_MODEL = "gpt-image-2"
_WORDS = "write WIDTHxHEIGHT in pixels, like 3840x2160, or a named size like 4k-landscape"


class Grid(NamedTuple):
    """Free sizes within limits. ``experimental_above``: pixels from which results vary."""

    multiple: int
    max_edge: int
    max_ratio: int
    min_pixels: int
    max_pixels: int
    experimental_above: int


class Model(NamedTuple):
    """What one model name accepts, as far as anything public says it."""

    name: str
    kind: str  # "snapshot": never changes; "alias": may point elsewhere tomorrow
    snapshot: str  # where an alias points, if that is public
    released: str
    retires: str  # the date of its shutdown, past or announced; "" when none is
    replacement: str
    grid: Grid | None  # None: only ``fixed``
    fixed: tuple[Size, ...]
    qualities: tuple[str, ...]
    formats: tuple[str, ...]
    transparent: str  # "yes", "preview" (refused without access) or "no"
    priced: tuple[str, ...]  # qualities whose token formula is known
    note: str
    sources: tuple[str, ...]

    def retired(self, today: str) -> bool:
        """Whether the model is shut down on the ISO date ``today``."""
        return bool(self.retires) and self.retires <= today


class Objection(NamedTuple):
    """One broken rule: its name, what it allows, what was asked for, and a sentence."""

    rule: str
    limit: str
    actual: str
    message: str


class Suggestion(NamedTuple):
    """A legal size worth asking for instead, and in which senses it is the nearest one."""

    size: Size
    kinds: tuple[str, ...]


class SizeVerdict(NamedTuple):
    """Whether a size may be requested, and everything worth knowing when it may not."""

    size: Size
    model: str
    legal: bool
    objections: tuple[Objection, ...]
    experimental: str  # a sentence above the experimental border, else ""
    notes: tuple[str, ...]
    nearest: tuple[Suggestion, ...]  # empty for a size that breaks no size rule
    presets: tuple[str, ...]


def validate_size(size: str | Size, model: str = DEFAULT_MODEL, today: str | None = None) -> SizeVerdict:
    """Say whether ``size`` can be requested from ``model`` on the ISO date ``today``.

    ``size`` is text like ``3840x2160``, a named size, or a `Size`. Raises `UsageError` for text
    that is no size and for a model nobody has described.

    >>> validate_size("3840x2160").legal
    True
    """
    from verify4k.contract_nearest import nearest
    from verify4k.presets import fitting

    wanted = parse_size(size) if isinstance(size, str) else size
    known = find_model(model)
    broken = tuple(size_objections(wanted, known))
    gone = tuple(model_objections(known, today or _today()))
    return SizeVerdict(
        size=wanted,
        model=model,
        legal=not (broken or gone),
        objections=broken + gone,
        experimental="" if broken else experimental(wanted, known),
        notes=tuple(model_notes(known, today or _today())),
        nearest=nearest(wanted, known) if broken else (),
        presets=fitting(wanted),
    )


def parse_size(text: str) -> Size:
    """Return the size that ``text`` writes or names; `UsageError` says how to write one."""
    from verify4k.presets import names, preset

    size = split_size(text)
    if size is not None and min(size) > 0:
        return size
    named = preset(text)
    if named is not None:
        return named.size
    if text == "auto":
        raise UsageError("'auto' is no size: it came back as 1254x1254", _WORDS)
    if size is not None:
        raise UsageError(f"{text!a} is no size of a picture: an edge is 0", _WORDS)
    from verify4k.suggest import suggest

    near = suggest(text, names()) or _repaired(text)
    raise UsageError(f"{text[:60]!a} is no size", f"did you mean {near}?" if near else _WORDS)


def split_size(text: str) -> Size | None:
    """Return ``WxH`` (also with X or a multiplication sign) as a size; None for anything else."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        return None
    return Size(int(width), int(height)) if max(len(width), len(height)) <= 9 else None


def _repaired(text: str) -> str:
    """Return what ``3840*2160``, ``3840 x 2160 px`` or ``3840,2160`` most likely meant."""
    import re

    numbers: list[str] = re.findall(r"\d+", text, re.ASCII)
    if len(numbers) != 2 or not all(1 <= len(number) <= 6 and int(number) for number in numbers):
        return ""
    return f"{int(numbers[0])}x{int(numbers[1])}"


def find_model(name: str) -> Model:
    """Return the model called ``name``; `UsageError` names the ones that are known."""
    from verify4k.contract_data import MODELS

    found = MODELS.get(name)
    if found is not None:
        return found
    from verify4k.suggest import suggest

    near = suggest(name, MODELS)
    hint = f"did you mean {near}? " if near else ""
    raise UsageError(f"the model {name[:60]!a} is not known", f"{hint}known: {', '.join(MODELS)}")


def size_objections(size: Size, model: Model) -> Iterator[Objection]:
    """Yield every size rule of ``model`` that ``size`` breaks, in the order the API reports them."""
    if model.grid is None:
        if size not in model.fixed:
            allowed = ", ".join(map(str, model.fixed))
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


def _today() -> str:
    import time

    return time.strftime("%Y-%m-%d", time.gmtime())
