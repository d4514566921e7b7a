"""A reader that keeps the first KB at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


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
