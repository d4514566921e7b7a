"""A whole PNG that lies inside another file: an icon's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import BytesReader

if TYPE_CHECKING:
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def decode_whole(piece: bytes, what: str, *, colour: bool, limits: Limits) -> Pixels:
    """Check and decode it. Raises `Damaged` with ``what`` it is."""
    from verify4k.formats.png.decode import decode
    from verify4k.formats.png.header import header
    from verify4k.formats.png.inflate import inflate
    from verify4k.formats.png.walk import walk

    reader = BytesReader(piece)
    inner, told = header(reader), walk(reader)
    inflated = inflate(reader, limits)
    damage = inner.damage + told.damage + inflated.damage
    if damage:
        raise Damaged(f"{what}: {damage[0]}")
    return decode(inflated.stored or piece, inner, colour=colour, limits=limits)
