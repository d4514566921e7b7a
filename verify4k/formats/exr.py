"""OpenEXR: the header's windows and channels, the offset tables; pixels by the extra `exr`.

OpenEXR file layout (openexr.com). "Displayed" is the display window, "stored" the data window.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT, guard
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format(
    "exr", suffixes=(".exr",), media_types=("image/x-exr", "image/aces"), magic=(b"\x76\x2f\x31\x01",)
)

_MOST_HEADER, _MOST_PARTS, _MOST_CHUNKS = 1 << 20, 1024, 4_000_000
_TILED, _LONG, _DEEP, _PARTS = 0x200, 0x400, 0x800, 0x1000
_DEPTHS = {0: 32, 1: 16, 2: 32}
_LINES = {0: 1, 1: 1, 2: 1, 3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}  # of a chunk, by compression


class Part(NamedTuple):
    """One header: its attributes by name."""

    attributes: dict[bytes, bytes]

    def window(self, name: bytes) -> tuple[int, int, int, int]:
        """Return x, y of both corners, both included."""
        data = self.attributes.get(name, b"")
        if len(data) != 16:
            raise Damaged(f"the OpenEXR header has no {name.decode()}")
        left, top, right, bottom = struct.unpack("<4i", data)
        if right < left or bottom < top or right - left >= 1 << 24 or bottom - top >= 1 << 24:
            raise Damaged(f"the {name.decode()} is empty or impossible")
        return left, top, right, bottom

    def size(self, name: bytes) -> Size:
        """Return a window's width and height."""
        left, top, right, bottom = self.window(name)
        return Size(right - left + 1, bottom - top + 1)

    @property
    def channels(self) -> dict[bytes, int]:
        """Name -> pixel type (0 uint, 1 half, 2 float)."""
        data, found = self.attributes.get(b"channels", b""), {}
        while data[:1] not in (b"", b"\0"):
            name, _, rest = data.partition(b"\0")
            if len(rest) < 16:
                raise Damaged("the OpenEXR channel list is cut off")
            found[name] = int.from_bytes(rest[:4], "little")
            data = rest[16:]
        return found


def _parts(reader: Reader) -> tuple[list[Part], int, int]:
    """Return the headers, the version field, and the first byte behind them."""
    data = reader.read(0, min(reader.size, _MOST_HEADER))
    if len(data) < 8:
        raise Damaged("truncated: the file ends inside the OpenEXR header")
    version = int.from_bytes(data[4:8], "little")
    if version & 255 != 2:
        raise CannotRead(f"OpenEXR version {version & 255} is not supported")
    parts, at = [], 8
    while True:
        attributes, at = _attributes(data, at)
        if not attributes:
            break
        parts.append(Part(attributes))
        if not version & _PARTS or len(parts) > _MOST_PARTS:
            break
    if not parts:
        raise Damaged("the OpenEXR header is empty")
    return parts, version, at


def _attributes(data: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """Name NUL type NUL length value, until an empty name."""
    found: dict[bytes, bytes] = {}
    while data[at : at + 1] != b"\0":
        name_end = data.find(b"\0", at, at + 257)
        type_end = data.find(b"\0", name_end + 1, name_end + 258)
        start = type_end + 5
        length = int.from_bytes(data[type_end + 1 : start], "little")
        if name_end < 0 or type_end < 0 or start + length > len(data):
            raise Damaged("truncated: the file ends inside the OpenEXR header, or it is too long")
        found.setdefault(data[at:name_end], data[start : start + length])
        at = start + length
    return found, at + 1


def header(reader: Reader) -> Header:
    """Return the first part's facts."""
    parts, _, _ = _parts(reader)
    channels = parts[0].channels
    if not channels:
        raise Damaged("the OpenEXR header names no channels")
    names = {name.rpartition(b".")[2] for name in channels}
    depth = max(_DEPTHS.get(kind, 32) for kind in channels.values())
    return Header(
        format="exr",
        stored=parts[0].size(b"dataWindow"),
        displayed=parts[0].size(b"displayWindow"),
        bit_depth=depth,
        mode="rgb" if names & {b"R", b"G", b"B", b"RY", b"BY"} else "gray",
        alpha=b"A" in names,
    )


def walk(reader: Reader) -> Walk:
    """Check every offset table: a writer that was stopped leaves zeros in it."""
    try:
        parts, version, at = _parts(reader)
        for part in parts:
            count = _chunks(part, version)
            if count is None or count > _MOST_CHUNKS:
                return Walk()  # the decoder has to tell
            problem = _table(reader, at, count)
            if problem:
                return Walk(damage=(problem,))
            at += 8 * count
    except Damaged as error:
        return Walk(damage=(error.message,))
    except CannotRead:
        return Walk()
    return Walk()


def _chunks(part: Part, version: int) -> int | None:
    """Return how many chunks a part has; None where only a decoder can count them (tiles)."""
    told = part.attributes.get(b"chunkCount", b"")
    if len(told) == 4:
        return int.from_bytes(told, "little")
    if version & (_TILED | _DEEP | _PARTS):
        return None
    lines = _LINES.get(int.from_bytes(part.attributes.get(b"compression", b"\xff")[:1], "little"))
    return None if lines is None else -(-part.size(b"dataWindow").height // lines)


def _table(reader: Reader, at: int, count: int) -> str:
    table = reader.read(at, 8 * count)
    if len(table) < 8 * count:
        return "truncated: the file ends inside the OpenEXR offset table"
    for (offset,) in _numbers(table):
        if not offset:
            return "rows are missing: the OpenEXR offset table has empty entries"
        if offset + 8 > reader.size:
            return "truncated: a chunk of rows lies behind the end of the file"
    return ""


def _numbers(table: bytes) -> Iterator[tuple[int]]:
    return struct.iter_unpack("<Q", table)


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the first part with the OpenEXR library (an extra); light above white is cut to white."""
    from verify4k.errors import MissingTool
    from verify4k.formats.decoding import as_damage

    guard(header, len(data), limits)
    try:
        import OpenEXR
    except ImportError as error:
        raise MissingTool("OpenEXR needs its library", 'pip install "verify4k[exr]"') from error
    from io import BytesIO

    with as_damage(), OpenEXR.File(BytesIO(data), separate_channels=True, num_threads=0) as opened:
        channels = {name: channel.pixels for name, channel in opened.parts[0].channels.items()}
    return _pixels(channels, header)


def _pixels(channels: dict[str, Any], header: Header) -> Pixels:
    """Stack the colours of the unnamed layer, else of the first one; alpha last."""
    import numpy as np

    from verify4k.formats.pixels import ArrayPixels

    layer = next(
        (name[:-1] for name in channels if name[-1:] in "RY" and name[:-1] in ("", *_layers(channels))), ""
    )
    names = [
        f"{layer}{each}"
        for each in ("RGB" if f"{layer}R" in channels else "Y")
        if f"{layer}{each}" in channels
    ]
    names = names or list(channels)[:1]
    alpha = bool(header.alpha) and f"{layer}A" in channels
    stacked = [channels[name] for name in names + ([f"{layer}A"] if alpha else [])]
    if any(each.shape != stacked[0].shape for each in stacked):
        raise CannotRead("OpenEXR channels of different sizes are not supported")
    planes = [np.nan_to_num(np.clip(each.astype("float32"), 0, 1)) * 65535 + 0.5 for each in stacked]
    array = np.stack(planes, axis=-1).astype(np.uint16)
    if array.shape[:2] != (header.stored.height, header.stored.width):
        raise Damaged(
            f"the header promises {header.stored}, the decoder finds {array.shape[1]}x{array.shape[0]}"
        )
    return ArrayPixels(array if array.shape[2] > 1 else array[..., 0], alpha=alpha)


def _layers(channels: dict[str, Any]) -> list[str]:
    return [name[:-1] for name in channels if name.endswith((".R", ".Y"))]
