"""Whether a JPEG XL file carries a gain map: the ``jhgm`` box (ISO/IEC 18181-2:2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.reading.isobmff import boxes

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def gain_map(reader: Reader, _end: object) -> bool:
    """Look through the boxes; a bare codestream has none."""
    if reader.read(0, 2) == b"\xff\x0a":
        return False
    return any(box.kind == b"jhgm" for box in boxes(reader, 0, reader.size))
