"""A TIFF's first page under a directory of our own, which names only what decoding needs.

So no odd tag, no chain of pages and no orientation reaches the decoder, and samples can be
asked for as plain bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.formats import tiff_ifd as ifd

_KEEP = (
    *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325),
    *(332, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 532, 34675),
)


def rewrite(data: bytes, page: ifd.Directory, changes: Mapping[int, tuple[int, ...]]) -> bytes:
    """Return the file with a new directory at its end: kept tags, with ``changes`` (() removes)."""
    order, big = page.order, page.big
    width = 8 if big else 4
    start = len(data) + (-len(data) % 8)
    tags = sorted((set(_KEEP) & page.entries.keys()) | {tag for tag, values in changes.items() if values})
    tags = [tag for tag in tags if changes.get(tag, (0,))]
    entry_size, count_size = (20, 8) if big else (12, 2)
    tail = start + count_size + len(tags) * entry_size + width
    body, extra = len(tags).to_bytes(count_size, order), b""
    for tag in tags:
        if tag in changes:
            kind, values = (16 if big else 4), changes[tag]
            value = b"".join(number.to_bytes(width, order) for number in values)
            count = len(values)
            if len(value) > width:
                extra, value = extra + value, (tail + len(extra)).to_bytes(width, order)
        else:
            entry = page.entries[tag]
            kind, count = entry.kind, entry.number
            value = data[entry.at : entry.at + width] if entry.inline else entry.at.to_bytes(width, order)
        body += tag.to_bytes(2, order) + kind.to_bytes(2, order) + count.to_bytes(width, order) + value
    head = data[:8] + start.to_bytes(8, order) if big else data[:4] + start.to_bytes(4, order)
    return b"".join((head, data[len(head) :], bytes(start - len(data)), body, bytes(width), extra))
