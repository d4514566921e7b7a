"""The multi-picture index of a JPEG (MPF, CIPA DC-007): where its further pictures lie."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from verify4k.formats.metadata.exif import ORDERS, read_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Block, Reader

_MP_ENTRY = 0xB002


def further_pictures(reader: Reader, mpf: Block) -> Iterator[tuple[int, int]]:
    """Yield offset and length of each, as told: 5.2.3.3, offsets count from the index itself."""
    data = reader.read(mpf.offset, mpf.length)
    order = ORDERS.get(data[:4])
    if order is None or len(data) < 8:
        return
    entries, _ = read_directory(data, order, struct.unpack_from(order + "I", data, 4)[0])
    for tag, _, length, value in entries:
        if tag != _MP_ENTRY:
            continue
        (at,) = struct.unpack(order + "I", value)
        table = data[at : at + length // 16 * 16]
        for _, size, offset, _ in struct.iter_unpack(order + "III4s", table[: len(table) // 16 * 16]):
            if offset:  # 0: the first picture, this one
                yield mpf.offset + offset, size
