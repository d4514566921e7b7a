"""ICO and CUR: the largest entry counts, by its own header rather than by the directory.

An entry is a whole PNG, or a bitmap without file header whose height counts twice: once for
the colours, once for the one-bit mask under them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.bmp import read_bitmap
from verify4k.formats.facts import BytesReader, Header, Size, Walk
from verify4k.formats.limits import DEFAULT, guard, guard_work
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def _recognize(head: bytes) -> str | None:
    """Four bytes of magic, and a count: of zero it would be a TGA header."""
    fits = head[:4] in (b"\0\0\1\0", b"\0\0\2\0") and head[4:6] not in (b"", b"\0\0")
    return _name(head) if fits else None


def _name(head: bytes) -> str:
    return "cur" if head[2:3] == b"\2" else "ico"


FORMATS = (
    Format(
        "ico",
        suffixes=(".ico",),
        media_types=("image/vnd.microsoft.icon", "image/x-icon", "image/ico", "image/icon"),
        recognize=_recognize,
        weak=True,
    ),
    Format("cur", suffixes=(".cur",), media_types=("image/x-win-bitmap",)),
)


_PNG = b"\x89PNG\r\n\x1a\n"
_LIMIT_ENTRIES = 256


class Entry(NamedTuple):
    """One picture: ``told`` by the directory, ``size`` by its own header."""

    told: Size
    size: Size
    at: int
    length: int
    depth: int
    mode: str
    alpha: bool
    bits: int  # of a bitmap's pixel; 0: a PNG


def header(reader: Reader) -> Header:
    """Return the largest entry's facts."""
    entries, faults = _entries(Peek(reader, 4096))
    if not entries:
        raise Damaged(faults[0] if faults else "the icon has no entries")
    best = _largest(entries)
    return Header(
        format=_name(reader.read(0, 4)),
        stored=best.size,
        displayed=best.size,
        bit_depth=best.depth,
        mode=best.mode,
        alpha=best.alpha,
        damage=tuple(faults),
    )


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of each entry, in file order."""
    return tuple(entry.size for entry in _entries(Peek(reader, 4096))[0])


def walk(reader: Reader) -> Walk:
    """Check that every entry lies inside the file and is what the directory says."""
    try:
        entries, faults = _entries(Peek(reader, 4096))
    except Damaged as error:
        return Walk(damage=(error.message,))
    if faults or not entries:
        return Walk(damage=tuple(dict.fromkeys(faults)) or ("the icon has no entries",))
    end = max(entry.at + entry.length for entry in entries)
    warnings = tuple(
        f"the directory says {entry.told}, the entry is {entry.size}"
        for entry in entries
        if entry.told != entry.size and max(entry.size) <= 256
    )
    return Walk(
        warnings=warnings, end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end)
    )


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode every entry; return the largest."""
    entries, faults = _entries(BytesReader(data))
    if faults or not entries:
        raise Damaged(faults[0] if faults else "the icon has no entries")
    guard(header, len(data), limits)
    guard_work(sum(entry.size.pixels for entry in entries), limits)
    best = _largest(entries)
    for entry in entries:
        if entry is not best:
            _decode_entry(data, entry, colour=colour, limits=limits)
    return _decode_entry(data, best, colour=colour, limits=limits)


def _largest(entries: list[Entry]) -> Entry:
    return max(entries, key=lambda entry: (entry.size.pixels, entry.depth, entry.mode != "palette"))


def _entries(reader: Reader) -> tuple[list[Entry], list[str]]:
    """Return the entries that can be read, and sentences about the others."""
    count = int.from_bytes(reader.read(4, 2), "little")
    if count > _LIMIT_ENTRIES:
        raise CannotRead(f"an icon with {count} entries")
    table = reader.read(6, 16 * count)
    if len(table) < 16 * count:
        raise Damaged("truncated: the icon's directory is cut off")
    entries, faults = [], []
    for start in range(0, 16 * count, 16):
        told = Size(table[start] or 256, table[start + 1] or 256)
        length = int.from_bytes(table[start + 8 : start + 12], "little")
        at = int.from_bytes(table[start + 12 : start + 16], "little")
        if at + length > reader.size:
            faults.append(f"truncated: an icon entry ends {at + length - reader.size} bytes after the file")
        try:
            entries.append(_entry(reader, told, at, length))
        except Damaged as error:
            faults.append(error.message)
    return entries, faults


def _entry(reader: Reader, told: Size, at: int, length: int) -> Entry:
    head = reader.read(at, min(length, 26))
    if head.startswith(_PNG):
        if len(head) < 26 or head[12:16] != b"IHDR":
            raise Damaged("an icon entry's PNG header is cut off")
        size = Size(int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big"))
        if 0 in size:
            raise Damaged(f"an icon entry measures {size}")
        mode = {0: "gray", 3: "palette", 4: "gray"}.get(head[25], "rgb")
        return Entry(told, size, at, length, head[24], mode, head[25] in (4, 6), bits=0)
    bitmap = read_bitmap(reader, at)
    size = Size(bitmap.size.width, bitmap.size.height // 2)
    if 0 in size:
        raise Damaged(f"an icon entry measures {size}")
    mode = "palette" if bitmap.bits <= 8 else "rgb"
    return Entry(told, size, at, length, bitmap.depth, mode, alpha=True, bits=bitmap.bits)


def _decode_entry(data: bytes, entry: Entry, *, colour: bool, limits: Limits) -> Pixels:
    piece = data[entry.at : entry.at + entry.length]
    if not entry.bits:
        from verify4k.formats.png.whole import decode_whole

        return decode_whole(piece, "an icon entry", colour=colour, limits=limits)
    from verify4k.formats.decoding import as_damage, open_with
    from verify4k.formats.pixels import PillowPixels

    # an icon of this entry alone: Pillow would choose by the directory
    width, height = (0 if edge > 255 else edge for edge in entry.size)
    single = b"".join(
        (
            b"\0\0\1\0\1\0",
            bytes((width, height, 0, 0, 1, 0, entry.bits, 0)),
            len(piece).to_bytes(4, "little"),
            (22).to_bytes(4, "little"),
            piece,
        )
    )
    with as_damage():
        image = open_with("Ico", single)
        image.load()
    return PillowPixels(image)
