"""The gain map of a HEIF file: an input of a tone-mapped item, or Apple's auxiliary picture.

ISO 21496-1 with ISO/IEC 23008-12 (``tmap``); Apple's ``auxC`` type of 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.heif.header import read_header, read_parts
from verify4k.formats.heif.items import size_of, turns

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Size
    from verify4k.formats.reading.isobmff import Meta

_APPLE = b"urn:com:apple:photo:2020:aux:hdrgainmap"


def heif_gain_map(reader: Reader) -> bool:
    """Look through the items."""
    meta = read_parts(reader).meta
    if meta is None:
        return False
    return any(item.kind == b"tmap" for item in meta.items.values()) or bool(_items(meta))


def heif_pictures(reader: Reader, name: str) -> tuple[Size, ...]:
    """Return the size of the picture, then that of each gain map. Raises `Damaged` for one without a size."""
    found = [read_header(reader, name).displayed]
    meta = read_parts(reader).meta
    if meta is not None:
        for item in _items(meta):
            size = size_of(meta, item)
            found.append(size.turned if turns(meta, item) >= 5 else size)
    return tuple(found)


def _items(meta: Meta) -> list[int]:
    """Return the items that are gain maps: a ``tmap`` names the picture first, then the map."""
    found = [
        item
        for number, each in meta.items.items()
        if each.kind == b"tmap"
        for item in meta.referred(b"dimg", number)[1:2]
        if item in meta.items
    ]
    for item in meta.items:
        kinds = [body[4:].split(b"\0")[0] for _, body in meta.of(item, b"auxC")]
        if _APPLE in kinds:
            found.append(item)
    return list(dict.fromkeys(found))
