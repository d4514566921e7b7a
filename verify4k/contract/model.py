"""The nouns of the contract: what a model accepts, and what is said about a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Size

DEFAULT_MODEL = "gpt-image-2"


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
    checked: str  # the date on which the sources were read

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
