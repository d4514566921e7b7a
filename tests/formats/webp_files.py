"""Builds tiny WebP files, right and wrong, chunk by chunk."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image

ANIMATION, XMP, EXIF, ALPHA, ICC = 0x02, 0x04, 0x08, 0x10, 0x20


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def vp8x(width: int, height: int, flags: int = 0) -> bytes:
    edges = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return chunk(b"VP8X", struct.pack("<I", flags) + edges)


def image(width: int = 8, height: int = 6, *, alpha: int | None = None) -> Image.Image:
    """A gradient; ``alpha`` is that of its first pixel, the others are opaque."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    if alpha is not None:
        picture.putalpha(255)
        picture.putpixel((0, 0), (9, 9, 9, alpha))
    return picture


def encode(picture: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", **options)
    return buffer.getvalue()


def parts(data: bytes) -> dict[bytes, bytes]:
    """Split into chunks, headers included."""
    found, at = {}, 12
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + (length & 1)
        found[data[at : at + 4]] = data[at:end]
        at = end
    return found


LOSSY = parts(encode(image(), quality=50))[b"VP8 "]
LOSSLESS = parts(encode(image(), lossless=True))[b"VP8L"]
LOSSLESS_ALPHA = parts(encode(image(alpha=3), lossless=True))[b"VP8L"]
LOSSLESS_OPAQUE_ALPHA = LOSSLESS_ALPHA[:12] + LOSSLESS_ALPHA[12:]
ALPH = parts(encode(image(alpha=3), quality=50))[b"ALPH"]
ALPH_RAW_OPAQUE = chunk(b"ALPH", b"\0" + b"\xff" * 48)
ANIM = chunk(b"ANIM", bytes(6))


def anmf(*inner: bytes, x: int = 0, y: int = 0, width: int = 8, height: int = 6) -> bytes:
    numbers = b"".join(number.to_bytes(3, "little") for number in (x // 2, y // 2, width - 1, height - 1, 50))
    return chunk(b"ANMF", numbers + b"\0" + b"".join(inner))


def bomb(width: int = 16384, height: int = 16384) -> bytes:
    """A valid lossless picture of one colour in 34 bytes."""
    bits = (width - 1) | (height - 1) << 14
    data = b"\x2f" + struct.pack("<I", bits) + bytes.fromhex("88500200000000")
    return riff(chunk(b"VP8L", data))
