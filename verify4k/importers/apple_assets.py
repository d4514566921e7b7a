"""A Contents.json of an Apple asset catalog: the icons of an `.appiconset`, in points times scale.

`{"filename": "40@2x.png", "size": "20x20", "scale": "2x"}` has to be 40x40 pixels. The icon for the
App Store (`ios-marketing`, or the one universal 1024x1024 icon) has no alpha channel: uploads with
one are refused. Slots without a file promise nothing. An `.imageset` states scales and no sizes:
its pictures promise that they are there, an SVG to be one; a PDF is no picture and promises nothing.

    verify4k check Assets.xcassets/AppIcon.appiconset/Contents.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.building import items_of, member, text_of
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Mistake
from verify4k.documents.text import decode
from verify4k.errors import ManifestError
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.documents.nodes import Node
    from verify4k.importers import Source

_LARGEST = 1e6  # pixels on an edge


def recognizes(name: str, head: bytes) -> bool:
    """By the name that every asset catalog uses."""
    return name.rpartition("/")[2] == "Contents.json" and (b'"images"' in head or b'"info"' in head)


def promises(source: Source) -> Iterator[Promise]:
    """Yield one promise for each slot that has a file."""
    document = read_json(decode(source.data, source.name), source.name)
    for image in items_of(member(document, "images")):
        filename = member(image, "filename")
        if filename is not None and text_of(filename) and not text_of(filename).lower().endswith(".pdf"):
            yield Promise(text_of(filename), filename.place, _options(image))


def _options(image: Node) -> dict[str, Value]:
    size, scale = member(image, "size"), text_of(member(image, "scale")) or "1x"
    if size is None:
        return {"format": "svg"} if text_of(member(image, "filename")).lower().endswith(".svg") else {}
    width, _, height = text_of(size).lower().partition("x")
    try:
        factor = float(scale.lower().removesuffix("x"))
        edges = [float(width) * factor, float(height) * factor]
        if not all(0 < edge < _LARGEST for edge in edges):
            raise ValueError
    except ValueError:
        message = f"{text_of(size)!a} at scale {scale!a} is no size of a slot"
        raise ManifestError([Mistake(size.place, message, 'write "size": "20x20", "scale": "2x"')]) from None
    options: dict[str, Value] = {"size": "x".join(str(round(edge)) for edge in edges), "format": "png"}
    idiom, platform = text_of(member(image, "idiom")), text_of(member(image, "platform"))
    store = idiom.endswith("-marketing") or (idiom == "universal" and platform in ("ios", "watchos"))
    if store and edges == [1024.0, 1024.0] and not items_of(member(image, "appearances")):
        options["alpha"] = "forbidden"
    return options
