"""Pictures in JSON-LD (schema.org): ``image``, ``logo`` and the like, ``ImageObject`` with its size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.json import read_json
from verify4k.documents.nodes import Items, Pairs, Place, Scalar
from verify4k.errors import ManifestError
from verify4k.pages.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Node

_KEYS = ("image", "logo", "thumbnailUrl", "primaryImageOfPage", "photo", "screenshot")


def in_json_ld(text: str, start: Place) -> Iterator[Reference]:
    """Yield the pictures of one script element; text that is no JSON promises nothing."""
    try:
        document = read_json(text, start.path)
    except ManifestError:
        return
    for reference in _within(document):
        at = reference.place
        column = at.column + (start.column - 1 if at.line == 1 else 0)
        yield reference._replace(place=Place(at.path, at.line + start.line - 1, column))


def _within(node: Node) -> Iterator[Reference]:
    if isinstance(node, Items):
        for item in node.items:
            yield from _within(item)
    if not isinstance(node, Pairs):
        return
    members = {key.text: value for key, value in node.pairs}
    if _is_image_object(members.get("@type")):
        yield from _object(members)
        return
    for key, value in node.pairs:
        if key.text in _KEYS:
            yield from _pictures(value)
        else:
            yield from _within(value)


def _is_image_object(kind: Node | None) -> bool:
    """Whether this is its type, or one of its types: `ImageObject`, `schema:ImageObject`, a whole IRI."""
    names = kind.items if isinstance(kind, Items) else (kind,)
    return any(
        isinstance(name, Scalar) and re.split("[/:#]", name.text)[-1] == "ImageObject" for name in names
    )


def _pictures(value: Node) -> Iterator[Reference]:
    for each in value.items if isinstance(value, Items) else (value,):
        if isinstance(each, Scalar):
            if _is_url(each):
                yield Reference(each.text, each.place)
        elif isinstance(each, Pairs):
            members = {key.text: inner for key, inner in each.pairs}
            if "url" in members or "contentUrl" in members:
                yield from _object(members)


def _is_url(value: Scalar) -> bool:
    """Whether it is a text with something in it: `null` and `false` stand where there is no picture."""
    return bool(value.text) and not value.plain


def _object(members: dict[str, Node]) -> Iterator[Reference]:
    url = members.get("contentUrl", members.get("url"))
    if not isinstance(url, Scalar) or not _is_url(url):
        return
    width, height = (_pixels(members.get(key)) for key in ("width", "height"))
    size = (f"{width}x{height}",) if width and height else ()
    yield Reference(url.text, url.place, size=size, width=None if size else width)


def _pixels(node: Node | None) -> int | None:
    """Return a number, ``"1200px"``, or the value of a QuantitativeValue."""
    if isinstance(node, Pairs):
        node = next((value for key, value in node.pairs if key.text == "value"), None)
    text = node.text.strip().removesuffix("px").strip() if isinstance(node, Scalar) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**6 else None
