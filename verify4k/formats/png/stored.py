"""A PNG whose pixel data are stored as they were inflated: to be decoded without inflating them again.

Deflate has blocks that are not compressed (RFC 1951, 3.2.4). A decoder copies those, where inflating the
rows of a photograph takes it half of its time; to count every row they have been inflated already.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from verify4k.formats.png.chunks import SIGNATURE, png_chunk

if TYPE_CHECKING:
    from verify4k.formats.png.chunks import Ihdr

_MOST_BLOCK = 0xFFFF  # 3.2.4: its length has two bytes
_ZLIB = b"\x78\x01"
_LAST = b"\x01\x00\x00\xff\xff"  # an empty block that says so
MOST = 64 << 20  # bytes of rows that are kept beside the file


class Stored:
    """The file of one frame while its rows come in."""

    def __init__(self, ihdr: Ihdr) -> None:
        size = ihdr.width.to_bytes(4) + ihdr.height.to_bytes(4)
        self._file = BytesIO()
        self._file.write(SIGNATURE)
        self._file.write(png_chunk(b"IHDR", size + bytes((ihdr.depth, ihdr.colour, 0, 0, ihdr.interlaced))))
        self._start = self._file.tell()
        self._file.write(bytes(4) + b"IDAT")
        self._crc = zlib.crc32(b"IDAT")
        self._sum = zlib.adler32(b"")
        self._write(_ZLIB)

    def _write(self, piece: bytes | memoryview) -> None:
        self._crc = zlib.crc32(piece, self._crc)
        self._file.write(piece)

    def take(self, rows: bytes) -> None:
        """Add inflated bytes."""
        self._sum = zlib.adler32(rows, self._sum)
        view = memoryview(rows)
        for at in range(0, len(rows), _MOST_BLOCK):
            block = view[at : at + _MOST_BLOCK]
            length = len(block)
            self._write(b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little"))
            self._write(block)

    def file(self) -> bytes:
        """Return the whole file."""
        self._write(_LAST + self._sum.to_bytes(4))
        length = self._file.tell() - self._start - 8
        self._file.write(self._crc.to_bytes(4) + png_chunk(b"IEND", b""))
        self._file.seek(self._start)
        self._file.write(length.to_bytes(4))
        return self._file.getvalue()
