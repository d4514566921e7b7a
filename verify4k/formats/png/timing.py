"""How an APNG plays: acTL's rounds, each fcTL's delay (PNG third edition, 11.3.6.1 and 11.3.6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Timing, timing_of
from verify4k.formats.png.chunks import FIRST, chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def timing(reader: Reader) -> Timing | None:
    """Return the delays of all frames that play; None without an acTL before the pixels."""
    plays, delays, promised = 0, [], 0
    for chunk in chunks(reader, FIRST, check=False):
        if chunk.name == b"IEND" or (chunk.name == b"IDAT" and not promised):
            break
        body = reader.read(chunk.at + 8, min(chunk.length, 26)) if chunk.name in (b"acTL", b"fcTL") else b""
        if chunk.name == b"acTL" and len(body) == 8:
            promised, plays = int.from_bytes(body[:4]), int.from_bytes(body[4:])
        elif chunk.name == b"fcTL" and len(body) == 26:
            above, below = int.from_bytes(body[20:22]), int.from_bytes(body[22:24])
            delays.append(1000 * above / (below or 100))
    return timing_of(delays, plays) if promised > 1 else None
