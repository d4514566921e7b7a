"""PSD and PSB: the header, image resources, and the merged picture at the end.

Adobe Photoshop File Formats Specification (November 2019). The layers are not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Block, Density, Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format(
    "psd",
    suffixes=(".psd", ".psb"),
    media_types=("image/vnd.adobe.photoshop",),
    magic=(b"8BPS\0\x01", b"8BPS\0\x02"),
)

_HEAD = 26
_MODES = {0: "gray", 1: "gray", 2: "palette", 3: "rgb", 4: "cmyk", 8: "gray", 9: "rgb"}
_COLOURS = {3: 3, 4: 4, 9: 3}  # channels that are colour
_MOST_RESOURCES = 4096
_KINDS = {0x040F: "icc", 0x0422: "exif", 0x0424: "xmp"}
_VERSION_INFO, _RESOLUTION = 0x0421, 0x03ED


class Sections(NamedTuple):
    """Where the parts lie. ``merged``: offset of the picture's compression field."""

    large: bool
    channels: int
    size: Size
    depth: int
    mode: int
    resources: tuple[int, int]
    merged: int
    transparent: bool  # the first extra channel is the merged picture's transparency


def _sections(reader: Reader) -> Sections:
    head = reader.read(0, _HEAD)
    if len(head) < _HEAD:
        raise Damaged("the file ends inside the PSD header")
    large = head[5] == 2
    channels, depth, mode = (int.from_bytes(head[at : at + 2]) for at in (12, 22, 24))
    size = Size(int.from_bytes(head[18:22]), int.from_bytes(head[14:18]))
    if 0 in size or max(size) > 300_000 or not 1 <= channels <= 56 or depth not in (1, 8, 16, 32):
        raise Damaged(f"the PSD header says {size}, {channels} channels of {depth} bits: no image")
    if mode not in _MODES:
        raise CannotRead(f"Photoshop's colour mode {mode} is not supported")
    at = _HEAD + 4 + _length(reader, _HEAD, 4)
    resources = (at + 4, _length(reader, at, 4))
    at = sum(resources)
    width = 8 if large else 4
    layers = _length(reader, at, width)
    transparent = False
    if layers > width + 2:
        count = int.from_bytes(reader.read(at + 2 * width, 2), signed=True)
        transparent = count < 0
    return Sections(large, channels, size, depth, mode, resources, at + width + layers, transparent)


def _length(reader: Reader, at: int, width: int) -> int:
    data = reader.read(at, width)
    if len(data) < width:
        raise Damaged("truncated: the file ends before its merged picture")
    return int.from_bytes(data)


def header(reader: Reader) -> Header:
    """Return the facts of the header and where the metadata lies."""
    found = _sections(reader)
    extra = found.channels - _COLOURS.get(found.mode, 1)
    blocks = tuple(
        Block(_KINDS[kind], at, length) for kind, at, length in _resources(reader, found) if kind in _KINDS
    )
    return Header(
        format="psd",
        stored=found.size,
        displayed=found.size,
        bit_depth=found.depth,
        mode=_MODES[found.mode],
        alpha=found.transparent and extra > 0,
        blocks=blocks,
    )


def _resources(reader: Reader, found: Sections) -> Iterator[tuple[int, int, int]]:
    """Yield number, offset and length of each image resource block."""
    at, length = found.resources
    end = min(at + length, reader.size)
    for _ in range(_MOST_RESOURCES):
        head = reader.read(at, 7)
        if at + 12 > end or head[:4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            return
        at += 6 + (head[6] + 2 & ~1)  # a Pascal string, padded to an even length
        size = int.from_bytes(reader.read(at, 4))
        yield int.from_bytes(head[4:6]), at + 4, min(size, max(0, end - at - 4))
        at += 4 + (size + 1 & ~1)


def density(reader: Reader) -> Density | None:
    """Return the resolution of resource 1005: fixed-point pixels an inch, whatever unit is shown."""
    for kind, at, length in _resources(reader, _sections(reader)):
        if kind == _RESOLUTION and length >= 16:
            across, down = (int.from_bytes(reader.read(at + i, 4)) / 65_536 for i in (0, 8))
            return Density("Photoshop", across, down) if across and down else None
    return None


def walk(reader: Reader) -> Walk:
    """Check that the merged picture is there to its last row."""
    try:
        found = _sections(reader)
    except (Damaged, CannotRead) as error:
        return Walk(damage=(error.message,) if isinstance(error, Damaged) else ())
    rows = found.channels * found.size.height
    row = (found.size.width * found.depth + 7) // 8
    start = found.merged + 2
    compression = _number(reader, found.merged)
    if compression == 0:
        end = start + rows * row
    elif compression == 1:
        width = 4 if found.large else 2
        end = start + rows * width
        counts = reader.read(start, rows * width)
        end += sum(int.from_bytes(counts[at : at + width]) for at in range(0, len(counts), width))
    else:
        end = reader.size  # ZIP: only its decoder knows
    if start > reader.size or end > reader.size:
        return Walk(damage=(f"truncated: the merged picture ends {end - reader.size} bytes after the file",))
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def _number(reader: Reader, at: int) -> int:
    return int.from_bytes(reader.read(at, 2))


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the merged picture with Pillow; where Photoshop saved none, there is nothing to judge."""
    from verify4k.formats.decoding import decode_still
    from verify4k.formats.facts import BytesReader

    reader = BytesReader(data)
    found = _sections(reader)
    for kind, at, length in _resources(reader, found):
        if kind == _VERSION_INFO and length > 4 and data[at + 4] == 0:  # hasRealMergedData
            raise CannotRead(
                "the PSD was saved without its merged picture", "save it with maximum compatibility"
            )
    if found.large:
        raise CannotRead("no decoder reads the pixels of PSB files", "export it as TIFF or PNG")
    if found.depth > 8:
        raise CannotRead(f"no decoder here reads a PSD of {found.depth} bits", "export it as TIFF or PNG")
    return decode_still(data, "Psd", header, limits)
