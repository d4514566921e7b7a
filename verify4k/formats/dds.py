"""DDS: Direct3D textures, block-compressed or plain, with their mipmaps, faces and layers.

Microsoft's DDS_HEADER, DDS_PIXELFORMAT and DDS_HEADER_DXT10; numbers are those of DXGI_FORMAT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format(
    "dds",
    suffixes=(".dds",),
    media_types=("image/vnd-ms.dds", "image/vnd.ms-dds", "image/x-dds"),
    magic=(b"DDS ",),
)

_ALPHA_PIXELS, _FOURCC, _LUMINANCE, _ALPHA_ONLY = 0x1, 0x4, 0x20000, 0x2
_CUBE, _FACES, _VOLUME = 0x200, 0xFC00, 0x200000
_MOST_LEVELS, _MOST_LAYERS = 32, 4096


class Kind(NamedTuple):
    """How pixels are stored. ``bits``: of a pixel, or of a block of 4x4 where ``block``."""

    bits: int
    depth: int
    mode: str = "rgb"
    alpha: bool = False
    block: bool = False


def _block(bits: int, depth: int = 8, mode: str = "rgb", *, alpha: bool = False) -> Kind:
    return Kind(bits, depth, mode, alpha, block=True)


_BC1, _BC2, _BC4, _BC5, _BC6, _BC7 = (
    _block(64), _block(128, alpha=True), _block(64, mode="gray"), _block(128), _block(128, 16),
    _block(128, alpha=True),
)  # fmt: skip
_FOURCCS = {
    b"DXT1": _BC1, b"DXT2": _BC2, b"DXT3": _BC2, b"DXT4": _BC2, b"DXT5": _BC2,
    b"ATI1": _BC4, b"BC4U": _BC4, b"BC4S": _BC4, b"ATI2": _BC5, b"BC5U": _BC5, b"BC5S": _BC5,
    b"\x24\0\0\0": Kind(64, 16, alpha=True), b"\x71\0\0\0": Kind(64, 16, alpha=True),  # D3DFMT numbers
    b"\x74\0\0\0": Kind(128, 32, alpha=True),
}  # fmt: skip
_DXGI = {
    **dict.fromkeys((2, 3, 4), Kind(128, 32, alpha=True)),
    **dict.fromkeys((6, 7, 8), Kind(96, 32)),
    **dict.fromkeys((10, 11, 12, 13, 14), Kind(64, 16, alpha=True)),
    24: Kind(32, 10, alpha=True),
    **dict.fromkeys((28, 29, 30, 31, 32, 87, 91), Kind(32, 8, alpha=True)),
    **dict.fromkeys((88, 93), Kind(32, 8)),
    **dict.fromkeys((49, 50, 51, 52), Kind(16, 8)),
    **dict.fromkeys((40, 41, 42, 43), Kind(32, 32, "gray")),
    **dict.fromkeys((54, 56, 57, 58, 59), Kind(16, 16, "gray")),
    **dict.fromkeys((61, 62, 63, 64), Kind(8, 8, "gray")),
    65: Kind(8, 8, "gray", alpha=True),
    85: Kind(16, 6), 86: Kind(16, 5, alpha=True), 115: Kind(16, 4, alpha=True),
    **dict.fromkeys((70, 71, 72), _BC1),
    **dict.fromkeys((73, 74, 75, 76, 77, 78), _BC2),
    **dict.fromkeys((79, 80, 81), _BC4),
    **dict.fromkeys((82, 83, 84), _BC5),
    **dict.fromkeys((94, 95, 96), _BC6),
    **dict.fromkeys((97, 98, 99), _BC7),
}  # fmt: skip
_RAW = {  # bits of a pixel, masks of red, green and blue -> Pillow's name for such bytes
    (32, 0xFF0000, 0xFF00, 0xFF): "BGRA",
    (32, 0xFF, 0xFF00, 0xFF0000): "RGBA",
    (24, 0xFF0000, 0xFF00, 0xFF): "BGR",
    (24, 0xFF, 0xFF00, 0xFF0000): "RGB",
}
_OPAQUE = 3  # DDS_ALPHA_MODE_OPAQUE


class _Texture(NamedTuple):
    size: Size
    slices: int  # of a volume, at its largest level
    levels: int
    layers: int  # array elements x faces
    kind: Kind
    data: int


def _texture(reader: Reader) -> _Texture:
    head = reader.read(0, 148)
    if len(head) < 128 or _u32(head, 4) != 124 or _u32(head, 76) != 32:
        raise Damaged("the DDS header is cut off, or not as long as it has to be")
    size = Size(_u32(head, 16), _u32(head, 12))
    if 0 in size or max(size) > 1 << 20:
        raise Damaged(f"the DDS header says {size}: no image")
    caps = _u32(head, 112)
    slices = max(1, _u32(head, 24)) if caps & _VOLUME else 1
    layers = max(1, (caps & _FACES).bit_count()) if caps & _CUBE else 1
    data, kind = 128, _plain(head)
    if head[84:88] == b"DX10":
        if len(head) < 148:
            raise Damaged("the file ends inside the DX10 header")
        data, kind = 148, _dx10(head)
        layers = max(1, _u32(head, 140)) * (6 if _u32(head, 136) & 4 else 1)
    levels = max(1, _u32(head, 28)) if _u32(head, 8) & 0x20000 else 1
    if levels > _MOST_LEVELS or layers > _MOST_LAYERS or slices > _MOST_LAYERS:
        raise Damaged(f"the DDS header says {levels} mipmaps of {layers} layers")
    return _Texture(size, slices, levels, layers, kind, data)


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _plain(head: bytes) -> Kind:
    """DDS_PIXELFORMAT: a four-letter code, or masks."""
    flags, code, bits = _u32(head, 80), head[84:88], _u32(head, 88)
    if flags & _FOURCC:
        kind = _FOURCCS.get(code)
        if kind is None and code != b"DX10":
            raise CannotRead(f"DDS pixels of kind {code.decode('latin-1')!a} are not supported")
        kind = kind or _BC1
        return kind._replace(alpha=True) if code == b"DXT1" and flags & _ALPHA_PIXELS else kind
    if not 8 <= bits <= 128:
        raise CannotRead(f"DDS pixels of {bits} bits are not supported")
    masks = [_u32(head, at) for at in (92, 96, 100)]
    depth = max(mask.bit_count() for mask in masks) or 8
    mode = "gray" if flags & (_LUMINANCE | _ALPHA_ONLY) else "rgb"
    return Kind(bits, min(depth, 16), mode, bool(flags & (_ALPHA_PIXELS | _ALPHA_ONLY)))


def _dx10(head: bytes) -> Kind:
    number = _u32(head, 128)
    kind = _DXGI.get(number)
    if kind is None:
        raise CannotRead(f"DDS pixels of DXGI format {number} are not supported")
    return kind._replace(alpha=False) if _u32(head, 144) & 7 == _OPAQUE else kind


def header(reader: Reader) -> Header:
    """Return the facts of both headers; the size is that of the largest mipmap."""
    found = _texture(reader)
    kind = found.kind
    return Header("dds", found.size, found.size, kind.depth, kind.mode, alpha=kind.alpha)


def walk(reader: Reader) -> Walk:
    """Check that every mipmap of every layer is there."""
    try:
        found = _texture(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    end = found.data + found.layers * sum(_level(found, level) for level in range(found.levels))
    if end > reader.size:
        return Walk(damage=(f"truncated: its mipmaps end {end - reader.size} bytes after the file",))
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def _level(found: _Texture, level: int) -> int:
    """Return the bytes of one mipmap of one layer."""
    width, height, slices = (max(1, edge >> level) for edge in (*found.size, found.slices))
    if found.kind.block:
        return (width + 3) // 4 * ((height + 3) // 4) * slices * found.kind.bits // 8
    return (width * found.kind.bits + 7) // 8 * height * slices


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the largest mipmap of the first layer with Pillow; whole bytes need none of its masks."""
    raw = _RAW.get((_u32(data, 88), _u32(data, 92), _u32(data, 96), _u32(data, 100)))
    if raw is None or _u32(data, 80) & _FOURCC:
        from verify4k.formats.decoding import decode_still

        return decode_still(data, "Dds", header, limits)
    from PIL import Image

    from verify4k.formats.limits import guard
    from verify4k.formats.pixels import PillowPixels

    guard(header, len(data), limits)
    length = header.stored.pixels * len(raw)
    if len(data) < 128 + length:
        raise Damaged("truncated: the largest mipmap is not whole")
    mode, raw = ("RGBA", raw) if header.alpha else ("RGB", raw.replace("A", "X"))
    return PillowPixels(Image.frombytes(mode, header.stored, data[128 : 128 + length], "raw", raw))
