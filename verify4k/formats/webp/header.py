"""WebP: the canvas and its metadata, by chunk headers alone.

RFC 9649, section 2. Displayed is the canvas; Exif orientation is reported but not applied,
because browsers do not apply it while Pillow, sharp and phone galleries do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Header
from verify4k.formats.metadata.exif import read_exif
from verify4k.formats.reading.peek import Peek
from verify4k.formats.webp.scan import ALPHA, has_alpha, scan_chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.webp.scan import Scan

_EXIF_LIMIT = 65536  # orientation stands in the first directory, near the start


def header(reader: Reader) -> Header:
    """Return what chunk headers tell; raise `Damaged` where they tell no size."""
    reader = Peek(reader)
    scan = scan_chunks(reader, header_only=True)
    canvas = scan.canvas
    if canvas is None:
        raise Damaged(scan.damage[0] if scan.damage else "there is no image data")
    orientation, disagreements = _orientation(reader, scan)
    counted = scan.complete or not scan.animation
    alpha = has_alpha(scan)
    if alpha and scan.extended and not scan.flags & ALPHA:
        disagreements.append("the image has alpha but its VP8X header denies it: viewers differ")
    return Header(
        format="webp",
        stored=canvas,
        displayed=canvas,
        bit_depth=8,
        mode="rgb",
        alpha=alpha or (False if counted else None),
        orientation=orientation,
        frames=max(scan.frames, 1) if counted else None,
        animated=scan.frames > 1 if counted or scan.frames > 1 else None,
        blocks=tuple(scan.blocks),
        disagreements=tuple(disagreements),
        damage=tuple(dict.fromkeys(scan.damage)),
    )


def _orientation(reader: Reader, scan: Scan) -> tuple[int, list[str]]:
    block = next((block for block in scan.blocks if block.kind == "exif"), None)
    if block is None:
        return 1, []
    orientation = read_exif(reader.read(block.offset, min(block.length, _EXIF_LIMIT))).orientation
    if orientation == 1:
        return 1, []
    return orientation, [
        f"Exif orientation {orientation} in WebP: browsers ignore it, other viewers turn the image"
    ]
