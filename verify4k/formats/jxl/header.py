"""JPEG XL: size and metadata from the codestream's first bits, bare or in boxes.

ISO/IEC 18181-1 (annex A: SizeHeader, ImageMetadata) and 18181-2 (container). The
codestream's orientation is always applied; an Exif box never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Block, Header
from verify4k.formats.jxl.bits import Codestream, read_codestream
from verify4k.formats.reading.isobmff import boxes
from verify4k.formats.reading.peek import Peek

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.reading.isobmff import Box

_START = 4096  # bytes of codestream that may matter: channel names can be long
_LAST = 0x80000000  # jxlp: the upper bit of the number marks the last part


def header(reader: Reader) -> Header:
    """Return the facts of the image header."""
    reader = Peek(reader, 4096)
    stream, blocks, packed = _open(reader)
    return Header(
        format="jxl",
        stored=stream.size,
        displayed=stream.size.turned if stream.orientation >= 5 else stream.size,
        bit_depth=stream.depth,
        mode=stream.mode,
        alpha=stream.alpha,
        orientation=stream.orientation,
        frames=None if stream.animated else 1,  # nothing short of decoding counts them
        animated=stream.animated,
        blocks=tuple(blocks),
        colours=stream.colours,
        coded_icc=stream.coded_icc,
        packed=packed,
        progressive=None,
    )


def read_stream(reader: Reader) -> Codestream:
    """Return what the codestream says."""
    return _open(Peek(reader, 4096))[0]


def _open(reader: Peek) -> tuple[Codestream, list[Block], bool]:
    if reader.head[:2] == b"\xff\x0a":
        return read_codestream(reader.read(0, _START)), [], False
    start, blocks, packed = b"", [], False
    for box in boxes(reader, 0, reader.size):
        if box.kind in (b"jxlc", b"jxlp") and len(start) < _START:
            skip = 4 if box.kind == b"jxlp" else 0
            start += reader.read(box.body + skip, min(box.end - box.body - skip, _START - len(start)))
        packed = packed or box.kind == b"brob"
        block = _block(reader, box)
        if block is not None:
            blocks.append(block)
    if start[:2] != b"\xff\x0a":
        raise Damaged("there is no codestream in the boxes")
    return read_codestream(start), blocks, packed


def _block(reader: Reader, box: Box) -> Block | None:
    """18181-2, 9.4: Exif has a four-byte offset before it; ``brob`` is opened by `opened`."""
    length = box.end - box.body
    if box.end > reader.size:
        return None
    if box.kind == b"Exif":
        skip = 4 + int.from_bytes(reader.read(box.body, 4), "big")
        return Block("exif", box.body + skip, length - skip) if skip <= length else None
    kinds = {b"xml ": "xmp", b"jumb": "c2pa"}
    return Block(kinds[box.kind], box.body, length) if box.kind in kinds else None
