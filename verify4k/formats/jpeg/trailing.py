"""What stands behind a JPEG's end, and what declares it.

Declared are the pictures of a multi-picture index (MPF, CIPA DC-007), the items that XMP says are
appended (Google's container for gain maps and motion photos) and Samsung's trailer, which ends the
file with a directory of itself. Everything else is trailing data.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from verify4k.formats.jpeg.mpf import further_pictures
from verify4k.formats.reading.trailing import PADDING, trailing_kind

if TYPE_CHECKING:
    from verify4k.formats.facts import Block, Reader
    from verify4k.formats.jpeg.header import Metadata


class Rest:
    """The bytes from ``end`` on: ``length`` of them are undeclared, and look like ``kind``."""

    def __init__(self, reader: Reader, end: int, metadata: Metadata) -> None:
        self.damage: list[str] = []
        self.warnings: list[str] = []
        self.length = 0
        self.kind = ""
        self._reader = reader
        self._end = end
        self._declared: list[tuple[int, int]] = []
        if metadata.mpf is not None:
            self._pictures(metadata.mpf)
        if reader.size > end:
            if metadata.xmp:
                self._items(metadata.xmp)
            self._samsung()
            self._measure()

    def _pictures(self, mpf: Block) -> None:
        for start, size in further_pictures(self._reader, mpf):
            self._picture(start, size)

    def _picture(self, start: int, size: int) -> None:
        reader = self._reader
        if start >= reader.size:
            self._warn("the multi-picture index names a picture that is not in the file")
        elif start + size > reader.size:
            missing = start + size - reader.size
            self.damage.append(f"the file ends inside a further picture: {missing} bytes are missing")
            self._declared.append((start, reader.size))
        elif start < self._end or reader.read(start, 2) != b"\xff\xd8":
            self._warn("the multi-picture index names a place where no picture begins")
        else:
            self._declared.append((start, start + size))

    def _items(self, blocks: list[Block]) -> None:
        from verify4k.formats.metadata.xmp import load_xmp, read_xmp

        found = read_xmp(load_xmp(self._reader, blocks[:1]))
        if found.appended:
            self._declared.append((self._end, min(self._end + found.appended, self._reader.size)))
        if found.video:
            self._declared.append((max(self._end, self._reader.size - found.video), self._reader.size))

    def _samsung(self) -> None:
        """...blocks, SEFH directory, its length, SEFT: entries count back from the directory."""
        size = self._reader.size
        tail = self._reader.read(max(self._end, size - 8), 8)
        if len(tail) < 8 or tail[4:] != b"SEFT":
            return
        directory = size - 8 - int.from_bytes(tail[:4], "little")
        if directory < self._end:
            return
        data = self._reader.read(directory, min(size - 8 - directory, 1 << 16))
        if not data.startswith(b"SEFH"):
            return
        back = [offset for _, offset, _ in struct.iter_unpack("<III", data[12 : len(data) // 12 * 12])]
        self._declared.append((max(self._end, directory - max(back, default=0)), size))

    def _measure(self) -> None:
        """Add up the gaps between declared ranges; padding is named only where nothing else is there."""
        at, size = self._end, self._reader.size
        for start, stop in [*sorted(self._declared), (size, size)]:
            if start > at:
                self.length += start - at
                if self.kind in ("", *PADDING):
                    self.kind = trailing_kind(self._reader, at, start)
            at = max(at, stop)

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)
