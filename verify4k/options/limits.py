"""Limits as people write them: `limits: {pixels: 500M, seconds: 60}` and `--limit pixels=500M`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Pairs, Place, Scalar
from verify4k.formats.limits import Limits
from verify4k.options.kinds import BYTES_WORDS, bytes_from, scalar, shown, whole, wrong
from verify4k.options.unknown import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.documents.nodes import Node

NAMES = Limits._fields
_THOUSANDS = {"k": 1000, "m": 1000**2, "g": 1000**3}
_BYTES = ("memory", "metadata")
_DOCS = {
    "pixels": "of one frame, like 500M",
    "frames": "how many an animation may have",
    "memory": "bytes that a decoded frame may take, like 4GiB",
    "seconds": "how long one file may take",
    "metadata": "bytes that Exif, XMP, ICC and C2PA may take together, like 100MB",
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "what one file may cost; --limit on the command line bounds it",
    "properties": {name: {"type": ["integer", "string"], "description": doc} for name, doc in _DOCS.items()},
    "additionalProperties": False,
}


def read_limits(node: Node) -> dict[str, int]:
    """Return the limits that a mapping names. Raises `ManifestError`."""
    return {name: _one(name, value) for name, value in fields(node, NAMES, "limit").items()}


def from_arguments(given: Iterable[str]) -> Mapping[str, int]:
    """Return the limits of `--limit NAME=VALUE`. Raises `ManifestError`, which is a `UsageError`."""
    place = Place("--limit", 1, 1)
    pairs: list[tuple[Scalar, Node]] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise wrong(
                Scalar(place, text), f"expected NAME=VALUE, found {shown(text)}", "--limit pixels=500M"
            )
        name = name.strip()
        if any(known.text == name for known, _ in pairs):
            raise wrong(Scalar(place, name), f"the limit {shown(name)} is given twice", "keep one of them")
        pairs.append((Scalar(place, name), Scalar(place, value.strip())))
    return read_limits(Pairs(place, tuple(pairs)))


def _one(name: str, node: Node) -> int:
    text = scalar(node, f"a number: {_DOCS[name]}")
    if name in _BYTES:
        number = bytes_from(text, node)
        words = BYTES_WORDS
    else:
        words = "a whole number from 1 like 500M" if name == "pixels" else "a whole number from 1"
        factor = _THOUSANDS.get(text[-1:].lower(), 1) if name == "pixels" else 1
        number = whole(text[:-1].strip() if factor > 1 else text, node, words) * factor
    if number < 1:
        raise wrong(node, f"expected {words}, found {shown(text)}")
    return number
