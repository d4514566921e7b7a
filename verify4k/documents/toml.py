"""The ``[tool.verify4k]`` table of a pyproject.toml to nodes.

tomllib says what the values are and whether the file is TOML at all; `document_toml_places`
says where they stand and how numbers and dates were written.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Items, Mistake, Node, Pairs, Place, Scalar
from verify4k.documents.text import MAX_DEPTH, Lines, unusable
from verify4k.documents.toml_places import locate
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from verify4k.documents.toml_places import Places

_TABLE = ("tool", "verify4k")
_PARTS = 32
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % _PARTS  # noqa: UP031
)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(text: str, path: str) -> Node:
    """Return the table ``[tool.verify4k]`` of ``text``."""
    text = text.replace("\r\n", "\n")  # as tomllib counts
    lines = Lines(text, path)
    if long := _LONG_KEY.search(text):  # tomllib takes the square of its parts
        hint = "a manifest needs about five"
        raise ManifestError([Mistake(lines.place(long.start()), f"a key of {_PARTS} parts or more", hint)])
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise ManifestError(
            [Mistake(Place(path, 1, 1), "nested too deeply", "a manifest needs five levels")]
        ) from None
    except ValueError as error:  # also numbers of too many digits
        raise ManifestError([_syntax_mistake(str(error), text, lines)]) from error
    tool = document.get("tool")
    if not isinstance(tool, dict) or "verify4k" not in tool:
        hint = "add the table, or name another manifest with -c"
        raise ManifestError([Mistake(Place(path, 1, 1), "no [tool.verify4k] table in this file", hint)])
    tree = _Tree(locate(text, MAX_DEPTH), lines)
    node = tree.node(tool["verify4k"], _TABLE, Place(path, 1, 1))
    if tree.mistakes:
        raise ManifestError(sorted(tree.mistakes, key=lambda mistake: mistake.place))
    return node


def _syntax_mistake(said: str, text: str, lines: Lines) -> Mistake:
    found = _AT.search(said)
    message = f"not TOML: {_AT.sub('', said)}"
    hint = 'quote a key with / or *, like "dist/hero.png"' if "'=' after a key" in said else ""
    if found is None:
        return Mistake(Place(lines.path, 1, 1), message, hint)
    if found[1] is None:
        return Mistake(lines.place(len(text)), message, hint)
    return Mistake(Place(lines.path, int(found[1]), int(found[2])), message, hint)


class _Tree:
    """Values and places put together."""

    def __init__(self, places: Places, lines: Lines) -> None:
        self.mistakes: list[Mistake] = []
        self._places = places
        self._lines = lines

    def node(self, value: Any, at: tuple[str | int, ...], outer: Place) -> Node:
        """Return the node of ``value``; ``outer`` is the place of what holds it."""
        key = self._places.keys.get(at)
        spot = self._places.values.get(at)
        offset = key if spot is None else spot[0]
        place = outer if offset is None else self._lines.place(offset)
        if len(at) - len(_TABLE) >= MAX_DEPTH:
            hint = "a manifest needs about five"
            raise ManifestError([Mistake(place, f"nested more than {MAX_DEPTH} levels deep", hint)])
        if isinstance(value, dict):
            return Pairs(
                place, tuple(self._pair(name, inner, (*at, name), place) for name, inner in value.items())
            )
        if isinstance(value, list):
            return Items(
                place, tuple(self.node(item, (*at, index), place) for index, item in enumerate(value))
            )
        if isinstance(value, str):
            if reason := unusable(value):
                self.mistakes.append(Mistake(place, reason, "no file name or option can hold it"))
            return Scalar(place, value, plain=False)
        return Scalar(place, str(value) if spot is None else spot[1])

    def _pair(self, name: str, value: Any, at: tuple[str | int, ...], outer: Place) -> tuple[Scalar, Node]:
        key = self._places.keys.get(at)
        place = outer if key is None else self._lines.place(key)
        return Scalar(place, name), self.node(value, at, place)
