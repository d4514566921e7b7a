"""The boxes of a JPEG XL file, to the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Walk
from verify4k.formats.reading.isobmff import boxes
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.trailing import trailing_kind

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def walk(reader: Reader) -> Walk:
    """Check the boxes; what a bare codestream lacks, only decoding finds."""
    reader = Peek(reader, 4096)
    if reader.head[:2] == b"\xff\x0a":
        return Walk(end=reader.size)
    end, finished, damage = 0, False, []
    for box in boxes(reader, 0, reader.size):
        if box.start and not all(32 <= byte < 127 for byte in box.kind):
            break
        if box.end > reader.size:
            if finished and box.kind not in (b"Exif", b"xml ", b"brob", b"jumb", b"jbrd"):
                break
            damage.append(f"truncated: the {box.name} box ends {box.end - reader.size} bytes after the file")
        end = min(box.end, reader.size)
        finished = (
            finished or box.kind == b"jxlc" or (box.kind == b"jxlp" and reader.read(box.body, 1) >= b"\x80")
        )
    if not finished:
        damage.append("truncated: the codestream's last box is missing")
    if damage:
        return Walk(damage=tuple(dict.fromkeys(damage)))
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))
