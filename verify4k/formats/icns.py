"""ICNS: Apple's icons, a list of pictures from 16x16 to 1024x1024; the largest one counts.

There is no public specification; types and sizes are those of Apple's IconServices and `iconutil`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT, guard, guard_work
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format("icns", suffixes=(".icns",), media_types=("image/icns", "image/x-icns"), magic=(b"icns",))

_EDGES = {  # of a picture; the compressed kinds of Mac OS 8 to 10.6 first
    b"is32": 16, b"il32": 32, b"ih32": 48, b"it32": 128,
    b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic04": 16, b"ic05": 32, b"icsb": 18, b"icsB": 36,
    b"sb24": 24, b"SB24": 48, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512,
}  # fmt: skip
_OLD = (b"is32", b"il32", b"ih32", b"it32")
_BITMAPS = {
    b"ics#": 16,
    b"ics4": 16,
    b"ics8": 16,
    b"ICN#": 32,
    b"icl4": 32,
    b"icl8": 32,
    b"ich#": 48,
    b"ich8": 48,
}
_PNG, _JP2, _J2K = b"\x89PNG\r\n\x1a\n", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"
_MOST = 1024


class Picture(NamedTuple):
    """One entry that holds a picture: ``told`` by its type, ``size`` by its own header where it has one."""

    kind: bytes
    told: Size
    size: Size
    at: int
    length: int


def _chunks(reader: Reader) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, offset and length of each body."""
    end = int.from_bytes(reader.read(4, 4))
    at = 8
    for _ in range(_MOST):
        head = reader.read(at, 8)
        if at + 8 > end or len(head) < 8:
            return
        length = int.from_bytes(head[4:])
        if length < 8:
            raise Damaged(f"an icon entry at byte {at} is shorter than its own header")
        yield head[:4], at + 8, length - 8
        at += length
    raise LimitHit(f"an icon with more than {_MOST} entries")


def _pictures(reader: Reader) -> list[Picture]:
    found = []
    for kind, at, length in _chunks(reader):
        edge = _EDGES.get(kind) or _BITMAPS.get(kind)
        if edge:
            told = Size(edge, edge)
            found.append(Picture(kind, told, _own_size(reader, at, length) or told, at, length))
    if not found:
        raise Damaged("the icon has no pictures")
    return found


def _own_size(reader: Reader, at: int, length: int) -> Size | None:
    """A PNG's IHDR or a JPEG 2000's ihdr or SIZ; None for the older kinds, which have no header."""
    head = reader.read(at, min(length, 96))
    if head.startswith(_PNG) and len(head) >= 24:
        return Size(int.from_bytes(head[16:20]), int.from_bytes(head[20:24]))
    if head.startswith(_JP2) and (box := head.find(b"ihdr")) > 0:
        return Size(int.from_bytes(head[box + 8 : box + 12]), int.from_bytes(head[box + 4 : box + 8]))
    if head.startswith(_J2K) and len(head) >= 24:
        right, down, left, top = (int.from_bytes(head[i : i + 4]) for i in (8, 12, 16, 20))
        return Size(right - left, down - top)
    return None


def _largest(pictures: list[Picture]) -> Picture:
    return max(pictures, key=lambda each: (each.size.pixels, each.kind in _EDGES))


def header(reader: Reader) -> Header:
    """Return the largest picture's facts."""
    best = _largest(_pictures(reader))
    alpha, depth, mode = best.kind in _EDGES, 8, "rgb"
    head = reader.read(best.at, min(best.length, 26))
    if head.startswith(_PNG) and len(head) == 26:
        alpha, depth = head[25] in (4, 6), head[24]
        mode = {0: "gray", 3: "palette", 4: "gray"}.get(head[25], "rgb")
    return Header("icns", best.size, best.size, depth, mode, alpha=alpha)


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of each picture, in file order."""
    return tuple(each.size for each in _pictures(reader))


def walk(reader: Reader) -> Walk:
    """Check that every entry lies inside the file and is what its type says."""
    end = int.from_bytes(reader.read(4, 4))
    try:
        bodies, pictures = list(_chunks(reader)), _pictures(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    last = max(end, *(at + length for _, at, length in bodies))
    if last > reader.size:
        return Walk(damage=(f"truncated: the icon ends {last - reader.size} bytes after the file",))
    warnings = tuple(
        f"entry {each.kind.decode('ascii')} is to be {each.told} and is {each.size}"
        for each in pictures
        if each.told != each.size
    )
    return Walk(
        warnings=tuple(dict.fromkeys(warnings)),
        end=end,
        trailing=reader.size - end,
        trailing_kind=trailing_kind(reader, end),
    )


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode every picture that is a PNG; return the largest, by its own decoder or as run lengths."""
    from verify4k.formats.decoding import decode_still
    from verify4k.formats.facts import BytesReader
    from verify4k.formats.png.whole import decode_whole

    pictures = _pictures(BytesReader(data))
    guard(header, len(data), limits)
    guard_work(sum(each.size.pixels for each in pictures), limits)
    best, found = _largest(pictures), None
    for each in pictures:
        piece = data[each.at : each.at + each.length]
        if piece.startswith(_PNG):
            pixels = decode_whole(piece, "an icon entry", colour=colour, limits=limits)
            found = pixels if each is best else found
    piece = data[best.at : best.at + best.length]
    if piece.startswith((_JP2, _J2K)):
        return decode_still(piece, "Jpeg2K", header._replace(stored=best.size), limits)
    return found or _run_lengths(data, best)


def _run_lengths(data: bytes, best: Picture) -> Pixels:
    """Decode the run lengths of Mac OS 8 with their mask."""
    from PIL import Image

    from verify4k.formats.facts import BytesReader
    from verify4k.formats.pixels import PillowPixels

    if best.kind not in _OLD:
        raise CannotRead(f"no decoder reads icon entries of type {best.kind.decode('ascii')}")
    body, size = data[best.at : best.at + best.length], best.told
    if best.kind == b"it32":  # four bytes of no known meaning
        body = body[4:]
    if len(body) == 3 * size.pixels:
        image = Image.frombytes("RGB", size, body)
    else:
        channels = _channels(body, size.pixels)
        image = Image.merge("RGB", [Image.frombytes("L", size, channel) for channel in channels])
    wanted = best.kind[1:2] + b"8mk"
    for kind, at, length in _chunks(BytesReader(data)):
        if kind == wanted:
            if length < size.pixels:
                raise Damaged(f"the icon's mask has {length} of {size.pixels} bytes")
            image.putalpha(Image.frombytes("L", size, data[at : at + size.pixels]))
    return PillowPixels(image)


def _channels(body: bytes, pixels: int) -> Iterator[bytes]:
    """Yield red, green and blue; the very last run may be too long, as some writers leave it."""
    at = 0
    for channel in range(3):
        found = bytearray()
        while len(found) < pixels:
            if at >= len(body):
                raise Damaged("the pixels of an icon entry end early")
            code = body[at]
            run = body[at + 1 : at + 2] * (code - 125) if code & 0x80 else body[at + 1 : at + 2 + code]
            at += 2 if code & 0x80 else 2 + code
            found += run
        if len(found) > pixels and channel < 2:
            raise Damaged("a run of an icon entry goes on into the next channel")
        yield bytes(found[:pixels])
