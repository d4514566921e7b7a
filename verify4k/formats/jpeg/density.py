"""JFIF's density: the APP0 segment that has to come first (JFIF 1.02, section "JFIF extension")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Density, once
from verify4k.formats.jpeg.markers import APP0, SOS, Front

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def density(reader: Reader) -> Density | None:
    """Return dots per inch; None where only a shape of pixels is given, or nothing."""
    front = once(reader, Front)
    for segment in front.until(SOS):
        if segment.code == APP0 and segment.length >= 12:
            body = front.window.at(segment.body, 12)
            if body.startswith(b"JFIF\0") and body[7] in (1, 2):
                scale = 1.0 if body[7] == 1 else 2.54
                across, down = int.from_bytes(body[8:10]) * scale, int.from_bytes(body[10:12]) * scale
                return Density("JFIF", across, down, scale) if across and down else None
    return None
