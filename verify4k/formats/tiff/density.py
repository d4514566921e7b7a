"""TIFF's own resolution tags (TIFF 6.0, section 8: XResolution, YResolution, ResolutionUnit)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Density
from verify4k.formats.reading.peek import Peek
from verify4k.formats.tiff import ifd

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_ACROSS, _DOWN, _UNIT, _RATIONAL = 282, 283, 296, 5


def density(reader: Reader) -> Density | None:
    """Return dots per inch; None without a unit or without the tags."""
    page = ifd.first_directory(Peek(reader, 4096))
    scale = {2: 1.0, 3: 2.54}.get(page.value(_UNIT, 2))
    sides, whole = [], True
    for tag in (_ACROSS, _DOWN):
        entry = page.entries.get(tag)
        pair = b"" if entry is None or entry.kind != _RATIONAL else reader.read(entry.at, 8)
        above, below = int.from_bytes(pair[:4], page.order), int.from_bytes(pair[4:8], page.order)
        sides.append(above / below if below else 0.0)
        whole = whole and below == 1
    if not (scale and all(sides)):
        return None
    return Density("TIFF", sides[0] * scale, sides[1] * scale, scale if whole else 0.0)
