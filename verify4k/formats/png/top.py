"""The first rows of a PNG as a PNG of their own: enough to tell most pictures apart.

Inflating and unfiltering 64 of 2160 rows costs a thirtieth of the whole; a filter only looks
upwards (PNG third edition, 9.2), so the rows are exactly those of the whole picture.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.formats.limits import DEFAULT
from verify4k.formats.png.chunks import SIGNATURE, png_chunk
from verify4k.formats.png.frame import Frame
from verify4k.formats.png.scanlines import scanlines

if TYPE_CHECKING:
    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def top(data: bytes, header: Header, rows: int, limits: Limits = DEFAULT) -> Pixels | None:
    """Decode the first ``rows`` rows; None where they are not stored first. Raises like ``decode``."""
    frame = Frame(data)
    ihdr = frame.ihdr
    if ihdr.interlaced or frame.place != (ihdr.width, ihdr.height, 0, 0):
        return None
    rows = min(rows, ihdr.height)
    [(length, _)] = scanlines(ihdr.width, ihdr.height, ihdr.bits, interlaced=False)
    lines = _inflate(frame.pieces, length * rows)
    if len(lines) < length * rows:
        return None  # damaged: its rows say nothing
    size = ihdr.width.to_bytes(4) + rows.to_bytes(4)
    small = (
        SIGNATURE,
        png_chunk(b"IHDR", size + bytes((ihdr.depth, ihdr.colour, 0, 0, 0))),
        png_chunk(b"PLTE", frame.palette) if ihdr.colour == 3 else b"",
        png_chunk(b"tRNS", frame.transparency) if frame.transparency else b"",
        png_chunk(b"IDAT", zlib.compress(lines, 0)),
        png_chunk(b"IEND", b""),
    )
    from verify4k.formats.png.decode import decode

    return decode(b"".join(small), header._replace(stored=Size(ihdr.width, rows)), colour=True, limits=limits)


def _inflate(pieces: list[memoryview], wanted: int) -> bytes:
    inflater = zlib.decompressobj()
    found = bytearray()
    for piece in pieces:
        try:
            found += inflater.decompress(piece, wanted - len(found))
        except zlib.error:
            return b""
        if len(found) == wanted or inflater.eof:
            break
    return bytes(found)
