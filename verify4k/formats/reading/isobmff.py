"""ISO base media files: boxes by their headers, and the item table of a ``meta`` box.

ISO/IEC 14496-12 (boxes, ``meta``, ``iloc``, ``iinf``, ``iref``) and 23008-12 (``iprp``).
Boxes are skipped by seeking; nothing recurses, every list is as long as its bytes at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader

_LIMIT_BOXES = 4096  # boxes beside each other
_LIMIT_TABLE = 1_000_000  # bytes of one table box


class Box(NamedTuple):
    """One box. ``end`` is as claimed and may lie behind its parent's end or the file's."""

    kind: bytes
    start: int
    body: int
    end: int

    @property
    def name(self) -> str:
        """The kind, safe to print."""
        return ascii(self.kind.decode("latin-1"))


class Cursor:
    """Big-endian numbers from a box body, one after another; `Damaged` when it ends early."""

    __slots__ = ("_of", "at", "data")

    def __init__(self, data: bytes, of: Box | str, at: int = 0) -> None:
        self.data = data
        self._of = of
        self.at = at

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        at, end = self.at, self.at + length
        if end > len(self.data):
            raise self._too_short()
        self.at = end
        return self.data[at:end]

    def number(self, length: int) -> int:
        """Return the next unsigned number of ``length`` bytes (0: zero); `take` would be a call more."""
        at, end = self.at, self.at + length
        if end > len(self.data):
            raise self._too_short()
        self.at = end
        return int.from_bytes(self.data[at:end], "big")

    def _too_short(self) -> Damaged:
        return Damaged(f"the {self._of if isinstance(self._of, str) else self._of.name} box ends too early")

    def text(self) -> bytes:
        """Return the next NUL-terminated string."""
        end = self.data.find(b"\0", self.at)
        end = len(self.data) if end < 0 else end
        piece = self.data[self.at : end]
        self.at = end + 1
        return piece


class Item(NamedTuple):
    """One entry of ``iinf``."""

    kind: bytes
    content: bytes  # media type of a "mime" item


class Place(NamedTuple):
    """One entry of ``iloc``: extents in the file (method 0) or in ``idat`` (method 1)."""

    method: int
    extents: tuple[tuple[int, int], ...]


class Meta:
    """The tables of one ``meta`` box."""

    def __init__(self) -> None:
        self.primary = 0
        self.items: dict[int, Item] = {}
        self.places: dict[int, Place] = {}
        self.properties: list[tuple[Box, bytes]] = []
        self.owned: dict[int, list[int]] = {}  # item: property numbers, in order
        self.references: list[tuple[bytes, int, tuple[int, ...]]] = []
        self.idat: Box | None = None

    def of(self, item: int, kind: bytes) -> list[tuple[Box, bytes]]:
        """Return the properties of one kind that belong to ``item``."""
        numbers = self.owned.get(item, ())
        found = [self.properties[number - 1] for number in numbers if 0 < number <= len(self.properties)]
        return [pair for pair in found if pair[0].kind == kind]

    def referring(self, kind: bytes, target: int) -> list[int]:
        """Return the items that refer to ``target``."""
        return [source for name, source, targets in self.references if name == kind and target in targets]

    def referred(self, kind: bytes, source: int) -> tuple[int, ...]:
        """Return the items that ``source`` refers to, in order."""
        for name, item, targets in self.references:
            if name == kind and item == source:
                return targets
        return ()


def boxes(reader: Reader, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between ``start`` and ``end`` (14496-12, 4.2); stop where none can be."""
    for _ in range(_LIMIT_BOXES):
        if start + 8 > end or len(head := reader.read(start, 16)) < 8:
            return
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if start + size < body:
            return  # smaller than its own header
        yield Box(head[4:8], start, body, start + size)
        start += size
    raise LimitHit(f"more than {_LIMIT_BOXES} boxes beside each other")


def table(reader: Reader, box: Box) -> bytes:
    """Read a whole box body that has to be small."""
    length = box.end - box.body
    if length > _LIMIT_TABLE:
        raise LimitHit(f"the {box.name} box has {length} bytes, more than are read")
    return reader.read(box.body, length)


def read_meta(reader: Reader, meta: Box) -> Meta:
    """Read the tables of a ``meta`` box that lies inside the file."""
    found = Meta()
    readers = {b"pitm": _pitm, b"iinf": _iinf, b"iloc": _iloc, b"iref": _iref}
    for box in boxes(reader, meta.body + 4, meta.end):
        if box.end > meta.end:
            raise Damaged(f"the {box.name} box is longer than the meta box around it")
        if box.kind in readers:
            readers[box.kind](found, Cursor(table(reader, box), box))
        elif box.kind == b"iprp":
            _iprp(found, reader, box)
        elif box.kind == b"idat":
            found.idat = box
    return found


def _pitm(meta: Meta, cursor: Cursor) -> None:
    version = cursor.number(4) >> 24
    meta.primary = cursor.number(4 if version else 2)


def _iinf(meta: Meta, cursor: Cursor) -> None:
    version = cursor.number(4) >> 24
    for _ in range(cursor.number(4 if version else 2)):
        start = cursor.at
        size = cursor.number(4)
        if cursor.take(4) != b"infe" or size < 12:
            raise Damaged("the iinf box holds something else than infe boxes")
        cursor.at = start
        entry = Cursor(cursor.take(size), "infe", 8)
        version = entry.number(4) >> 24
        if version < 2:
            continue  # without an item type: not an image item
        item = entry.number(4 if version > 2 else 2)
        entry.number(2)
        kind = entry.take(4)
        entry.text()
        meta.items[item] = Item(kind, entry.text() if kind == b"mime" else b"")


def _iloc(meta: Meta, cursor: Cursor) -> None:
    version = cursor.number(4) >> 24
    widths = cursor.number(2)
    offset_size, length_size, base_size = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index_size = widths & 15 if version in (1, 2) else 0
    for _ in range(cursor.number(2 if version < 2 else 4)):
        item = cursor.number(2 if version < 2 else 4)
        method = cursor.number(2) & 15 if version in (1, 2) else 0
        cursor.number(2)
        base = cursor.number(base_size)
        extents = []
        if offset_size + length_size + index_size == 0:
            raise Damaged("the iloc box gives neither offsets nor lengths")
        for _ in range(cursor.number(2)):
            cursor.number(index_size)
            offset = cursor.number(offset_size)
            extents.append((base + offset, cursor.number(length_size)))
        meta.places[item] = Place(method, tuple(extents))


def _iref(meta: Meta, cursor: Cursor) -> None:
    width = 4 if cursor.number(4) >> 24 else 2
    while cursor.at < len(cursor.data):
        cursor.number(4)
        kind = cursor.take(4)
        source = cursor.number(width)
        targets = tuple(cursor.number(width) for _ in range(cursor.number(2)))
        meta.references.append((kind, source, targets))


def _iprp(meta: Meta, reader: Reader, iprp: Box) -> None:
    for box in boxes(reader, iprp.body, iprp.end):
        if box.end > iprp.end:
            raise Damaged(f"the {box.name} box is longer than the iprp box around it")
        if box.kind == b"ipco":
            for inner in boxes(reader, box.body, box.end):
                if inner.end > box.end:
                    raise Damaged(f"the {inner.name} property is longer than the ipco box around it")
                # the longest property that is looked into is a codec configuration
                meta.properties.append((inner, reader.read(inner.body, min(inner.end - inner.body, 4096))))
        elif box.kind == b"ipma":
            _ipma(meta, Cursor(table(reader, box), box))


def _ipma(meta: Meta, cursor: Cursor) -> None:
    head = cursor.number(4)
    wide = head & 1
    for _ in range(cursor.number(4)):
        item = cursor.number(4 if head >> 24 else 2)
        numbers = meta.owned.setdefault(item, [])
        count = cursor.number(1)
        if wide:
            numbers += [cursor.number(2) & 0x7FFF for _ in range(count)]
        else:
            numbers += [number & 0x7F for number in cursor.take(count)]
