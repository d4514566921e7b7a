"""How a WebP samples colours: VP8 has one way, VP8L keeps them whole (RFC 9649, 2.5 and 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.webp.frames import chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def sampling(reader: Reader) -> str:
    """Return "4:2:0" of a lossy picture or first frame, "" of a lossless one."""
    end = min(reader.size, 8 + int.from_bytes(reader.read(4, 4), "little"))
    for chunk in chunks(reader, 12, end):
        parts = chunks(reader, chunk.at + 16, chunk.end) if chunk.kind == b"ANMF" else (chunk,)
        for part in parts:
            if part.kind in (b"VP8 ", b"VP8L"):
                return "4:2:0" if part.kind == b"VP8 " else ""
    raise CannotRead("how the WebP samples colours cannot be told: it holds no picture")
