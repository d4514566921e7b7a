"""Builds tiny JPEG files: real ones by Pillow, wrong ones segment by segment."""

from __future__ import annotations

import random
import struct
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image


@cache
def jpeg(width: int = 48, height: int = 32, mode: str = "RGB", **options: Any) -> bytes:
    """Return a noisy picture as Pillow writes it."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    noise = random.Random(3).randbytes(width * height * channels)
    out = BytesIO()
    Image.frombytes(mode, (width, height), noise).save(out, "JPEG", **options)
    return out.getvalue()


def segment(code: int, body: bytes = b"") -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def insert(data: bytes, *segments: bytes) -> bytes:
    """Put segments right behind SOI."""
    return data[:2] + b"".join(segments) + data[2:]


def app1_exif(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def app1_xmp(packet: bytes) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def app1_more_xmp(offset: int, part: bytes, total: int) -> bytes:
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32
    return segment(0xE1, head + struct.pack(">II", total, offset) + part)


def app2_icc(number: int, count: int, part: bytes) -> bytes:
    return segment(0xE2, b"ICC_PROFILE\0" + bytes((number, count)) + part)


def app11_c2pa(number: int, part: bytes) -> bytes:
    return segment(0xEB, b"JP\0\1" + struct.pack(">I", number) + b"\0\0\0\x99jumb" + part)


def sof(
    width: int = 8,
    height: int = 8,
    *,
    code: int = 0xC0,
    precision: int = 8,
    components: int = 3,
    factors: int = 0x11,
) -> bytes:
    parts = b"".join(bytes((index + 1, factors, 0)) for index in range(components))
    return segment(code, struct.pack(">BHHB", precision, height, width, components) + parts)


def with_mpf(primary: bytes, *secondaries: tuple[int, int], order: str = ">") -> bytes:
    """Put a multi-picture index into ``primary``: (offset from the primary's end, size) each."""
    magic = b"MM\0*" if order == ">" else b"II*\0"
    count = len(secondaries) + 1
    length = 2 + 2 + 4 + 8 + 2 + 12 + 4 + 16 * count  # marker to the end of the entries
    base = 2 + 8  # the index's own TIFF header
    end = len(primary) + length
    entries = struct.pack(order + "IIIHH", 0, end, 0, 0, 0)
    for offset, size in secondaries:
        entries += struct.pack(order + "IIIHH", 0, size, end + offset - base, 0, 0)
    ifd = struct.pack(order + "HHHII", 1, 0xB002, 7, len(entries), 26) + struct.pack(order + "I", 0)
    return insert(primary, segment(0xE2, b"MPF\0" + magic + struct.pack(order + "I", 8) + ifd + entries))
