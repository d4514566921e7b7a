"""Options that hold one value or several, and several values that stand in one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from verify4k.documents.nodes import Items, Scalar
from verify4k.errors import ManifestError
from verify4k.options.kinds import Kind, collect, wrong

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

T = TypeVar("T")

_LONGEST_LIST = 2000  # characters that are looked through for values
_BETWEEN = r"\s*[;,|\n]\s*"
_SIZES = r"(?a)\d+[xX×]\d+(\s+\d+[xX×]\d+)+"  # as HTML writes them


def several(text: str) -> tuple[str, ...]:
    """Return the values that stand in one text, such as `16x16; 32x32`; none where it is one value."""
    if len(text) > _LONGEST_LIST:
        return ()
    parts = text.split() if re.fullmatch(_SIZES, text.strip()) else re.split(_BETWEEN, text.strip())
    parts = [part for part in parts if part]
    numbers = all(part.isdigit() for part in parts)  # 640, 480 is a size
    return () if len(parts) < 2 or numbers else tuple(parts)


def list_of(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    """One value, or a list of them; never an empty list."""

    def parse(node: Node, context: Context) -> tuple[T, ...]:
        if not isinstance(node, Items):
            try:
                return (kind.parse(node, context),)
            except ManifestError as error:
                raise _as_list(error, node, context) from error
        if not node.items:
            raise wrong(node, "the list is empty", f"give at least one: {kind.words}")
        return tuple(collect([lambda item=item: kind.parse(item, context) for item in node.items]))  # type: ignore[misc]

    def _as_list(error: ManifestError, node: Node, context: Context) -> ManifestError:
        """Say how a list is written, of a text that is one: `png, jpeg`."""
        parts = several(node.text) if isinstance(node, Scalar) else ()
        try:
            for part in parts:
                kind.parse(Scalar(node.place, part), context)
        except ManifestError:
            return error
        hint = f"write a list: [{', '.join(parts)}]"
        return wrong(node, error.mistakes[0].message, hint) if parts else error

    schema = {"anyOf": [kind.schema, {"type": "array", "minItems": 1, "items": kind.schema}]}
    return Kind(f"{kind.words}, or a list", schema, parse, many=True)
