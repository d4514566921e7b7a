"""A reader that keeps the first KB at hand, and what the bytes after an image look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_STEP = 65536


class Peek:
    """A `Reader` whose first bytes are read once: parsers ask for many small pieces there."""

    __slots__ = ("head", "reader", "size")

    def __init__(self, reader: Reader, length: int = 2048) -> None:
        self.reader = reader
        self.size = reader.size
        self.head = reader.read(0, length)

    def read(self, offset: int, length: int) -> bytes:
        """Like `Reader.read`, from the kept head where that is enough."""
        end = offset + length
        if end <= len(self.head):
            return self.head[offset:end]
        if offset >= self.size or length <= 0:
            return b""
        return self.reader.read(offset, length)


def name_tail(reader: Reader, end: int) -> str:
    """Name what lies behind ``end``: "" (nothing), "nul", "newline", "zip", ... or "data"."""
    if end >= reader.size:
        return ""
    start = reader.read(end, 16)
    if start in (b"\n", b"\r\n") and reader.size - end == len(start):
        return "newline"
    for magic, name in (
        (b"PK\3\4", "zip"),
        (b"\x89PNG", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"RIFF", "riff"),
        (b"GIF8", "gif"),
        (b"%PDF", "pdf"),
    ):
        if start.startswith(magic):
            return name
    if start[4:8] == b"ftyp":
        return "video"  # a motion photo
    for at in range(end, reader.size, _STEP):
        piece = reader.read(at, _STEP)
        if piece.count(0) != len(piece):
            return "data"
    return "nul"
