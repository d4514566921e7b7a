"""ICC profiles: joining their blocks, their name and their colour space (ICC.1:2022, clauses 7, 9, 10)."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, LimitHit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.formats.facts import Block, Reader

_MOST = 16 << 20  # the largest profiles in use, device links with big tables, have a few MB
_MOST_TAGS = 1000
_MOST_NAME = 400  # characters


def read_icc(reader: Reader, blocks: Sequence[Block]) -> bytes | None:
    """Join the profile's blocks; None without any. Raises `CannotRead` where they do not unpack."""
    parts = []
    left = _MOST
    for block in blocks:
        if block.kind != "icc":
            continue
        data = reader.read(block.offset, min(block.length, left + 1))
        if block.deflated:
            try:
                data = zlib.decompressobj().decompress(data, left + 1)
            except zlib.error as error:
                raise CannotRead("the ICC profile cannot be inflated") from error
        left -= len(data)
        if left < 0:
            raise LimitHit(f"the ICC profile is larger than {_MOST >> 20} MB")
        parts.append(data)
    return b"".join(parts) if parts else None


def profile_space(data: bytes) -> str | None:
    """Return the colour space of the data, e.g. ``RGB``, ``GRAY``, ``CMYK``; None for no profile."""
    if len(data) < 132 or data[36:40] != b"acsp":
        return None
    space = data[16:20].decode("latin-1").strip(" \0")
    return space if space.isalnum() else None


def profile_name(data: bytes) -> str | None:
    """Return the profile's description as written; None where it has none."""
    if len(data) < 132 or data[36:40] != b"acsp":
        return None
    (count,) = struct.unpack_from(">I", data, 128)
    table = data[132 : 132 + 12 * min(count, _MOST_TAGS)]
    for tag, offset, size in struct.iter_unpack(">4sII", table[: len(table) // 12 * 12]):
        if tag == b"desc":
            name = _text(data[offset : offset + min(size, 1 << 16)])
            return name.strip(" \0")[:_MOST_NAME] or None
    return None


def _text(tag: bytes) -> str:
    """10.15: multiLocalizedUnicode, the English or first record; ICC.1:2001 6.5.17: ASCII."""
    kind = tag[:4]
    if kind == b"desc" and len(tag) > 12:
        (length,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + length].partition(b"\0")[0].decode("latin-1")
    if kind == b"text":
        return tag[8:].partition(b"\0")[0].decode("latin-1")
    if kind == b"mluc" and len(tag) >= 28:
        (count,) = struct.unpack_from(">I", tag, 8)
        table = tag[16 : 16 + 12 * min(count, _MOST_TAGS)]
        records = list(struct.iter_unpack(">2s2sII", table[: len(table) // 12 * 12]))
        english = [record for record in records if record[0] == b"en"]
        for _, _, length, offset in (english or records)[:1]:
            return tag[offset : offset + length].decode("utf-16-be", "replace")
    return ""
