"""A Web App Manifest (W3C): icons, screenshots and shortcuts, each with its sizes and type.

An icon of sizes `192x192` and type `image/png` has to be one; an ICO has to hold each of its sizes.
Icons of any size (`any`, SVG) promise only their type. A maskable icon has to be square. Paths that
begin with `/` are looked for beside the manifest, which normally stands in the site's root; files on
other hosts are URL promises.

    verify4k check site.webmanifest
    verify4k init --from web-app-manifest=public/manifest.json
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import unquote

from verify4k.documents.building import items_of, member
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Scalar
from verify4k.documents.text import decode
from verify4k.formats.registry import media_types, readable, suffixes
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.documents.nodes import Node
    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:
    """By the suffix, or a manifest.json that is no browser extension's."""
    if name.endswith(".webmanifest"):
        return True
    return name.endswith("manifest.json") and b'"manifest_version"' not in head and b'"icons"' in head


def promises(source: Source) -> Iterator[Promise]:
    """Yield every picture that the manifest lists."""
    for each in listed(source):
        if "://" in each.target:
            yield each
        else:
            path = unquote(each.target.partition("?")[0].partition("#")[0])
            yield each._replace(target=path.lstrip("/"))


def listed(source: Source) -> Iterator[Promise]:
    """Yield every picture, its target as the manifest writes it."""
    document = read_json(decode(source.data, source.name), source.name)
    pictures = [*items_of(member(document, "icons")), *items_of(member(document, "screenshots"))]
    for shortcut in items_of(member(document, "shortcuts")):
        pictures += items_of(member(shortcut, "icons"))
    for picture in pictures:
        found = _promise(picture)
        if found is not None:
            yield found


def _promise(picture: Node) -> Promise | None:
    src = member(picture, "src")
    target = _text(src)
    if src is None or not target or target.startswith("data:"):
        return None
    options: dict[str, Value] = {}
    sizes = [size for size in _text(member(picture, "sizes")).lower().split() if size != "any"]
    kind = media_types().get(_text(member(picture, "type")).partition(";")[0].strip().lower())
    suffix = suffixes().get(os.path.splitext(target.partition("?")[0].partition("#")[0])[1].lower())
    kind = kind or (suffix if suffix in ("ico", "svg") else None)
    if sizes and kind == "ico":
        options["sizes"] = sizes
    elif sizes and kind != "svg":
        options["size"] = sizes[0] if len(sizes) == 1 else sizes
    if kind in readable():
        options["format"] = str(kind)
    if "maskable" in _text(member(picture, "purpose")).split() and not options.get("size"):
        options["ratio"] = "1:1"
    return Promise(target, src.place, options)


def _text(node: Node | None) -> str:
    """Return a string; like browsers nothing for `null`, numbers and the rest."""
    return node.text if isinstance(node, Scalar) and not node.plain else ""
