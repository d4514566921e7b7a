"""How many pixels make an inch, as a file says it: its container's own field, then Exif.

A claim of what to print, never a fact of the pixels. Exif 3.0, 4.6.5: XResolution, YResolution,
ResolutionUnit.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from verify4k.formats.facts import Density
from verify4k.formats.metadata.exif import ORDERS, read_directory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.formats.facts import Block, Reader

_ACROSS, _DOWN, _UNIT = 0x011A, 0x011B, 0x0128
_RATIONAL, _SHORT = 5, 3
_PER_INCH = {2: 1.0, 3: 2.54}


def exif_densities(reader: Reader, blocks: Iterable[Block]) -> Iterable[Density]:
    """Yield what each Exif block says."""
    from verify4k.formats.png.raw_profile import load_exif

    for block in [block for block in blocks if block.kind == "exif"][:4]:
        found = read_density(load_exif(reader, block))
        if found is not None:
            yield found


def read_density(data: bytes, source: str = "Exif") -> Density | None:
    """Read a TIFF structure's first directory; None where it names no density in inches or centimetres."""
    if data[:6] == b"Exif\0\0":
        data = data[6:]
    order = ORDERS.get(data[:4])
    if order is None or len(data) < 8:
        return None
    entries, _ = read_directory(data, order, struct.unpack_from(order + "I", data, 4)[0])
    sides: dict[int, float] = {}
    whole = True  # and so rounded by whoever wrote it
    scale: float | None = 1.0  # inches where the tag is absent
    for tag, kind, _, raw in entries:
        if tag in (_ACROSS, _DOWN) and kind == _RATIONAL:
            pair = data[(at := struct.unpack(order + "I", raw)[0]) : at + 8]
            above, below = struct.unpack(order + "II", pair) if len(pair) == 8 else (0, 0)
            sides[tag] = above / below if below else 0.0
            whole = whole and below == 1
        elif tag == _UNIT and kind == _SHORT:
            scale = _PER_INCH.get(struct.unpack_from(order + "H", raw)[0])
    across, down = sides.get(_ACROSS, 0.0), sides.get(_DOWN, 0.0)
    if not (scale and across and down):
        return None
    return Density(source, across * scale, down * scale, scale if whole else 0.0)
