"""Values of a program -> nodes, for promises that some other file makes: a table, a page, an icon set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Items, Pairs, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.documents.nodes import Node, Place

    Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


def node_of(value: Value, place: Place) -> Node:
    """Return a value as a node; all of its parts stand at ``place``."""
    if isinstance(value, str | int):
        return Scalar(place, str(value), plain=False)
    if hasattr(value, "items"):
        return Pairs(place, tuple((Scalar(place, key), node_of(each, place)) for key, each in value.items()))
    return Items(place, tuple(node_of(each, place) for each in value))


def plain_value(node: Node) -> Value:
    """Return a node without its places: text, lists and dicts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain_value(item) for item in node.items]
    return {key.text: plain_value(value) for key, value in node.pairs}


def member(node: Node | None, key: str) -> Node | None:
    """Return one value of a mapping; None where there is no mapping or no such key."""
    if not isinstance(node, Pairs):
        return None
    return next((value for name, value in node.pairs if name.text == key), None)


def text_of(node: Node | None) -> str:
    """Return a scalar's text; an empty one for everything else."""
    return node.text if isinstance(node, Scalar) else ""


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return a list's items; none for everything else."""
    return node.items if isinstance(node, Items) else ()
