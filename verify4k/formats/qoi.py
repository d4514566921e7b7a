"""QOI: a fixed header, a stream of one- to five-byte chunks, an end marker of eight bytes.

The Quite OK Image Format specification 1.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format("qoi", suffixes=(".qoi",), media_types=("image/qoi",), magic=(b"qoif",))

_HEAD = 14
_END = bytes(7) + b"\x01"
_PIECE = 1 << 20


def header(reader: Reader) -> Header:
    """Return the facts of the fixed header."""
    head = reader.read(0, _HEAD)
    if len(head) < _HEAD:
        raise Damaged("the file ends inside the QOI header")
    size = Size(int.from_bytes(head[4:8]), int.from_bytes(head[8:12]))
    if 0 in size or head[12] not in (3, 4):
        raise Damaged(f"the QOI header says {size} with {head[12]} channels: no image")
    return Header("qoi", size, size, bit_depth=8, mode="rgb", alpha=head[12] == 4)


def walk(reader: Reader) -> Walk:
    """Count the pixels that the chunks give; nothing else says where the stream ends."""
    try:
        pixels = header(reader).stored.pixels
    except Damaged as error:
        return Walk(damage=(error.message,))
    at, left = _run(reader, pixels)
    if left > 0:
        return Walk(damage=(f"truncated: {left} of {pixels} pixels are missing",))
    if reader.read(at, 8) != _END:
        return Walk(damage=("the end marker behind the last pixel is missing",))
    at += 8
    return Walk(end=at, trailing=reader.size - at, trailing_kind=trailing_kind(reader, at))


def _run(reader: Reader, pixels: int) -> tuple[int, int]:
    """Return where the chunks for ``pixels`` pixels end, and how many pixels are missing."""
    at, left = _HEAD, pixels
    while left > 0 and at < reader.size:
        piece = reader.read(at, _PIECE)
        index = 0
        while left > 0 and index < len(piece):
            tag = piece[index]
            left -= (tag & 63) + 1 if 192 <= tag < 254 else 1
            index += _LENGTHS[tag]
        at += index
    return min(at, reader.size), left if at <= reader.size else max(1, left)


# QOI_OP_INDEX 1 byte, DIFF 1, LUMA 2, RUN 1 (1 to 62 pixels), RGB 4, RGBA 5
_LENGTHS = bytes([1] * 128 + [2] * 64 + [1] * 62 + [4, 5])


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode with Pillow."""
    from verify4k.formats.decoding import decode_still

    return decode_still(data, "Qoi", header, limits)
