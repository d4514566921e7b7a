"""A manifest as written: text, lists and mappings that know their line and column.

Scalars stay text. YAML's own guesses (``no`` as false, ``16:9`` as 969) never happen; what a
value means is decided by the option that it is given to.
"""

from __future__ import annotations

from verify4k.named_tuple import NamedTuple

COMMAND_LINE = "command line"
# what is said there has no line and column to look at
_SPOKEN = (COMMAND_LINE, "--size", "--alpha", "--limit")


class Place(NamedTuple):
    """A position in a manifest; line and column count from 1, column in characters."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        if self.path in _SPOKEN:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


class Mistake(NamedTuple):
    """One thing wrong in a manifest: where, what, and what to do about it."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class Scalar(NamedTuple):
    """A piece of text. ``plain``: written without quotes (so an empty one means nothing was given)."""

    place: Place
    text: str
    plain: bool = True


class Name(Scalar):
    """A file's name where a key may be a pattern: wildcards in it mean themselves."""


class Items(NamedTuple):
    """A list."""

    place: Place
    items: tuple[Node, ...]


class Pairs(NamedTuple):
    """A mapping, in file order, every key once."""

    place: Place
    pairs: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Items | Pairs
