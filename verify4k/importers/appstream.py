"""AppStream metadata (`*.metainfo.xml`): screenshots and icons, with the sizes that it states.

`<image type="source" width="1600" height="900">https://...</image>` has to be 1600x900. Pictures
are named by URL, so they are checked where people get them. A screenshot without stated sizes
promises that it is there.

    verify4k check org.example.App.metainfo.xml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.xml import read_xml
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:
    """By the names that the specification gives."""
    return name.endswith((".metainfo.xml", ".appdata.xml")) and b"<component" in head


def promises(source: Source) -> Iterator[Promise]:
    """Yield screenshots, then remote and local icons."""
    root = read_xml(source.data, source.name)
    found = [image for shots in root.all("screenshots") for image in shots.all("image")]
    found += [icon for icon in root.all("icon") if icon.attributes.get("type") in ("remote", "local")]
    for each in found:
        width, height = (each.attributes.get(key, "") for key in ("width", "height"))
        options: dict[str, Value] = {}
        if width.isdigit() and height.isdigit():
            scale = (
                int(each.attributes.get("scale", "1")) if each.attributes.get("scale", "1").isdigit() else 1
            )
            options["size"] = f"{int(width) * scale}x{int(height) * scale}"
        if each.text and (each.attributes.get("type") != "local" or not each.text.startswith("/")):
            yield Promise(each.text, each.place, options)
