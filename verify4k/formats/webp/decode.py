"""WebP pixels: every frame, decoded by Pillow (libwebp)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.decoding import decode_frames
from verify4k.formats.limits import DEFAULT
from verify4k.formats.webp.scan import ALPHA

if TYPE_CHECKING:
    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode every frame (each is part of the file's integrity) and return the first."""
    flags_at = 20
    if header.alpha and data[12:16] == b"VP8X" and not data[flags_at] & ALPHA:
        # libwebp's animation decoder believes the flag; the alpha is there all the same
        data = b"".join((data[:flags_at], bytes([data[flags_at] | ALPHA]), data[flags_at + 1 :]))
    return decode_frames(data, "WebP", header, limits)
