"""JPEG XL: size and metadata from the codestream's first bits, bare or in boxes.

ISO/IEC 18181-1 (annex A: SizeHeader, ImageMetadata) and 18181-2 (container). The
codestream's orientation is always applied; an Exif box never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, MissingTool
from verify4k.formats.facts import Block, Header, Size, Walk
from verify4k.formats.isobmff import boxes
from verify4k.formats.jxl_bits import Codestream, read_codestream
from verify4k.formats.peek import Peek
from verify4k.formats.trailing import trailing_kind

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

    from verify4k.formats.facts import Reader
    from verify4k.formats.isobmff import Box
    from verify4k.pixels import Pixels

_START = 4096  # bytes of codestream that may matter: channel names can be long
_LAST = 0x80000000  # jxlp: the upper bit of the number marks the last part


def header(reader: Reader) -> Header:
    """Return the facts of the image header."""
    reader = Peek(reader, 4096)
    stream, blocks = _open(reader)
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
    )


def walk(reader: Reader) -> Walk:
    """Check the boxes; what a bare codestream lacks, only decoding finds."""
    reader = Peek(reader, 4096)
    if reader.head[:2] == b"\xff\x0a":
        return Walk(end=reader.size)
    end, finished, damage = 0, False, []
    for box in boxes(reader, 0, reader.size):
        if box.start and not all(32 <= byte < 127 for byte in box.kind):
            break
        if box.end > reader.size:
            if finished and box.kind not in (b"Exif", b"xml ", b"brob", b"jumb", b"jbrd"):
                break
            damage.append(f"truncated: the {box.name} box ends {box.end - reader.size} bytes after the file")
        end = min(box.end, reader.size)
        finished = (
            finished or box.kind == b"jxlc" or (box.kind == b"jxlp" and reader.read(box.body, 1) >= b"\x80")
        )
    if not finished:
        damage.append("truncated: the codestream's last box is missing")
    if damage:
        return Walk(damage=tuple(dict.fromkeys(damage)))
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def decode(data: bytes, header: Header, *, colour: bool) -> Pixels:  # noqa: ARG001 - one signature for all
    """Decode the first frame, in stored orientation."""
    from verify4k.formats.decoding import DECODER_ERRORS, broken, deep_alpha, guard_size
    from verify4k.pixels import PillowPixels

    guard_size(header.stored, length=len(data))
    try:
        from pillow_jxl import JpegXLImagePlugin
    except ImportError as error:
        raise MissingTool("JPEG XL needs pillow-jxl-plugin", 'pip install "verify4k[jxl]"') from error
    from io import BytesIO

    try:
        image: ImageFile = JpegXLImagePlugin.JXLImageFile(BytesIO(data))
        image.load()
    except DECODER_ERRORS as error:
        raise broken(error) from error
    if image.size not in (header.displayed, header.stored):
        raise Damaged(f"the header promises {header.displayed}, the decoder finds {Size(*image.size)}")
    # the plug-in turns nothing where it rebuilds a JPEG
    picture = _unturn(image, header.orientation) if image.size == header.displayed else image
    return deep_alpha(PillowPixels(picture), header)


def _unturn(image: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    inverse = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_90,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_270,
    }
    return image if orientation == 1 else image.transpose(inverse[orientation])


def _open(reader: Peek) -> tuple[Codestream, list[Block]]:
    if reader.head[:2] == b"\xff\x0a":
        return read_codestream(reader.read(0, _START)), []
    start, blocks = b"", []
    for box in boxes(reader, 0, reader.size):
        if box.kind in (b"jxlc", b"jxlp") and len(start) < _START:
            skip = 4 if box.kind == b"jxlp" else 0
            start += reader.read(box.body + skip, min(box.end - box.body - skip, _START - len(start)))
        block = _block(reader, box)
        if block is not None:
            blocks.append(block)
    if start[:2] != b"\xff\x0a":
        raise Damaged("there is no codestream in the boxes")
    return read_codestream(start), blocks


def _block(reader: Reader, box: Box) -> Block | None:
    """18181-2, 9.4: Exif has a four-byte offset before it; ``brob`` is Brotli and stays closed."""
    length = box.end - box.body
    if box.end > reader.size:
        return None
    if box.kind == b"Exif":
        skip = 4 + int.from_bytes(reader.read(box.body, 4), "big")
        return Block("exif", box.body + skip, length - skip) if skip <= length else None
    kinds = {b"xml ": "xmp", b"jumb": "c2pa"}
    return Block(kinds[box.kind], box.body, length) if box.kind in kinds else None
