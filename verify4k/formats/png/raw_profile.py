"""Exif as ImageMagick wrote it into PNG text before eXIf existed: a "raw profile", hexadecimal.

ExifTool, ImageMagick and Pillow read it, browsers do not. The text is: newline, name, newline, length,
newline, digits broken into lines; zTXt deflates it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.formats.facts import Block

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Window

_MOST = 1 << 18  # bytes of text: twice what a JPEG's Exif can hold
_KEYWORDS = (b"Raw profile type exif\0", b"Raw profile type APP1\0")


def raw_profile_block(window: Window, name: bytes, at: int, length: int) -> Block | None:
    """Return where the text of a tEXt or zTXt chunk lies, if its keyword says it is Exif."""
    head = window.at(at, min(length, 22))
    if head not in _KEYWORDS:
        return None
    skip = 23 if name == b"zTXt" else 22  # zTXt: compression method
    return Block("exif", at + skip, max(0, length - skip), deflated=name == b"zTXt")


def load_exif(reader: Reader, block: Block) -> bytes:
    """Return an Exif block's bytes, of whichever kind; empty where they cannot be had."""
    data = reader.read(block.offset, min(block.length, 1 << 20))
    if block.deflated:
        try:
            data = zlib.decompressobj().decompress(data, _MOST)
        except zlib.error:
            return b""
    if data[:1] != b"\n":
        return data
    digits = b"".join(data[:_MOST].split(b"\n", 3)[3:])
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:  # also UnicodeDecodeError
        return b""
