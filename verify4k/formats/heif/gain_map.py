"""Whether a HEIF file carries a gain map: a tone-mapped item, or Apple's auxiliary picture.

ISO 21496-1 with ISO/IEC 23008-12 (``tmap``); Apple's ``auxC`` type of 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.heif.header import read_parts
from verify4k.formats.reading.peek import Peek

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_APPLE = b"urn:com:apple:photo:2020:aux:hdrgainmap"


def heif_gain_map(reader: Reader) -> bool:
    """Look through the items."""
    meta = read_parts(Peek(reader, 4096)).meta
    if meta is None:
        return False
    if any(item.kind == b"tmap" for item in meta.items.values()):
        return True
    auxiliary = (body for item in meta.items for _, body in meta.of(item, b"auxC"))
    return any(body[4:].split(b"\0")[0] == _APPLE for body in auxiliary)
