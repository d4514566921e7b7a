"""Builds tiny GIF files, right and wrong, block by block."""

from __future__ import annotations

import struct

TABLE = bytes(range(12))  # four colours
TRAILER = b";"


def screen(width: int = 4, height: int = 3, table: bytes = TABLE) -> bytes:
    flags = 0x80 | (len(table) // 6).bit_length() - 1 if table else 0
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + table


def lzw(count: int, colour: int = 1) -> bytes:
    """Sub-blocks of ``count`` pixels of one colour: clear codes keep every code at 3 bits."""
    codes = [4]
    for index in range(count):
        codes += [4, colour] if index % 2 == 0 else [colour]
    text = "".join(f"{code:03b}"[::-1] for code in [*codes, 5])
    text += "0" * (-len(text) % 8)
    data = bytes(int(text[at : at + 8][::-1], 2) for at in range(0, len(text), 8))
    pieces = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"\2" + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def frame(
    width: int = 4,
    height: int = 3,
    *,
    x: int = 0,
    y: int = 0,
    flags: int = 0,
    table: bytes = b"",
    data: bytes = b"",
) -> bytes:
    flags |= 0x80 | (len(table) // 6).bit_length() - 1 if table else 0
    return b"," + struct.pack("<HHHHB", x, y, width, height, flags) + table + (data or lzw(width * height))


def control(transparent: int | None = None, disposal: int = 0) -> bytes:
    flags = (transparent is not None) | disposal << 2
    return b"!\xf9\x04" + bytes([flags, 5, 0, transparent or 0]) + b"\0"


def extension(label: int, *pieces: bytes) -> bytes:
    return b"!" + bytes([label]) + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"
