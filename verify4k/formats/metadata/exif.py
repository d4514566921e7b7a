"""Exif: the orientation, the sizes it claims and the thumbnail it carries.

Offsets and tags follow Exif 3.0 (CIPA DC-008), section 4.6. Nothing here raises: what cannot be
read is absent. At most four directories are visited, each once, so no chain of offsets can loop.
"""

from __future__ import annotations

import struct

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_INTEGERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}
_TYPE_NAMES = {1: "BYTE", 4: "LONG", 6: "SBYTE", 8: "SSHORT", 9: "SLONG"}
_ASCII, _SHORT, _RATIONAL = 2, 3, 5

_MAKE, _SOFTWARE, _IMAGE_WIDTH, _IMAGE_LENGTH, _ORIENTATION, _EXIF_IFD = (
    0x010F,
    0x0131,
    0x0100,
    0x0101,
    0x0112,
    0x8769,
)
_THUMBNAIL_OFFSET, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_PIXEL_X, _PIXEL_Y, _DIGITAL_ZOOM = 0xA002, 0xA003, 0xA404
_COLOR_SPACE, _INTEROPERABILITY, _INDEX = 0xA001, 0xA005, 0x0001
_ADOBE_RGB, _UNCALIBRATED = 2, 0xFFFF  # 2 is written by cameras and no part of the standard

Entry = tuple[int, int, int, bytes]  # tag, type, count, the four bytes of value or offset


class Exif(NamedTuple):
    """What one Exif block says. ``applied``: the orientation browsers give the picture."""

    orientation: int = 1  # as written, in any integer type; 1 when absent or not 1-8
    applied: int = 1  # only SHORT, count 1, 1-8
    disagreement: str | None = None
    size: Size | None = None  # PixelXDimension x PixelYDimension
    tiff_size: Size | None = None  # ImageWidth x ImageLength of IFD0
    thumbnail: Size | None = None  # by the thumbnail's own frame header
    camera: bool = False  # a camera's maker is named
    software: str = ""  # that wrote the file, as it calls itself; "" where it does not
    zoom: float | None = None  # DigitalZoomRatio above 1: the camera enlarged its middle so many times
    colours: str = ""  # "Adobe RGB" where that is declared: DCF's option file, R03


def turned(stored: Size, orientation: int) -> Size:
    """Return the size as shown: orientations 5-8 exchange width and height."""
    return stored.turned if 5 <= orientation <= 8 else stored


def read_exif(data: bytes) -> Exif:
    """Read Exif that starts at its TIFF header; the prefix that JPEG puts before it is skipped."""
    if data[:6] == b"Exif\0\0":
        data = data[6:]
    order = ORDERS.get(data[:4])
    if order is None or len(data) < 8:
        return Exif()
    (start,) = struct.unpack_from(order + "I", data, 4)
    entries, following = read_directory(data, order, start)
    orientation, applied, disagreement = _orientation(data, order, entries)
    main = _values(data, order, entries, (_IMAGE_WIDTH, _IMAGE_LENGTH, _EXIF_IFD))
    inner, _ = read_directory(data, order, main[_EXIF_IFD]) if main.get(_EXIF_IFD) else ([], 0)
    details = _values(data, order, inner, (_PIXEL_X, _PIXEL_Y, _COLOR_SPACE, _INTEROPERABILITY))
    return Exif(
        orientation,
        applied,
        disagreement,
        _size(details.get(_PIXEL_X), details.get(_PIXEL_Y)),
        _size(main.get(_IMAGE_WIDTH), main.get(_IMAGE_LENGTH)),
        _thumbnail(data, order, following) if following else None,
        any(tag == _MAKE and count > 1 for tag, _, count, _ in entries),
        _text(data, order, entries, _SOFTWARE),
        _zoom(data, order, inner),
        _colours(data, order, details),
    )


def read_directory(data: bytes, order: str, offset: int) -> tuple[list[Entry], int]:
    """Return the entries of the directory at ``offset`` and the offset of the next one."""
    head = data[offset : offset + 2]
    if len(head) < 2:
        return [], 0
    (count,) = struct.unpack(order + "H", head)
    body = data[offset + 2 : offset + 2 + 12 * count]
    entries: list[Entry] = list(struct.iter_unpack(order + "HHI4s", body[: len(body) // 12 * 12]))
    end = offset + 2 + 12 * count
    link = data[end : end + 4]
    return entries, struct.unpack(order + "I", link)[0] if len(link) == 4 else 0


def _values(data: bytes, order: str, entries: list[Entry], wanted: tuple[int, ...]) -> dict[int, int]:
    """Return the first integer of each wanted tag; the first entry of a tag counts."""
    found: dict[int, int] = {}
    for entry in entries:
        if entry[0] in wanted and entry[0] not in found:
            value = _integer(data, order, entry)
            if value is not None:
                found[entry[0]] = value
    return found


def _integer(data: bytes, order: str, entry: Entry) -> int | None:
    _, kind, count, raw = entry
    code = _INTEGERS.get(kind)
    if code is None or count == 0:
        return None
    width = struct.calcsize(order + code)
    if width * count > 4:
        (offset,) = struct.unpack(order + "I", raw)
        raw = data[offset : offset + width]
        if len(raw) < width:
            return None
    value: int = struct.unpack_from(order + code, raw)[0]
    return value


def _orientation(data: bytes, order: str, entries: list[Entry]) -> tuple[int, int, str | None]:
    """Return (as written, as browsers apply it, why viewers differ)."""
    found: list[tuple[int, int, int]] = []
    for entry in entries:
        if entry[0] == _ORIENTATION:
            value = _integer(data, order, entry)
            if value is not None and 1 <= value <= 8:
                found.append((value, entry[1], entry[2]))
    if not found:
        return 1, 1, None
    value, kind, count = found[0]
    applied = value if kind == _SHORT and count == 1 else 1
    if any(other[0] != value for other in found):
        return value, applied, "Exif holds several orientations: viewers differ in which one they apply"
    if value == applied:
        return value, applied, None
    how = _TYPE_NAMES[kind] if kind != _SHORT else f"{count} values"
    differ = "some viewers turn the picture, browsers do not"
    return value, applied, f"the Exif orientation {value} is written as {how} instead of one SHORT: {differ}"


def _text(data: bytes, order: str, entries: list[Entry], wanted: int) -> str:
    """Return the first ASCII value of a tag, at most 200 bytes of it."""
    for tag, kind, count, raw in entries:
        if (tag, kind) == (wanted, _ASCII):
            (offset,) = struct.unpack(order + "I", raw)
            whole = raw[:count] if count <= 4 else data[offset : offset + min(count, 200)]
            return whole.split(b"\0")[0].decode("ascii", "replace").strip()
    return ""


def _zoom(data: bytes, order: str, entries: list[Entry]) -> float | None:
    """Return how many times the camera enlarged, None where it did not or does not say."""
    for tag, kind, _, raw in entries:
        if (tag, kind) == (_DIGITAL_ZOOM, _RATIONAL):
            (offset,) = struct.unpack(order + "I", raw)
            pair = data[offset : offset + 8]
            above, below = struct.unpack(order + "II", pair) if len(pair) == 8 else (0, 0)
            return above / below if above > below > 0 else None
    return None


def _colours(data: bytes, order: str, details: dict[int, int]) -> str:
    """Return what ColorSpace declares: a picture that is only "uncalibrated" may be in any colours."""
    space, at = details.get(_COLOR_SPACE), details.get(_INTEROPERABILITY)
    if space == _UNCALIBRATED and at:
        entries, _ = read_directory(data, order, at)
        space = _ADOBE_RGB if _text(data, order, entries, _INDEX) == "R03" else space
    return "Adobe RGB" if space == _ADOBE_RGB else ""


def _size(width: int | None, height: int | None) -> Size | None:
    return Size(width, height) if width and height and width > 0 and height > 0 else None


def _thumbnail(data: bytes, order: str, offset: int) -> Size | None:
    entries, _ = read_directory(data, order, offset)
    place = _values(data, order, entries, (_THUMBNAIL_OFFSET, _THUMBNAIL_LENGTH))
    start = place.get(_THUMBNAIL_OFFSET, 0)
    if start <= 0:
        return None
    length = place.get(_THUMBNAIL_LENGTH, 0)
    return jpeg_size(data[start : start + length] if length > 0 else data[start:])


def jpeg_size(data: bytes) -> Size | None:
    """Return the size in the first frame header of a small JPEG stream, or None."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        code = data[at + 1]
        if code == 0xFF:  # fill byte, T.81 B.1.1.2
            at += 1
        elif code == 0x01 or 0xD0 <= code <= 0xD7:  # TEM, RSTn: no length
            at += 2
        elif 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return _size(width, height)
        elif code in (0xD9, 0xDA):
            return None
        else:
            at += 2 + max(2, data[at + 2] << 8 | data[at + 3])
    return None
