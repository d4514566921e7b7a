"""Pictures that are not what was asked for, in an envelope that says they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from apiserver.drawing import encoded, picture
from apiserver.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable


def _wrong(name: str, says: str, change: Callable[[int, int], bytes], **more: Any) -> None:
    fault(f"picture: {name}", says, kept=True, **more)(lambda handler: handler.deliver(change(*handler.size)))


def _plain(width: int, height: int) -> Image.Image:
    return Image.open(io.BytesIO(picture(width, height)))


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


_wrong("half the size", "exact-size", lambda w, h: picture(w // 2, h // 2))
_wrong("rotated", "exact-size", lambda w, h: picture(h, w))
_wrong("16 pixels short", "exact-size", lambda w, h: picture(w - 16, h))
_wrong("1 pixel more", "exact-size", lambda w, h: picture(w, h + 1))
_wrong("what auto gives", "exact-size", lambda _w, _h: picture(1254, 1254))
_wrong("one pixel", "exact-size", lambda _w, _h: picture(1, 1))
_wrong("turned by its orientation tag", "exact-size",
       lambda w, h: encoded(_plain(w, h), "png", exif=_orientation(6)))  # fmt: skip
_wrong("alpha", "no-stray-alpha", lambda w, h: picture(w, h, "png", "RGBA"))
_wrong("JPEG for PNG", "extension-matches", lambda w, h: picture(w, h, "jpeg"))
_wrong("WebP for PNG", "extension-matches", lambda w, h: picture(w, h, "webp"))
_wrong("cut in the middle", "readable", lambda w, h: _cut(picture(w, h), 0.5))
_wrong("without its last bytes", "readable", lambda w, h: picture(w, h)[:-6])
_wrong("one bit flipped", "readable", lambda w, h: _flip(picture(w, h)))
_wrong("header only", "readable", lambda w, h: picture(w, h)[:33])
_wrong("an HTML page", "readable", lambda _w, _h: b"<html>quota</html>")
_wrong("a JSON error", "readable", lambda _w, _h: b'{"error": "quota"}')
_wrong("text", "readable", lambda _w, _h: b"hello")
_wrong(
    "an SVG",
    "readable",
    lambda w, h: b'<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"/>' % (w, h),
)
_wrong("zeros", "readable", lambda _w, _h: bytes(5000))
_wrong("bytes behind the end", "no-trailing-data", lambda w, h: picture(w, h) + b"PK\x03\x04" + b"x" * 99)
_wrong("animated", "still", lambda w, h: encoded(
    _plain(w, h), "png", save_all=True, append_images=[Image.new("RGB", (w, h))], duration=100))  # fmt: skip
_wrong("a header that lies", "readable", lambda w, h: _claim(picture(w // 2, h // 2), w, h))


def _orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def _claim(png: bytes, width: int, height: int) -> bytes:
    """Write another size into a PNG's header, checksum and all."""
    import struct
    import zlib

    body = b"IHDR" + struct.pack(">2I", width, height) + png[24:29]
    return png[:12] + body + struct.pack(">I", zlib.crc32(body)) + png[33:]
