"""Reads a mapping by a group of options: unknown keys and wrong values, all mistakes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Pairs
from verify4k.errors import ManifestError
from verify4k.options.kinds import wrong
from verify4k.options.unknown import unknown_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context, Kind

    Declared = Mapping[str, tuple[Kind[Any], str]]  # as `describe` returns them


def read_declared(node: Node, declared: Declared, what: str, context: Context) -> dict[str, Any]:
    """Return the values by key. Raises `ManifestError` with every mistake of the mapping."""
    if not isinstance(node, Pairs):
        raise wrong(node, f"expected a mapping with {', '.join(declared)}")
    mistakes = []
    values = {}
    for key, value in node.pairs:
        if key.text not in declared:
            mistakes.append(unknown_key(key, tuple(declared), what))
            continue
        try:
            values[key.text] = declared[key.text][0].parse(value, context)
        except ManifestError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise ManifestError(mistakes)
    return values


def schema_of(declared: Declared, *required: str) -> dict[str, Any]:
    """Return the JSON Schema of such a mapping."""
    return {
        "type": "object",
        **({"required": list(required)} if required else {}),
        "properties": {key: {**kind.schema, "description": doc} for key, (kind, doc) in declared.items()},
        "additionalProperties": False,
    }
