"""A JPEG XL whose metadata boxes are no longer packed by Brotli, for those who cannot open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, LimitHit, MissingTool
from verify4k.formats.facts import BytesReader
from verify4k.formats.reading.isobmff import boxes

if TYPE_CHECKING:
    from verify4k.formats.reading.isobmff import Box

_MOST = 16 << 20  # bytes of all opened boxes
_PIECE = 1 << 16


def opened(data: bytes) -> bytes:
    """Return ``data`` with each ``brob`` box (18181-2, 9.3) replaced by the box inside it."""
    pieces, left, at = [], _MOST, 0
    for box in boxes(BytesReader(data), 0, len(data)):
        if box.kind == b"brob" and box.end <= len(data):
            kind, content = _content(data, box, left)
            left -= len(content)
            pieces += [data[at : box.start], (len(content) + 8).to_bytes(4, "big"), kind, content]
            at = box.end
    return b"".join((*pieces, data[at:]))


def _content(data: bytes, box: Box, most: int) -> tuple[bytes, bytes]:
    try:
        import brotli
    except ImportError as error:
        hint = 'pip install "verify4k[jxl]"'
        raise MissingTool("metadata packed by Brotli need the package brotli", hint) from error
    found, kind = bytearray(), data[box.body : box.body + 4]
    unpacking = brotli.Decompressor()
    packed = data[box.body + 4 : box.end]
    try:
        while not unpacking.is_finished():
            # more than is wanted of one piece waits inside, and is asked for with nothing new
            fed = packed[:_PIECE] if unpacking.can_accept_more_data() else b""
            packed = packed[len(fed) :]
            more = unpacking.process(fed, output_buffer_limit=_PIECE)
            found += more
            if len(found) > most:
                raise LimitHit(f"metadata unpack to more than {_MOST >> 20} MB")
            if not fed and not more and unpacking.can_accept_more_data():
                raise CannotRead("metadata packed by Brotli end too early")
    except brotli.error as error:
        raise CannotRead("metadata packed by Brotli cannot be unpacked") from error
    return kind, bytes(found)
