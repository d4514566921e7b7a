"""PNG's building blocks: the signature, IHDR, and chunks one after the other with their CRCs.

Section numbers are those of the PNG specification, third edition (W3C, 2025).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit, NotAnImage
from verify4k.formats.facts import Sentence
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader, Window

CGBI = Sentence(
    "this is Apple's CgBI variant of PNG: only iOS shows it",
    "take the icon from the asset source, undo it with `xcrun pngcrush -revert-iphone-optimizations`, "
    "or build with COMPRESS_PNG_FILES=NO",
)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
FIRST = 33  # the first chunk after IHDR
_PIECE = 1 << 18
_MOST_CHUNKS = 250_000  # a large file has thousands

# 11.2.1: colour type -> (mode, channels, bit depths)
COLOUR_TYPES = {
    0: ("gray", 1, (1, 2, 4, 8, 16)),
    2: ("rgb", 3, (8, 16)),
    3: ("palette", 1, (1, 2, 4, 8)),
    4: ("gray", 2, (8, 16)),
    6: ("rgb", 4, (8, 16)),
}


class Ihdr(NamedTuple):
    """The image header. ``good``: its CRC is right."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool
    good: bool

    @property
    def bits(self) -> int:
        """Bits per pixel."""
        return COLOUR_TYPES[self.colour][1] * self.depth


def transparent(ihdr: Ihdr, length: int, palette: int) -> bool:
    """Whether decoders heed a tRNS chunk of this length behind so many bytes of palette (11.3.1.1)."""
    if ihdr.colour == 3:
        return 0 < length <= palette // 3
    return length == {0: 2, 2: 6}.get(ihdr.colour)


class Chunk(NamedTuple):
    """One chunk. ``missing``: bytes that its length promises and the file does not hold."""

    name: bytes
    at: int
    length: int
    good: bool
    missing: int = 0

    @property
    def body(self) -> int:
        """Offset of the chunk's data."""
        return self.at + 8


def title(name: bytes) -> str:
    """Return a chunk name that is safe to print."""
    return name.decode() if name.isalpha() else ascii(name.decode("latin-1"))


def read_ihdr(window: Window) -> Ihdr:
    """Read signature and IHDR. Raises `Damaged` where they describe no image."""
    head = window.at(0, FIRST)
    if head[:8] != SIGNATURE[: len(head)]:
        raise NotAnImage("no PNG signature")
    if len(head) < FIRST:
        raise Damaged(f"the file ends inside its header, after {len(head)} bytes")
    if head[8:16] != b"\0\0\0\x0dIHDR":
        raise Damaged(_not_ihdr(head[8:12], head[12:16]))
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    depth, colour, compression, filtering, interlace = head[24:29]
    if not (0 < width < 1 << 31 and 0 < height < 1 << 31):
        raise Damaged(f"IHDR says {width}x{height}: no size an image can have")
    if colour not in COLOUR_TYPES or depth not in COLOUR_TYPES[colour][2]:
        raise Damaged(f"IHDR says colour type {colour} with {depth} bits: no combination of PNG")
    if compression or filtering or interlace > 1:
        raise Damaged(f"IHDR names unknown methods ({compression}, {filtering}, {interlace})")
    good = zlib.crc32(head[12:29]) == int.from_bytes(head[29:33])
    return Ihdr(width, height, depth, colour, interlace == 1, good)


def _not_ihdr(length: bytes, name: bytes) -> str:
    if name == b"CgBI":
        return CGBI
    if name == b"IHDR":
        return f"IHDR is {int.from_bytes(length)} bytes long instead of 13"
    return f"the first chunk is {title(name)} instead of IHDR"


def chunks(reader: Reader, at: int = 8, *, check: bool = True) -> Iterator[Chunk]:
    """Yield chunks to the end of the file; the caller stops at IEND.

    The last one may be cut short (``missing``). ``check``: compute CRCs, which reads all bytes.
    """
    data, base = reader.read(at, _PIECE if check else 4096), at
    view = memoryview(data)
    for _ in range(_MOST_CHUNKS):
        if at + 8 > base + len(data) or (check and at + 12 > base + len(data)):
            data, base = reader.read(at, _PIECE if check else 4096), at
            view = memoryview(data)
        start = at - base
        if start + 8 > len(data):
            if start < len(data):
                yield Chunk(data[start + 4 :], at, 0, False, 12 - len(data) + start)
            return
        length, name = int.from_bytes(view[start : start + 4]), data[start + 4 : start + 8]
        missing = at + 12 + length - reader.size
        if missing > 0:
            yield Chunk(name, at, length, False, missing)
            return
        stop = start + 12 + length
        if not check:
            good = True
        elif stop <= len(data):
            good = zlib.crc32(view[start + 4 : stop - 4]) == int.from_bytes(view[stop - 4 : stop])
        elif length < _PIECE // 2:
            data, base = reader.read(at, _PIECE), at
            view = memoryview(data)
            stop = 12 + length
            good = zlib.crc32(view[4 : stop - 4]) == int.from_bytes(view[stop - 4 : stop])
        else:
            good = _crc(reader, at + 4, length + 4) == int.from_bytes(reader.read(at + 8 + length, 4))
        yield Chunk(name, at, length, good)
        at += 12 + length
    raise LimitHit(f"more than {_MOST_CHUNKS} chunks")


def _crc(reader: Reader, at: int, length: int) -> int:
    crc = 0
    while length > 0:
        piece = reader.read(at, min(length, _PIECE))
        if not piece:
            break
        crc = zlib.crc32(piece, crc)
        at += len(piece)
        length -= len(piece)
    return crc


def png_chunk(name: bytes, body: bytes) -> bytes:
    """Return one chunk with its CRC."""
    return b"".join((len(body).to_bytes(4), name, body, zlib.crc32(body, zlib.crc32(name)).to_bytes(4)))
