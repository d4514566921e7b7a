"""The JSON beside a sprite sheet (TexturePacker, Aseprite): the sheet has the size that `meta` states.

Every frame has to lie inside the sheet; one that does not is told with its line. A frame that is
`rotated` lies there on its side. Phaser's files for several sheets (`textures`) promise each.

    verify4k check sprites/atlas.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.building import items_of, member, text_of
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Mistake, Pairs, Place
from verify4k.documents.text import decode
from verify4k.errors import ManifestError
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Node
    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:
    """By frames at the beginning; what follows them may be far away."""
    return name.endswith(".json") and b'"frames"' in head and b'"frame"' in head and b'"w"' in head


def promises(source: Source) -> Iterator[Promise]:
    """Yield the sheet. Raises `ManifestError` for frames outside of it."""
    document = read_json(decode(source.data, source.name), source.name)
    sheets = items_of(member(document, "textures"))
    for sheet in sheets:
        yield _sheet(sheet, sheet, source.name)
    if not sheets:
        yield _sheet(document, member(document, "meta"), source.name)


def _sheet(document: Node, meta: Node | None, name: str) -> Promise:
    image = member(meta, "image")
    if image is None or not text_of(image):
        place = Place(name, 1, 1) if meta is None else meta.place
        raise ManifestError([Mistake(place, "meta names no image", 'add "image": "sheet.png" to meta')])
    size = member(meta, "size")
    width, height = _number(member(size, "w")), _number(member(size, "h"))
    if width is None or height is None:
        raise ManifestError([Mistake(image.place, "meta states no size", '"size": {"w": 512, "h": 512}')])
    outside = [
        Mistake(
            frame.place,
            f"a frame leaves the sheet of {width}x{height}",
            "export the sheet and its JSON together",
        )
        for frame, rotated in _frames(document)
        if _leaves(frame, width, height, rotated=rotated)
    ]
    if outside:
        raise ManifestError(outside)
    return Promise(text_of(image), image.place, {"size": f"{width}x{height}"})


def _frames(document: Node) -> list[tuple[Node, bool]]:
    """Return the box of each frame, and whether the sheet holds it on its side: the box is as it is shown."""
    frames = member(document, "frames")
    listed = [value for _, value in frames.pairs] if isinstance(frames, Pairs) else items_of(frames)
    return [
        (frame, text_of(member(each, "rotated")) == "true")
        for each in listed
        if (frame := member(each, "frame")) is not None
    ]


def _leaves(frame: Node, width: int, height: int, *, rotated: bool) -> bool:
    x, y, w, h = (_number(member(frame, key)) or 0 for key in "xywh")
    across, down = (h, w) if rotated else (w, h)
    return x + across > width or y + down > height


def _number(node: Node | None) -> int | None:
    text = text_of(node)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
