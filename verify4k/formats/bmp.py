"""BMP: every header size from OS/2 1.x to V5, top-down rows, bit fields, run lengths.

Microsoft's BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER, BITMAPV5HEADER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Block, BytesReader, Density, Header, Size, Walk
from verify4k.formats.limits import DEFAULT, guard
from verify4k.formats.reading.bitfields import unpack
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def _recognize(head: bytes) -> str | None:
    """Two bytes of magic are little: the reserved fields have to be empty as well."""
    fits = head[:2] == b"BM" and len(head) > 10 and (head[6:10] == bytes(4) or head[15:18] == bytes(3))
    return "bmp" if fits else None


FORMAT = Format(
    "bmp",
    suffixes=(".bmp", ".dib"),
    media_types=("image/bmp", "image/x-ms-bmp", "image/x-bmp"),
    recognize=_recognize,
    weak=True,
)


_RLE8, _RLE4, _BITFIELDS, _ALPHA_BITFIELDS = 1, 2, 3, 6
_LARGEST_HEADER = 1024  # what browsers read past the V5 header is for versions to come
_MEANS = {0: "none", 1: "RLE8", 2: "RLE4", 3: "bit fields", 6: "bit fields"}


class Bitmap(NamedTuple):
    """A device-independent bitmap's header."""

    size: Size
    bits: int
    compression: int
    length: int  # of the pixel data as claimed; 0: not claimed
    masks: tuple[int, int, int, int]
    profile: tuple[int, int]  # offset from the header, and length; (0, 0): none

    @property
    def plain_length(self) -> int:
        """Bytes of uncompressed rows, each padded to four."""
        return (self.size.width * self.bits + 31) // 32 * 4 * self.size.height

    @property
    def depth(self) -> int:
        """Bits a channel, or bits an index."""
        if self.bits <= 8:
            return self.bits
        widest = max(mask.bit_count() for mask in self.masks)
        return widest or (5 if self.bits == 16 else 8)


def read_bitmap(reader: Reader, at: int) -> Bitmap:
    """Read the header at ``at``; height is positive whatever the row order."""
    head = reader.read(at, 124)
    length = int.from_bytes(head[:4], "little")
    if not (length == 12 or 16 <= length <= _LARGEST_HEADER) or len(head) < min(length, 124):
        raise Damaged(f"a bitmap header of {length} bytes is not known, or cut off")
    if length == 12:
        width, height = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        bits, compression, claimed = int.from_bytes(head[10:12], "little"), 0, 0
    else:
        head = head[:length].ljust(124, b"\0") if length != 40 else head.ljust(124, b"\0")
        width = int.from_bytes(head[4:8], "little", signed=True)
        height = abs(int.from_bytes(head[8:12], "little", signed=True))
        bits = int.from_bytes(head[14:16], "little")
        compression = int.from_bytes(head[16:20], "little") if length > 16 else 0
        claimed = int.from_bytes(head[20:24], "little") if length > 16 else 0
    if width <= 0 or height <= 0:
        raise Damaged(f"the bitmap measures {width}x{height}")
    if bits in (48, 64):  # GDI+ writes them
        raise CannotRead(f"a bitmap of {bits} bits a pixel is not supported")
    if bits not in (1, 2, 4, 8, 16, 24, 32):
        raise Damaged(f"a bitmap of {bits} bits a pixel is not known")
    masks = _masks(head, length, compression) if bits in (16, 32) else (0, 0, 0, 0)
    profile = (0, 0)
    if length >= 124 and head[56:60] == b"DEBM":  # PROFILE_EMBEDDED
        profile = int.from_bytes(head[112:116], "little"), int.from_bytes(head[116:120], "little")
    return Bitmap(Size(width, height), bits, compression, claimed, masks, profile)


def _masks(head: bytes, length: int, compression: int) -> tuple[int, int, int, int]:
    """Bit fields count from the V3 headers on, or where the compression says so."""
    if compression not in (_BITFIELDS, _ALPHA_BITFIELDS):
        return (0, 0, 0, 0)
    red, green, blue, alpha = (int.from_bytes(head[at : at + 4], "little") for at in (40, 44, 48, 52))
    return red, green, blue, alpha if length >= 56 or compression == _ALPHA_BITFIELDS else 0


def header(reader: Reader) -> Header:
    """Return the facts of both headers."""
    bitmap = read_bitmap(reader, 14)
    return Header(
        format="bmp",
        stored=bitmap.size,
        displayed=bitmap.size,
        bit_depth=bitmap.depth,
        mode="palette" if bitmap.bits <= 8 else "rgb",
        alpha=bitmap.masks[3] != 0,
        blocks=(Block("icc", 14 + bitmap.profile[0], bitmap.profile[1]),) if bitmap.profile[1] else (),
    )


def density(reader: Reader) -> Density | None:
    """Return what the info header says in pixels a metre."""
    head = reader.read(14, 32)
    across, down = (int.from_bytes(head[at : at + 4], "little") * 0.0254 for at in (24, 28))
    return Density("BMP", across, down) if head[:4] != b"\x0c\0\0\0" and across and down else None


def walk(reader: Reader) -> Walk:
    """Check that the pixel data are there; nothing in a BMP says so but their size."""
    try:
        bitmap = read_bitmap(reader, 14)
    except Damaged as error:
        return Walk(damage=(error.message,))
    claimed = int.from_bytes(reader.read(2, 4), "little")
    start = int.from_bytes(reader.read(10, 4), "little")
    length = bitmap.plain_length if bitmap.compression in (0, _BITFIELDS, _ALPHA_BITFIELDS) else bitmap.length
    end = start + length
    if start < 26 or start > reader.size:
        return Walk(damage=(f"the pixel data start at {start}, outside the file",))
    if end > reader.size:
        return Walk(damage=(f"truncated: the pixel data end {end - reader.size} bytes after the file",))
    warnings: tuple[str, ...] = ()
    if claimed > reader.size:
        warnings = (f"the header promises {claimed} bytes, {reader.size} are there",)
    ends = [end, min(claimed, reader.size), sum(bitmap.profile) + 14 if bitmap.profile[1] else 0]
    if not length:
        ends.append(reader.size)  # compressed, of unknown length
    end = min(max(ends), reader.size)
    trailing = reader.size - end
    return Walk(warnings=warnings, end=end, trailing=trailing, trailing_kind=trailing_kind(reader, end))


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode with Pillow; run lengths are followed to their end mark first."""
    from verify4k.formats.decoding import DECODER_ERRORS, as_damage, open_with
    from verify4k.formats.pixels import PillowPixels

    guard(header, len(data), limits)
    bitmap = read_bitmap(BytesReader(data), 14)
    if bitmap.compression not in _MEANS:
        raise CannotRead(f"BMP compression {bitmap.compression} is not supported")
    if bitmap.compression in (_RLE8, _RLE4):
        _check_runs(data, int.from_bytes(data[10:14], "little"), bitmap)
    if bitmap.compression in (_BITFIELDS, _ALPHA_BITFIELDS) and bitmap.bits in (16, 32):
        start, height = (
            int.from_bytes(data[10:14], "little"),
            int.from_bytes(data[22:26], "little", signed=True),
        )
        if start + bitmap.plain_length > len(data):
            raise Damaged("truncated: the pixel data end after the file")
        return unpack(data, start, bitmap.size, bitmap.bits, bitmap.masks, upwards=height > 0)
    try:
        image = open_with("Bmp", data)
    except DECODER_ERRORS as error:
        raise CannotRead(f"this kind of BMP is not supported: {str(error)!a}"[:200]) from error
    if image.size != header.stored:
        raise Damaged(f"the header promises {header.stored}, the decoder finds {Size(*image.size)}")
    with as_damage():
        image.load()
    return PillowPixels(image)


def _check_runs(data: bytes, at: int, bitmap: Bitmap) -> None:
    """Follow the codes to the end-of-bitmap mark; Pillow would fill the rest with black."""
    rows, size = 0, len(data)
    while at + 1 < size:
        count, code = data[at], data[at + 1]
        at += 2
        if count:
            continue
        if code == 1:
            return
        if code == 0:
            rows += 1
        elif code == 2:
            rows += data[at + 1] if at + 1 < size else 0
            at += 2
        else:
            length = code if bitmap.compression == _RLE8 else (code + 1) // 2
            at += length + (length & 1)
    if rows < bitmap.size.height:
        raise Damaged(f"the run lengths end after {rows} of {bitmap.size.height} rows")
