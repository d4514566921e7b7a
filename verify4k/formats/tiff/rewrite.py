"""A TIFF's first page under a directory of our own, which names only what decoding needs.

So no odd tag, no chain of pages and no orientation reaches the decoder, and samples can be
asked for as plain bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import LimitHit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.formats.tiff import ifd

_LONG, _LONG8 = 4, 16
_LIMIT_BYTES = 0xFFFF_0000
_KEEP = (
    *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325),
    *(332, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 532, 34675),
)


def rewrite(data: bytes, page: ifd.Directory, changes: Mapping[int, tuple[int, ...]]) -> bytes:
    """Return the file with a new directory at its end: kept tags, with ``changes`` (() removes).

    The new directory is a classic one, also for BigTIFF, which Pillow reads in one byte order only.
    """
    order = page.order
    start = len(data) + (-len(data) % 8)
    if start > _LIMIT_BYTES:
        raise LimitHit(f"a TIFF of {len(data)} bytes is more than is decoded")
    wide = {
        tag: page.values(tag) for tag in _KEEP if tag in page.entries and page.entries[tag].kind == _LONG8
    }
    changes = {**wide, **changes}
    tags = sorted(tag for tag in {*_KEEP, *changes} if changes.get(tag, tag in page.entries))
    tail = start + 2 + len(tags) * 12 + 4
    body, extra = len(tags).to_bytes(2, order), b""
    for tag in tags:
        if tag in changes:
            kind, count = _LONG, len(changes[tag])
            value = b"".join(number.to_bytes(4, order) for number in changes[tag])
            if len(value) > 4:
                extra, value = extra + value, (tail + len(extra)).to_bytes(4, order)
        else:
            entry = page.entries[tag]
            kind, count = entry.kind, entry.number
            small = entry.length <= 4
            value = data[entry.at : entry.at + 4] if small else entry.at.to_bytes(4, order)
        body += tag.to_bytes(2, order) + kind.to_bytes(2, order) + count.to_bytes(4, order) + value
    head = data[:2] + (42).to_bytes(2, order) + start.to_bytes(4, order)
    return b"".join((head, data[8:], bytes(start - len(data)), body, bytes(4), extra))
