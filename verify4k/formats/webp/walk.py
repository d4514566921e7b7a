"""The whole of a WebP file: every chunk header, every frame's rectangle, what follows the container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Walk
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.webp.scan import has_alpha, scan_chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def walk(reader: Reader) -> Walk:
    """Check every chunk header and frame rectangle, and what follows the RIFF container."""
    reader = Peek(reader)
    scan = scan_chunks(reader, header_only=False)
    damage = tuple(dict.fromkeys(scan.damage))
    known = None if damage else scan.end
    return Walk(
        damage=damage,
        warnings=tuple(dict.fromkeys(scan.warnings)),
        end=known,
        trailing=0 if known is None else max(0, reader.size - known),
        trailing_kind="" if known is None else trailing_kind(reader, known),
        frames=None if damage else max(scan.frames, 1),  # what is missing may be frames
        animated=None if damage and scan.frames < 2 else scan.frames > 1,
        alpha=has_alpha(scan),
        blocks=() if scan.early is None else tuple(scan.blocks[scan.early :]),
    )
