"""JPEG 2000: the boxes of JP2 and JPX, or a bare codestream; decoded by Pillow (OpenJPEG).

ISO/IEC 15444-1 (ITU-T T.800): annex A codestream, annex I boxes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Block, Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.isobmff import Cursor, boxes, table
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.subsampling import coarseness
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels
    from verify4k.formats.reading.isobmff import Box

_START = b"\xff\x4f\xff\x51"
FORMAT = Format(
    "jp2",
    suffixes=(".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx", ".jph", ".jhc"),
    media_types=("image/jp2", "image/jpx", "image/jph", "image/j2c"),
    magic=(b"\0\0\0\x0cjP  \r\n\x87\n", _START),
)

_SOT, _SOD, _EOC = 0xFF90, 0xFF93, 0xFFD9
_MOST_PARTS = 65_535 * 255
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF = b"JpgTiffExif->JP2"
_CMYK, _GRAY = 12, 17


class _Siz(NamedTuple):
    size: Size
    depths: tuple[int, ...]
    steps: tuple[tuple[int, int], ...]  # of each component on the reference grid, across and down


class _Found(NamedTuple):
    """The codestream's place and what the boxes around it say."""

    start: int
    end: int
    siz: _Siz
    ihdr: Size | None = None
    space: int = 0
    palette: bool = False
    alpha: bool = False
    blocks: tuple[Block, ...] = ()


def _siz(reader: Reader, start: int) -> _Siz:
    """A.5.1: the image area on the reference grid, and each component's precision."""
    head = reader.read(start, 4 + 38)
    if head[:4] != _START or len(head) < 42:
        raise Damaged("the codestream does not begin with its size")
    right, down, left, top = (int.from_bytes(head[at : at + 4]) for at in (8, 12, 16, 20))
    count = int.from_bytes(head[40:42])
    size = Size(right - left, down - top)
    parts = reader.read(start + 42, 3 * min(count, 16_384))
    if min(size) <= 0 or not count or len(parts) < 3 * count:
        raise Damaged(f"the codestream says {size} with {count} components: no image")
    steps = tuple(zip(parts[1::3], parts[2::3], strict=True))
    return _Siz(size, tuple((part & 127) + 1 for part in parts[::3]), steps)


def _find(reader: Reader) -> _Found:
    reader = Peek(reader, 4096)
    if reader.head.startswith(_START):
        return _Found(0, reader.size, _siz(reader, 0))
    inside: list[Box] = []
    stream: Box | None = None
    blocks: list[Block] = []
    for box in boxes(reader, 0, reader.size):
        if box.kind == b"jp2h" and not inside:
            inside = list(boxes(reader, box.body, min(box.end, reader.size)))
        elif box.kind == b"jp2c" and stream is None:
            stream = box
        elif box.kind == b"uuid":
            kind = {_XMP: "xmp", _EXIF: "exif"}.get(reader.read(box.body, 16))
            if kind:
                blocks.append(Block(kind, box.body + 16, min(box.end, reader.size) - box.body - 16))
    if stream is None:
        raise Damaged("truncated: there is no codestream in the file")
    found = _Found(stream.body, stream.end, _siz(reader, stream.body))
    for box in inside:
        found = _inner(reader, box, found)
    return found._replace(blocks=(*found.blocks, *blocks))


def _inner(reader: Reader, box: Box, found: _Found) -> _Found:
    """I.5.3: image header, colour specification, palette, channel definition."""
    if box.kind == b"ihdr":
        cursor = Cursor(table(reader, box), "ihdr")
        height = cursor.number(4)
        return found._replace(ihdr=Size(cursor.number(4), height))
    if box.kind == b"colr" and not found.space and not found.blocks:
        head = reader.read(box.body, 7)
        if head[:1] == b"\x01":
            return found._replace(space=int.from_bytes(head[3:7]))
        if head[:1] in (b"\x02", b"\x03"):
            return found._replace(blocks=(Block("icc", box.body + 3, box.end - box.body - 3),))
    if box.kind == b"cdef":
        cursor = Cursor(table(reader, box), "cdef")
        kinds = {int.from_bytes(cursor.take(6)[2:4]) for _ in range(cursor.number(2))}
        return found._replace(alpha=bool(kinds & {1, 2}))
    return found._replace(palette=True) if box.kind == b"pclr" else found


def sampling(reader: Reader) -> str:
    """Return "4:2:0" and the like, "" where all components are equally fine. Raises `CannotRead`."""
    (across, down), *others = _find(reader).siz.steps
    if not all(min(one) for one in [(across, down), *others]):
        raise CannotRead("a component of the JPEG 2000 has no samples")
    parts = {(one / across, other / down) for one, other in others[:2]} or {(1.0, 1.0)}
    return coarseness(*max(parts))


def header(reader: Reader) -> Header:
    """Return the facts of the codestream, and of the boxes around it."""
    found = _find(reader)
    count = len(found.siz.depths)
    mode = "palette" if found.palette else "gray" if count < 3 or found.space == _GRAY else "rgb"
    mode = "cmyk" if found.space == _CMYK else mode
    damage: tuple[str, ...] = ()
    if found.ihdr is not None and found.ihdr != found.siz.size:
        damage = (f"the header box says {found.ihdr}, the codestream {found.siz.size}",)
    return Header(
        format="jp2",
        stored=found.siz.size,
        displayed=found.siz.size,
        bit_depth=max(found.siz.depths),
        mode=mode,
        alpha=found.alpha,
        blocks=found.blocks,
        damage=damage,
        progressive=None,
    )


def walk(reader: Reader) -> Walk:
    """Follow the tile-parts to the end of the codestream (A.4.2)."""
    try:
        found = _find(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    if found.end > reader.size:
        return Walk(
            damage=(f"truncated: the codestream ends {found.end - reader.size} bytes after the file",)
        )
    last, problem = _tile_parts(reader, found)
    if problem:
        return Walk(damage=(problem,))
    end = last
    if found.start:
        end = max(box.end for box in boxes(reader, 0, reader.size) if box.end <= reader.size)
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def _tile_parts(reader: Reader, found: _Found) -> tuple[int, str]:
    """Return where the end marker ends, or what is missing."""
    at = found.start + 2
    for _ in range(_MOST_PARTS):
        marker = int.from_bytes(reader.read(at, 2))
        if marker == _EOC:
            return at + 2, ""
        if marker == _SOT:
            length = int.from_bytes(reader.read(at + 6, 4))
            if length == 0:  # the last one: up to the end marker
                tail = found.end - 2
                fine = reader.read(tail, 2) == b"\xff\xd9"
                return found.end, "" if fine else "truncated: the codestream has no end marker"
            if length < 14:
                return 0, "a tile-part is shorter than its own header"
        else:
            length = 2 + int.from_bytes(reader.read(at + 2, 2))
        if marker < 0xFF00 or at + length > found.end:
            return 0, "truncated: the codestream ends inside its tile-parts"
        at += length
    raise CannotRead("the codestream has too many tile-parts")


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode with Pillow."""
    from verify4k.formats.decoding import decode_still, deep_alpha

    return deep_alpha(decode_still(data, "Jpeg2K", header, limits), header)
