"""The manifest's ``sizes:``: names of its own for sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Pairs
from verify4k.errors import ManifestError
from verify4k.options.kinds import NamedSize, scalar, shown, wrong
from verify4k.options.sizes import split_size

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node


def read_sizes(node: Node | None, name: str) -> dict[str, NamedSize]:
    """Return the sizes that a manifest names. Raises `ManifestError` with every mistake.

    Args:
        node: the value of ``sizes:``; None: there is none.
        name: what the manifest is called, for the origin of a promise.
    """
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from names to sizes")
    found: dict[str, NamedSize] = {}
    mistakes: list[Mistake] = []
    for key, value in node.pairs:
        try:
            text = scalar(value, "a size like 3840x2160")
        except ManifestError as error:
            mistakes.extend(error.mistakes)
            continue
        size = split_size(text)
        if size is None or not min(size):
            mistakes.append(Mistake(value.place, f"{shown(text)} is no size", "write it like 3840x2160"))
        elif split_size(key.text) is not None or not key.text.strip():
            mistakes.append(Mistake(key.place, f"{shown(key.text)} cannot name a size"))
        else:
            found[key.text] = NamedSize(size, f"size {key.text} in {name}:{key.place.line}")
    if mistakes:
        raise ManifestError(mistakes)
    return found
