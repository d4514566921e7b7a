"""Reads a mapping by a table of readers: unknown keys and wrong values, all mistakes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Pairs
from verify4k.errors import ManifestError
from verify4k.options.kinds import unknown_key, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

    Readers = Mapping[str, Callable[[Node, Context], Any]]


def read_fields(node: Node, readers: Readers, what: str, context: Context) -> dict[str, Any]:
    """Return the values by key. Raises `ManifestError` with every mistake of the mapping."""
    if not isinstance(node, Pairs):
        raise wrong(node, f"expected a mapping with {', '.join(readers)}")
    mistakes = []
    values = {}
    for key, value in node.pairs:
        if key.text not in readers:
            mistakes.append(unknown_key(key, tuple(readers), what))
            continue
        try:
            values[key.text] = readers[key.text](value, context)
        except ManifestError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise ManifestError(mistakes)
    return values
