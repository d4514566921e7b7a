"""A browser extension's manifest.json: square icons of the sizes that are their keys.

`"icons": {"16": "icon16.png", "128": "icon128.png"}` promises 16x16 and 128x128; toolbar icons
(`action`, `browser_action`, `page_action`, `sidebar_action`) likewise. One picture that stands for
several sizes may have any of them. An icon that is an SVG has every size, so it promises to be one.
Themes' pictures promise nothing that can be checked.

    verify4k check extension/manifest.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.building import member, text_of
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Pairs, Scalar
from verify4k.documents.text import decode
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.documents.nodes import Node, Place
    from verify4k.importers import Source

_ACTIONS = ("action", "browser_action", "page_action", "sidebar_action")


def recognizes(name: str, head: bytes) -> bool:
    """By the version that every extension's manifest states."""
    return name.rpartition("/")[2] == "manifest.json" and b'"manifest_version"' in head


def promises(source: Source) -> Iterator[Promise]:
    """Yield the icons of the extension and of its buttons."""
    document = read_json(decode(source.data, source.name), source.name)
    sized: dict[str, tuple[Place, list[str]]] = {}
    groups = [
        member(document, "icons"),
        *(member(member(document, name), "default_icon") for name in _ACTIONS),
    ]
    for group in groups:
        for edge, target in _icons(group):
            _, edges = sized.setdefault(target.text.lstrip("/"), (target.place, []))
            if edge and edge not in edges:
                edges.append(edge)
    for path, (place, edges) in sized.items():
        sizes: list[Value] = [f"{edge}x{edge}" for edge in edges]
        options: dict[str, Value] = {"size": sizes[0] if len(sizes) == 1 else sizes} if sizes else {}
        yield Promise(path, place, {"format": "svg"} if path.lower().endswith(".svg") else options)


def _icons(group: Node | None) -> Iterator[tuple[str, Scalar]]:
    """Yield each icon with its edge, which is empty where one picture stands for all sizes."""
    if isinstance(group, Scalar) and text_of(group):
        yield "", group
    for key, value in group.pairs if isinstance(group, Pairs) else ():
        if isinstance(value, Scalar) and value.text and key.text.isdigit():
            yield key.text, value
