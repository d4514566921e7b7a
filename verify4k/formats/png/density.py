"""PNG's pHYs chunk: pixels a metre (PNG third edition, 11.3.4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Density, Window
from verify4k.formats.png.chunks import FIRST

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_MOST_CHUNKS = 100_000
METRE = 0.0254  # of an inch


def density(reader: Reader) -> Density | None:
    """Return dots per inch; None where only a shape of pixels is given, or nothing before the pixels."""
    window = Window(reader)
    at = FIRST
    for _ in range(_MOST_CHUNKS):
        head = window.at(at, 17)
        name = head[4:8]
        if len(head) < 8 or name in (b"IDAT", b"IEND"):
            return None
        if name == b"pHYs" and int.from_bytes(head[:4]) == 9:
            across, down = int.from_bytes(head[8:12]) * METRE, int.from_bytes(head[12:16]) * METRE
            return Density("pHYs", across, down) if head[16] == 1 and across and down else None
        at += 12 + int.from_bytes(head[:4])
    return None
