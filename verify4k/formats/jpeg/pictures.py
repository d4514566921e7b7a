"""The picture of a JPEG and its gain map, each by its own header."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import BytesReader, once
from verify4k.formats.jpeg.gain_map import gain_map_heads
from verify4k.formats.jpeg.header import header

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Size


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of the picture, then that of each gain map that the file's index names."""
    found = [once(reader, header).displayed]
    for head in gain_map_heads(reader):
        with suppress(Damaged):
            found.append(header(BytesReader(head)).displayed)
    return tuple(found)
