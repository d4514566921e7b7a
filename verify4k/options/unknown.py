"""Keys that mean nothing where they stand, and what was probably meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Pairs
from verify4k.errors import ManifestError
from verify4k.options.kinds import shown, wrong
from verify4k.options.other_tools import option_meant

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from verify4k.documents.nodes import Node, Scalar

_STRANGE = 10


def fields(node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
    """Return a mapping's values by key; an unknown key is a mistake with a suggestion."""
    if not isinstance(node, Pairs):
        raise wrong(node, f"expected a mapping with {', '.join(known)}")
    mistakes = unknown_keys((key for key, _ in node.pairs), known, what)
    if mistakes:
        raise ManifestError(mistakes)
    return {key.text: value for key, value in node.pairs}


def unknown_keys(keys: Iterable[Scalar], known: tuple[str, ...], what: str) -> list[Mistake]:
    """Return the mistakes for the keys that are not known; the first ones, where there are many."""
    strange = [key for key in keys if key.text not in known]
    found = [unknown_key(key, known, what) for key in strange[:_STRANGE]]
    if more := len(strange[_STRANGE:]):
        place = strange[_STRANGE].place
        found.append(Mistake(place, f"{more:,} more of this kind from here on", "correct the first ones"))
    return found


def unknown_key(key: Scalar, known: tuple[str, ...], what: str) -> Mistake:
    """Return the mistake for a key that means nothing here."""
    from verify4k.suggest import suggest

    other = option_meant(key.text)
    near = other if other in known else suggest(key.text, known)
    hint = glued(key.text, known) or (f"did you mean {near}?" if near else f"known: {', '.join(known)}")
    if re.fullmatch(r"\d[\d,._ ]*", key.text):
        hint = "a comma begins the next option: write the number before it without commas"
    elif "files" in known and not {"/", "."}.isdisjoint(key.text):
        hint = "indent a file below files:"
    return Mistake(key.place, f"unknown {what} {shown(key.text)}", hint)


def glued(text: str, known: Container[str]) -> str:
    """Return how ``alpha:forbidden`` and ``size=64x36`` are written; an empty text for anything else."""
    found = re.fullmatch(r"([A-Za-z][\w-]*) *[:=] *([^\n]{1,60})", text)
    if found is None or found[1] not in known:
        return ""
    return f"write {found[1]}: {found[2]}, with a space behind the colon"
