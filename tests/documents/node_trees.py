"""What the document tests share: reading, plain data instead of nodes, mistakes as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from verify4k.documents.nodes import Items, Pairs, Scalar
from verify4k.documents.read import read_document
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Node, Place


def plain(node: Node) -> Any:
    """The node without places: text, lists and dicts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def scalars(node: Node) -> Iterator[Scalar]:
    """All texts, keys too, in file order."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Items):
        for item in node.items:
            yield from scalars(item)
    else:
        for key, value in node.pairs:
            yield key
            yield from scalars(value)


def value(node: Node, *path: str | int) -> Node:
    """The node at ``path`` below ``node``."""
    for step in path:
        if isinstance(node, Items):
            assert isinstance(step, int)
            node = node.items[step]
        else:
            assert isinstance(node, Pairs)
            node = next(inner for key, inner in node.pairs if key.text == step)
    return node


def spot(place: Place) -> tuple[int, int]:
    """Line and column."""
    return place.line, place.column


def mistakes(data: str | bytes, path: str = "m.yaml") -> list[str]:
    """The mistakes of a document that has some, as ``line:column: message (hint)``."""
    with pytest.raises(ManifestError) as caught:
        read_document(data.encode() if isinstance(data, str) else data, path)
    assert all(mistake.place.path == path for mistake in caught.value.mistakes)
    return [str(mistake).removeprefix(f"{path}:") for mistake in caught.value.mistakes]


def read(text: str | bytes, path: str = "m.yaml") -> Node:
    """The tree of a good document."""
    return read_document(text.encode() if isinstance(text, str) else text, path)
