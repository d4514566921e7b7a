"""AVIF: HEIF boxes around AV1, decoded by Pillow (libavif)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.heif import read_header
from verify4k.formats.heif_walk import walk_heif

if TYPE_CHECKING:
    from verify4k.formats.facts import Header, Reader, Walk
    from verify4k.pixels import Pixels


def header(reader: Reader) -> Header:
    """Return the primary item's facts."""
    return read_header(reader, "avif")


def walk(reader: Reader) -> Walk:
    """Check boxes, extents, grids and AV1 sequence headers."""
    return walk_heif(reader)


def decode(data: bytes, header: Header, *, colour: bool) -> Pixels:  # noqa: ARG001 - one signature for all
    """Decode every frame. Pillow turns nothing: the picture comes as stored."""
    from verify4k.formats.decoding import decode_frames

    pixels = decode_frames(data, "Avif", header.stored, header.frames or 1)
    if header.alpha and header.bit_depth > 8 and not pixels.alpha_used():
        # 1022 of 1023 is 255 of 255 by then: "opaque" would be a guess
        return DeepAlpha(pixels, header.bit_depth)
    return pixels


class DeepAlpha:
    """Pixels whose alpha lost the bits that would tell opaque from almost opaque."""

    def __init__(self, pixels: Pixels, depth: int) -> None:
        self._depth = depth
        self.width, self.height = pixels.width, pixels.height
        self.array, self.digest, self.thumbnail = pixels.array, pixels.digest, pixels.thumbnail

    def alpha_used(self) -> bool:
        """Refuse: the decoder rounds to 8 bits."""
        raise CannotRead(
            f"alpha is {self._depth} bits deep and decodes to 8, where it looks opaque",
            "save the image without an alpha channel, or at 8 bits",
        )
