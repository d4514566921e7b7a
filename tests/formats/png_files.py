"""Builds tiny PNG files, right and wrong, chunk by chunk."""

from __future__ import annotations

import random
import struct
import zlib

from verify4k.formats.png.chunks import COLOUR_TYPES, SIGNATURE
from verify4k.formats.png.scanlines import scanlines

ALL_KINDS = [
    (colour, depth, interlace)
    for colour, (_, _, depths) in COLOUR_TYPES.items()
    for depth in depths
    for interlace in (0, 1)
]


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bad_crc(name: bytes, body: bytes = b"") -> bytes:
    whole = chunk(name, body)
    return whole[:-1] + bytes((whole[-1] ^ 1,))


def ihdr(width: int = 4, height: int = 3, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def rows(width: int = 4, height: int = 3, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    """Noise in scanlines of filter type 0."""
    noise = random.Random(1)
    bits = COLOUR_TYPES[colour][1] * depth
    passes = scanlines(width, height, bits, interlaced=interlace == 1)
    return b"".join(b"\0" + noise.randbytes(size - 1) for size, lines in passes for _ in range(lines))


def idat(raw: bytes) -> bytes:
    return chunk(b"IDAT", zlib.compress(raw))


def palette(colours: int) -> bytes:
    return chunk(b"PLTE", bytes(index % 256 for index in range(3 * colours)))


END = chunk(b"IEND")
DATA = idat(rows())
HEAD = SIGNATURE + ihdr()
GOOD = HEAD + DATA + END


def picture(
    colour: int = 2,
    depth: int = 8,
    interlace: int = 0,
    *,
    width: int = 4,
    height: int = 3,
    before: bytes = b"",
    raw: bytes | None = None,
) -> bytes:
    """Return a good PNG of any kind; ``before`` stands before its pixels, behind its palette."""
    if raw is None:
        raw = rows(width, height, depth, colour, interlace)
    plte = palette(1 << depth) if colour == 3 else b""
    return SIGNATURE + ihdr(width, height, depth, colour, interlace) + plte + before + idat(raw) + END


def actl(frames: int) -> bytes:
    return chunk(b"acTL", struct.pack(">II", frames, 0))


def fctl(
    number: int,
    width: int = 4,
    height: int = 3,
    left: int = 0,
    top: int = 0,
    *,
    ways: tuple[int, int] = (0, 0),
) -> bytes:
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, left, top, 1, 10, *ways))


def fdat(number: int, raw: bytes | None = None) -> bytes:
    return chunk(b"fdAT", struct.pack(">I", number) + zlib.compress(rows() if raw is None else raw))


ANIMATION = HEAD + actl(2) + fctl(0) + DATA + fctl(1) + fdat(2) + END
HIDDEN_DEFAULT = HEAD + actl(2) + DATA + fctl(0) + fdat(1) + fctl(2) + fdat(3) + END


def itxt_xmp(packet: bytes, *, deflated: bool = False) -> bytes:
    text = zlib.compress(packet) if deflated else packet
    return chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes((deflated, 0)) + b"\0\0" + text)
