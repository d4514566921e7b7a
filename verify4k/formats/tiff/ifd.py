"""TIFF directories: entries and their values, classic and BigTIFF, both byte orders.

TIFF 6.0, section 2; BigTIFF as in libtiff. Nothing follows a pointer that has been followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verify4k.errors import Damaged, LimitHit
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader

Order = Literal["little", "big"]

SUBFILE_TYPE, WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS = 273, 274, 277, 278, 279
PLANAR, PREDICTOR, TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS = 284, 317, 322, 323, 324, 325
SUB_IFDS, EXTRA_SAMPLES, SAMPLE_FORMAT, XMP, EXIF_IFD, ICC = 330, 338, 339, 700, 34665, 34675

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TYPE_BYTES |= {16: 8, 17: 8, 18: 8}
_UNSIGNED = frozenset({1, 3, 4, 13, 16, 18})
_LIMIT_ENTRIES = 65_535
_LIMIT_VALUES = 1_000_000


class Entry(NamedTuple):
    """One entry. ``at``: where its value lies, in the entry itself or elsewhere."""

    tag: int
    kind: int
    number: int
    at: int
    inline: bool

    @property
    def length(self) -> int:
        """Bytes of the value; 0 for a type nobody knows."""
        return _TYPE_BYTES.get(self.kind, 0) * self.number


class Directory(NamedTuple):
    """One IFD: its entries by tag (the first of a tag counts), and the next one's offset."""

    reader: Reader
    order: Order
    big: bool
    offset: int
    end: int
    entries: dict[int, Entry]
    following: int

    def values(self, tag: int) -> tuple[int, ...]:
        """Return unsigned integers; () when the tag is absent or of another type."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in _UNSIGNED:
            return ()
        if entry.at + entry.length > self.reader.size:
            raise Damaged(f"truncated: the values of tag {tag} lie outside the file")
        if entry.number > _LIMIT_VALUES:
            raise LimitHit(f"tag {tag} has {entry.number} values, more than are read")
        data = self.reader.read(entry.at, entry.length)
        width = _TYPE_BYTES[entry.kind]
        if width == 1:
            return tuple(data)
        return tuple(int.from_bytes(data[at : at + width], self.order) for at in range(0, len(data), width))

    def value(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        found = self.values(tag)
        return found[0] if found else default


def read_start(reader: Reader) -> tuple[Order, bool, int]:
    """Return byte order, whether it is BigTIFF, and the first directory's offset."""
    head = reader.read(0, 16)
    order: Order = "little" if head[:2] == b"II" else "big"
    big = int.from_bytes(head[2:4], order) == 43
    if len(head) < (16 if big else 8):
        raise Damaged("the file ends inside the TIFF header")
    if not big:
        return order, big, int.from_bytes(head[4:8], order)
    if int.from_bytes(head[4:6], order) != 8:
        raise Damaged("a BigTIFF with offsets of other than 8 bytes")
    return order, big, int.from_bytes(head[8:16], order)


def read_directory(reader: Reader, order: Order, offset: int, *, big: bool) -> Directory:
    """Read the IFD at ``offset``; `Damaged` where it does not fit into the file."""
    count_size, entry_size, link_size = (8, 20, 8) if big else (2, 12, 4)
    head = reader.read(offset, count_size)
    count = int.from_bytes(head, order)
    end = offset + count_size + count * entry_size + link_size
    if offset < 8 or len(head) < count_size or end > reader.size:
        raise Damaged("truncated: a directory (IFD) lies outside the file")
    if count > _LIMIT_ENTRIES:
        raise LimitHit(f"a directory has {count} entries")
    body = reader.read(offset + count_size, count * entry_size + link_size)
    entries: dict[int, Entry] = {}
    for at in range(0, count * entry_size, entry_size):
        entry = _entry(body, at, order, offset + count_size, big=big)
        entries.setdefault(entry.tag, entry)
    following = int.from_bytes(body[count * entry_size :], order)
    return Directory(reader, order, big, offset, end, entries, following)


def _entry(body: bytes, at: int, order: Order, base: int, *, big: bool) -> Entry:
    width = 8 if big else 4
    tag = int.from_bytes(body[at : at + 2], order)
    kind = int.from_bytes(body[at + 2 : at + 4], order)
    count = int.from_bytes(body[at + 4 : at + 4 + width], order)
    place = at + 4 + width
    if _TYPE_BYTES.get(kind, 0) * count <= width:
        return Entry(tag, kind, count, base + place, inline=True)
    return Entry(tag, kind, count, int.from_bytes(body[place : place + width], order), inline=False)


def first_directory(reader: Reader) -> Directory:
    """Read the first page's directory."""
    order, big, offset = read_start(reader)
    return read_directory(reader, order, offset, big=big)


def further_directories(first: Directory, limit: int) -> Iterator[Directory]:
    """Yield the pages after the first; `Damaged` where the chain loops or leaves the file."""
    seen = {first.offset}
    following = first.following
    while following:
        if following in seen:
            raise Damaged("the chain of pages loops")
        if len(seen) >= limit:
            raise LimitHit(f"more than {limit} pages")
        seen.add(following)
        page = read_directory(first.reader, first.order, following, big=first.big)
        yield page
        following = page.following
