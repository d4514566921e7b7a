"""A Kodi add-on's addon.xml: icon, fanart and screenshots as the add-on checker demands them.

The icon is 512x512 or 256x256 without alpha, fanart 1280x720, 1920x1080 or 3840x2160 as JPEG or
PNG, a banner 1000x185, a clear logo has transparency. An add-on that lists no assets means the
`icon.png` and the `fanart.jpg` beside its addon.xml, where they are there. (Kodi add-on rules, as read on
2026-11-22.)

    verify4k check plugin.video.example/addon.xml
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.xml import read_xml
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_ASSETS: Mapping[str, Mapping[str, Value]] = {
    "icon": {"size": ["256x256", "512x512"], "format": "png", "alpha": "opaque"},
    "fanart": {"size": ["1280x720", "1920x1080", "3840x2160"], "format": ["jpeg", "png"]},
    "screenshot": {"format": ["jpeg", "png"]},
    "banner": {"size": "1000x185", "format": ["jpeg", "png"]},
    "clearlogo": {"format": "png", "alpha": "required"},
}


def recognizes(name: str, head: bytes) -> bool:
    """By the name and the root element."""
    return name.rpartition("/")[2] == "addon.xml" and b"<addon" in head


def promises(source: Source) -> Iterator[Promise]:
    """Yield the pictures below ``assets``; without those, what Kodi looks for."""
    root = read_xml(source.data, source.name)
    listed = list(root.all("assets"))
    for name, kind in (("icon.png", "icon"), ("fanart.jpg", "fanart")):
        if not listed and os.path.lexists(os.path.join(source.folder, name)):
            yield Promise(name, root.place, _ASSETS[kind])
    for assets in listed:
        for each in assets.children:
            if each.name in _ASSETS and each.text:
                yield Promise(each.text, each.place, _ASSETS[each.name])
