"""A copy of a JPEG without the faults that every viewer shrugs off, for a second, strict decode.

The copy is only ever decoded: it is never written anywhere, and the file is not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import BytesReader
from verify4k.formats.jpeg.walk import read_structure

if TYPE_CHECKING:
    from verify4k.formats.jpeg.walk import Structure

_ICC = b"ICC_PROFILE\0"


def cleaned(data: bytes, structure: Structure) -> bytes:
    """Mend version, transform, profile, scan fields that decoders ignore; drop bytes between segments."""
    out = bytearray(data)
    pixels = structure.scans[0][0].at if structure.scans else 0
    out[:pixels] = out[:pixels].replace(_ICC, bytes(len(_ICC)))  # rule color tells of broken profiles
    frame = structure.frame
    if structure.jfif is not None and data[structure.jfif.body :][:5] == b"JFIF\0":
        out[structure.jfif.body + 5] = 1  # any version is read as version 1
    if structure.adobe is not None and structure.adobe.length >= 12 and frame is not None:
        at = structure.adobe.body + 11
        if out[at] > 2:  # what libjpeg assumes for a transform it does not know
            out[at] = 2 if len(frame.sampling) == 4 else 1
    if frame is not None and frame.code in (0xC0, 0xC1):
        for segment, _ in structure.scans:
            end = segment.body + segment.length
            out[end - 3 : end] = b"\0\x3f\0"  # B.2.3: the only values sequential scans may have
    for start, length in reversed(structure.markers.strays):
        del out[start : start + length]
    return bytes(out)


def without_padding(data: bytes, message: str) -> bytes:
    """Leave out NUL padding at the end of a scan, where ``message`` counts as many bytes of it.

    Anything but NUL there is what a decoder had left when it lost its place: that stays.
    """
    words = message.replace(",", " ").split()
    count = next((int(word) for word in words if word.isdigit()), 0)
    marker = bytes((0xFF, int(words[-1], 16))) if words[-1].startswith("0x") else b""
    structure = read_structure(BytesReader(data))
    for _, end in structure.scans:
        padding = data[max(0, end - count) : end]
        if data[end : end + 2] == marker and padding and padding.count(0) == count:
            return data[: end - count] + data[end:]
    return data
