"""KTX2: Khronos textures. No decoder is at hand: sizes are told, pixels are undecided.

KTX File Format Specification 2.0 (Khronos); the Data Format Descriptor is Khronos Data Format 1.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format(
    "ktx2", suffixes=(".ktx2",), media_types=("image/ktx2",), magic=(b"\xabKTX 20\xbb\r\n\x1a\n",)
)

_HEAD = 80
_RGBSDA, _ASTC, _BC2, _BC3, _BC7 = 1, 162, 129, 130, 134
_ALWAYS_ALPHA = frozenset((_ASTC, _BC2, _BC3, _BC7))
_GRAY = frozenset((131,))  # BC4
_ALPHA, _UASTC_RGBA = 15, 3
_MOST_LEVELS = 32


def _head(reader: Reader) -> bytes:
    head = reader.read(0, _HEAD)
    if len(head) < _HEAD:
        raise Damaged("truncated: the file ends inside the KTX2 header")
    return head


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def header(reader: Reader) -> Header:
    """Return the facts of the header and of the data format descriptor."""
    head = _head(reader)
    size = Size(_u32(head, 20), max(1, _u32(head, 24)))
    if 0 in size or max(size) > 1 << 20:
        raise Damaged(f"the KTX2 header says {size}: no image")
    descriptor = reader.read(_u32(head, 48), min(_u32(head, 52), 4096))
    if len(descriptor) < 28 or _u32(head, 52) < 28:
        raise Damaged("the KTX2 data format descriptor is missing or cut off")
    model, length = descriptor[12], int.from_bytes(descriptor[10:12], "little")
    samples = [descriptor[at : at + 16] for at in range(28, min(4 + length, len(descriptor)) - 15, 16)]
    channels = {sample[3] & 15 for sample in samples}
    depth = max((sample[2] + 1 for sample in samples), default=8) if model == _RGBSDA else 8
    alpha = model in _ALWAYS_ALPHA or _ALPHA in channels or (model == 166 and _UASTC_RGBA in channels)
    mode = "gray" if model in _GRAY or (model == _RGBSDA and not channels - {0, _ALPHA}) else "rgb"
    return Header("ktx2", size, size, depth, mode, alpha=alpha)


def walk(reader: Reader) -> Walk:
    """Check that the level index and every mipmap lie inside the file."""
    try:
        head = _head(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    levels = max(1, _u32(head, 40))
    if levels > _MOST_LEVELS:
        return Walk(damage=(f"the KTX2 header says {levels} mipmaps",))
    index = reader.read(_HEAD, 24 * levels)
    if len(index) < 24 * levels:
        return Walk(damage=("truncated: the file ends inside the KTX2 level index",))
    ends = [_HEAD + 24 * levels, *(_u32(head, at) + _u32(head, at + 4) for at in (48, 56))]
    ends.append(int.from_bytes(head[64:72], "little") + int.from_bytes(head[72:80], "little"))
    for at in range(0, len(index), 24):
        start, length = (int.from_bytes(index[i : i + 8], "little") for i in (at, at + 8))
        if not length:
            return Walk(damage=("a mipmap has no bytes",))
        ends.append(start + length)
    end = max(ends)
    if end > reader.size:
        return Walk(damage=(f"truncated: its mipmaps end {end - reader.size} bytes after the file",))
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def decode(
    data: bytes,  # noqa: ARG001 - one signature for all
    header: Header,  # noqa: ARG001 - one signature for all
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,  # noqa: ARG001 - one signature for all
) -> Pixels:
    """Refuse: the container is checked, the pixels are not."""
    raise CannotRead(
        "no decoder reads the pixels of KTX2 files", "check the header facts only (--depth header)"
    )
