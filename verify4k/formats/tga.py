"""TGA: no signature, so the header has to be plausible in every field.

Truevision TGA File Format Specification 2.0. Files of version 2 end with a footer that is a signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

_HEAD = 18
_FOOTER = b"TRUEVISION-XFILE.\0"
_PIECE = 1 << 20
_MOST_TAIL = 1 << 16  # bytes at the end among which the footer is looked for
_PALETTE, _RGB, _GRAY, _RUNS = 1, 2, 3, 8
_DEPTHS = {_PALETTE: (8, 16), _RGB: (15, 16, 24, 32), _GRAY: (8, 16)}


class Head(NamedTuple):
    """The fixed header. ``data``: where the pixels begin."""

    kind: int  # 1 to 3
    runs: bool
    size: Size
    bits: int
    entry_bits: int  # of the colour map; 0: none
    alpha_bits: int
    data: int


def _parse(head: bytes) -> Head | None:
    """Read the header; None where some field has a value that no TGA has."""
    if len(head) < _HEAD:
        return None
    kind, has_map, bits, flags = head[2] & ~_RUNS, head[1], head[16], head[17]
    entries, entry_bits = int.from_bytes(head[5:7], "little"), head[7]
    size = Size(int.from_bytes(head[12:14], "little"), int.from_bytes(head[14:16], "little"))
    fits = kind in _DEPTHS and head[2] < 12 and bits in _DEPTHS[kind] and 0 not in size and not flags & 0xC0
    fits = fits and has_map in (0, 1) and (has_map == 1 or not (kind == _PALETTE or any(head[3:7])))
    if not fits or (has_map and not (entries and entry_bits in (15, 16, 24, 32))):
        return None
    table = entries * ((entry_bits + 7) // 8) if has_map else 0
    runs = bool(head[2] & _RUNS)
    alpha_bits = flags & 15 if bits in (16, 32) and kind == _RGB else 0  # elsewhere writers leave rubbish
    return Head(kind, runs, size, bits, entry_bits if has_map else 0, alpha_bits, _HEAD + head[0] + table)


FORMAT = Format(
    "tga",
    suffixes=(".tga", ".icb", ".vda", ".vst"),
    media_types=("image/x-tga", "image/x-targa"),
    recognize=lambda head: "tga" if _parse(head) is not None else None,
    weak=True,
)


def _head(reader: Reader) -> Head:
    found = _parse(reader.read(0, _HEAD))
    if found is None:
        raise Damaged("the TGA header is cut off or says what no TGA has")
    return found


def header(reader: Reader) -> Header:
    """Return the facts of the fixed header. Alpha is what the attribute bits declare."""
    head = _head(reader)
    mode = {_PALETTE: "palette", _GRAY: "gray"}.get(head.kind, "rgb")
    depth = 5 if head.kind == _RGB and head.bits <= 16 else 8
    mapped = head.kind == _PALETTE and head.entry_bits == 32
    return Header("tga", head.size, head.size, depth, mode, alpha=head.alpha_bits > 0 or mapped)


def walk(reader: Reader) -> Walk:
    """Follow the pixels to their end, then what the footer declares."""
    try:
        head = _head(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    width = (head.bits + 7) // 8
    end = head.data + head.size.pixels * width
    if head.runs:
        end, missing = _follow_runs(reader, head.data, width, head.size.pixels)
        if missing:
            return Walk(damage=(f"truncated: {missing} of {head.size.pixels} pixels are missing",))
    if end > reader.size:
        return Walk(damage=(f"truncated: the pixel data end {end - reader.size} bytes after the file",))
    start = max(end, reader.size - _MOST_TAIL)
    footer = reader.read(start, _MOST_TAIL).find(_FOOTER)
    if footer >= 0:
        end = start + footer + len(_FOOTER)  # developer and extension areas lie before it
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def _follow_runs(reader: Reader, at: int, width: int, pixels: int) -> tuple[int, int]:
    """Return where the packets for ``pixels`` pixels end, and how many pixels are missing."""
    left = pixels
    piece, base = b"", at
    while left > 0:
        if not 0 <= at - base < len(piece):
            piece, base = reader.read(at, _PIECE), at
            if not piece:
                return at, left
        count = (piece[at - base] & 127) + 1
        at += 1 + (width if piece[at - base] & 128 else width * count)
        left -= count
    return at, 0


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode with Pillow."""
    from verify4k.formats.decoding import decode_still

    return decode_still(data, "Tga", header, limits)
