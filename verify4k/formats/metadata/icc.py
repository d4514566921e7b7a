"""ICC profiles: joining their blocks, their name and their colour space (ICC.1:2022, clauses 7, 9, 10)."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from verify4k.errors import LimitHit
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.formats.facts import Block, Reader

_MOST = 16 << 20  # the largest profiles in use, device links with big tables, have a few MB
_MOST_TAGS = 1000
_MOST_NAME = 400  # characters


class Profile(NamedTuple):
    """An ICC profile. ``fault``: why decoders drop it, or ""; then nothing else is told."""

    name: str = ""
    fault: str = ""
    srgb: bool = False


def describe(data: bytes | None, mode: str = "") -> Profile | None:
    """Return what a profile is; None without any. ``mode``: the picture's, where decoders compare it."""
    if data is None:
        return None
    wrong = fault(data) or _misfit(data, mode)
    return Profile(fault=wrong) if wrong else Profile(profile_name(data) or "", srgb=is_srgb(data))


def read_icc(reader: Reader, blocks: Sequence[Block]) -> bytes | None:
    """Join the profile's blocks, leaving out what does not unpack; None without any."""
    parts = []
    left = _MOST
    for block in blocks:
        if block.kind != "icc":
            continue
        data = reader.read(block.offset, min(block.length, left + 1))
        if block.deflated:
            try:
                data = zlib.decompressobj().decompress(data, left + 1)
            except zlib.error:
                data = b""
        left -= len(data)
        if left < 0:
            raise LimitHit(f"the ICC profile is larger than {_MOST >> 20} MB")
        parts.append(data)
    return b"".join(parts) if parts else None


def fault(data: bytes) -> str:
    """Say why decoders drop this profile (clause 7: header, size, tag table), or ""."""
    if len(data) < 132 or data[36:40] != b"acsp":
        return f"{len(data)} bytes that are no ICC profile"
    size, count = struct.unpack_from(">I", data)[0], struct.unpack_from(">I", data, 128)[0]
    if size > len(data):
        return f"the ICC profile is cut: {size} bytes promised, {len(data)} there"
    if not count or count > _MOST_TAGS or 132 + 12 * count > size:
        return f"the ICC profile has a table of {count} tags, which it cannot hold"
    for _, offset, length in struct.iter_unpack(">4sII", data[132 : 132 + 12 * count]):
        if offset < 128 or offset + length > size:
            return "a tag of the ICC profile lies outside it"
    return ""


_SPACES = {"rgb": ("RGB",), "palette": ("RGB",), "gray": ("GRAY", "RGB"), "cmyk": ("CMYK",)}


def _misfit(data: bytes, mode: str) -> str:
    """Say that a profile is for other samples than the picture has; grey under an RGB profile is usual."""
    space = profile_space(data)
    if mode not in _SPACES or space in _SPACES[mode]:
        return ""
    return f"the ICC profile is for {space or 'no known'} samples, the picture's are {mode}"


def is_srgb(data: bytes) -> bool:
    """Whether a profile means sRGB (IEC 61966-2-1): by its primaries and curve, whatever it is called."""
    tags = {tag: data[at : at + length] for tag, at, length in _tags(data)}
    space = profile_space(data)
    curves = [tags.get(tag, b"") for tag in ((b"kTRC",) if space == "GRAY" else (b"rTRC", b"gTRC", b"bTRC"))]
    if not all(curves):  # tables instead of primaries: only the name tells
        return "srgb" in (profile_name(data) or "").lower()
    if any(abs((_curve(curve) or 0.0) - _SRGB_HALF) > 0.012 for curve in curves):
        return False
    if space == "GRAY":
        return True
    columns = [_xyz(tags.get(tag, b"")) for tag in (b"rXYZ", b"gXYZ", b"bXYZ")]
    return space == "RGB" and all(
        abs(one - wanted) < 0.004
        for column, wanted_column in zip(columns, _SRGB_COLUMNS, strict=True)
        for one, wanted in zip(column, wanted_column, strict=True)
    )


# as adapted to D50; and what half a signal is in linear light
_SRGB_COLUMNS = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
_SRGB_HALF = 0.2140


def _tags(data: bytes) -> list[tuple[bytes, int, int]]:
    (count,) = struct.unpack_from(">I", data, 128)
    table = data[132 : 132 + 12 * min(count, _MOST_TAGS)]
    return list(struct.iter_unpack(">4sII", table[: len(table) // 12 * 12]))


def _xyz(tag: bytes) -> tuple[float, ...]:
    """10.31: s15Fixed16 numbers."""
    if len(tag) < 20:
        return (0.0, 0.0, 0.0)
    return tuple(number / 65536 for number in struct.unpack_from(">3i", tag, 8))


def _curve(tag: bytes) -> float | None:
    """10.6 and 10.18: what the curve makes of one half."""
    if len(tag) < 12:
        return None
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        values = struct.unpack_from(f">{count}H", tag, 12) if len(tag) >= 12 + 2 * count else ()
        if count == 0 or not values:
            return 0.5
        if count == 1:
            return float(0.5 ** (values[0] / 256))
        at = (count - 1) / 2
        return float(values[int(at)] + values[-int(-at // 1)]) / 2 / 65535
    if tag[:4] == b"para" and len(tag) >= 16:
        (kind,) = struct.unpack_from(">H", tag, 8)
        wanted = dict(enumerate((1, 3, 4, 5, 7))).get(kind, 0)
        if not wanted or len(tag) < 12 + 4 * wanted:
            return None
        numbers = [number / 65536 for number in struct.unpack_from(f">{wanted}i", tag, 12)]
        gain, shift = numbers[1:3] or (1.0, 0.0)
        added = numbers[3] if kind == 2 else numbers[5] if kind == 4 else 0.0
        return float(max(gain * 0.5 + shift, 0.0) ** numbers[0] + added)
    return None


def profile_space(data: bytes) -> str | None:
    """Return the colour space of the data, e.g. ``RGB``, ``GRAY``, ``CMYK``; None for no profile."""
    if len(data) < 132 or data[36:40] != b"acsp":
        return None
    space = data[16:20].decode("latin-1").strip(" \0")
    return space if space.isalnum() else None


def profile_name(data: bytes) -> str | None:
    """Return the profile's description as written; None where it has none."""
    if len(data) < 132 or data[36:40] != b"acsp":
        return None
    for tag, offset, size in _tags(data):
        if tag == b"desc":
            name = _text(data[offset : offset + min(size, 1 << 16)])
            return name.strip(" \0")[:_MOST_NAME] or None
    return None


def _text(tag: bytes) -> str:
    """10.15: multiLocalizedUnicode, the English or first record; ICC.1:2001 6.5.17: ASCII."""
    kind = tag[:4]
    if kind == b"desc" and len(tag) > 12:
        (length,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + length].partition(b"\0")[0].decode("latin-1")
    if kind == b"text":
        return tag[8:].partition(b"\0")[0].decode("latin-1")
    if kind == b"mluc" and len(tag) >= 28:
        (count,) = struct.unpack_from(">I", tag, 8)
        table = tag[16 : 16 + 12 * min(count, _MOST_TAGS)]
        records = list(struct.iter_unpack(">2s2sII", table[: len(table) // 12 * 12]))
        english = [record for record in records if record[0] == b"en"]
        for _, _, length, offset in (english or records)[:1]:
            return tag[offset : offset + length].decode("utf-16-be", "replace")
    return ""
