"""PNG pixels: the first frame that is shown, from a copy that holds nothing but pixels.

Decoders see IHDR, PLTE and pixel data only, so no text, profile or animation chunk can stop them,
and transparency by colour key is applied here: of the decoders, Pillow compares the key with
scaled samples and spng skips it. Small 8-bit pictures and palettes go through Pillow (no NumPy
import), everything else through spng, which keeps 16 bits and is faster.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import LIMIT_PIXELS, BytesReader, Window
from verify4k.formats.png_chunks import FIRST, SIGNATURE, chunks, read_ihdr
from verify4k.formats.png_inflate import scanlines

if TYPE_CHECKING:
    from PIL import Image

    from verify4k.formats.facts import Header
    from verify4k.pixels import Pixels

_SMALL = 1_000_000  # pixels up to which Pillow costs less than importing NumPy
_MOST_RATIO = 1032  # deflate cannot shrink data further: 258 bytes in two bits


def decode(data: bytes, header: Header, *, colour: bool) -> Pixels:  # noqa: ARG001 - gray costs the same
    """Decode the IDAT image, or the first fdAT frame where IDAT is not part of the animation."""
    if header.stored.pixels > LIMIT_PIXELS:
        raise LimitHit(f"{header.stored} is more than {LIMIT_PIXELS} pixels")
    try:
        parts = _Parts(data)
        if parts.frame[:2] != (parts.ihdr.width, parts.ihdr.height):
            return _on_canvas(parts)
        return _picture(parts)
    except MemoryError as error:
        raise LimitHit(f"there is no memory for {header.stored} pixels") from error


class _Parts:
    """The chunks that make the first frame."""

    def __init__(self, data: bytes) -> None:
        self.ihdr = read_ihdr(Window(BytesReader(data)))
        self.palette = self.transparency = b""
        self.frame = (self.ihdr.width, self.ihdr.height, 0, 0)
        still: list[bytes] = []
        moving: list[bytes] = []
        animated = shown = False
        controls = 0
        view = memoryview(data)
        for chunk in chunks(BytesReader(data), FIRST, check=False):
            name, body = chunk.name, view[chunk.body : chunk.body + chunk.length]
            if name == b"IDAT":
                still.append(body)  # type: ignore[arg-type] # joined below
            elif name == b"IEND":
                break
            elif name == b"PLTE" and not still:
                self.palette = bytes(body)
            elif name == b"tRNS" and not still:
                self.transparency = bytes(body)
            elif name == b"acTL" and not still:
                animated = True
            elif name == b"fcTL" and animated and len(body) == 26:
                shown = shown or not still
                controls += 1
                if controls == 1 and still:
                    numbers = [int.from_bytes(body[at : at + 4]) for at in (4, 8, 12, 16)]
                    self.frame = (numbers[0], numbers[1], numbers[2], numbers[3])
            elif name == b"fdAT" and controls == 1 and not shown:
                moving.append(body[4:])  # type: ignore[arg-type]
        self.stream = b"".join(moving or still)
        self._check()

    def _check(self) -> None:
        """Refuse what cannot be whole before any memory is taken for it."""
        ihdr, (width, height, left, top) = self.ihdr, self.frame
        if not (width and height) or left + width > ihdr.width or top + height > ihdr.height:
            raise Damaged("the first frame does not lie inside the canvas")
        if ihdr.colour == 3 and not 3 <= len(self.palette) <= 768:
            raise Damaged("there is no palette before the pixels")
        expected = sum(size * rows for size, rows in scanlines(width, height, ihdr.bits, interlaced=False))
        if len(self.stream) * _MOST_RATIO < expected:
            raise Damaged(f"{len(self.stream)} bytes of pixel data cannot hold {width}x{height} pixels")

    def file(self) -> bytes:
        """Return a PNG of this frame alone."""
        ihdr = self.ihdr
        size = self.frame[0].to_bytes(4) + self.frame[1].to_bytes(4)
        head = size + bytes((ihdr.depth, ihdr.colour, 0, 0, ihdr.interlaced))
        palette = _chunk(b"PLTE", self.palette[: 3 << ihdr.depth]) if ihdr.colour == 3 else b""
        return b"".join(
            (SIGNATURE, _chunk(b"IHDR", head), palette, _chunk(b"IDAT", self.stream), _chunk(b"IEND", b""))
        )

    def key(self) -> tuple[int, ...] | None:
        """Return the transparent gray or colour (11.3.1.1), at the file's own depth."""
        channels = {0: 1, 2: 3}.get(self.ihdr.colour, 0)
        if not channels or len(self.transparency) != 2 * channels:
            return None
        mask = (1 << self.ihdr.depth) - 1  # only the low bits of each two bytes count
        return tuple(int.from_bytes(self.transparency[2 * at : 2 * at + 2]) & mask for at in range(channels))


def _chunk(name: bytes, body: bytes) -> bytes:
    return b"".join((len(body).to_bytes(4), name, body, zlib.crc32(body, zlib.crc32(name)).to_bytes(4)))


def _picture(parts: _Parts) -> Pixels:
    from verify4k.pixels import ArrayPixels, PillowPixels

    ihdr = parts.ihdr
    if ihdr.depth < 16 and (ihdr.colour == 3 or parts.frame[0] * parts.frame[1] <= _SMALL):
        return PillowPixels(_with_pillow(parts))
    array, alpha = _with_spng(parts)
    return ArrayPixels(array, alpha=alpha)


def _with_pillow(parts: _Parts) -> Image.Image:
    from io import BytesIO

    from PIL import PngImagePlugin

    ihdr = parts.ihdr
    try:
        image: Image.Image = PngImagePlugin.PngImageFile(BytesIO(parts.file()))
        image.load()
    except (OSError, SyntaxError, ValueError, TypeError, IndexError, EOFError) as error:
        raise Damaged("the pixel data cannot be decoded") from error
    key = parts.key()
    if ihdr.colour == 3 and parts.transparency:
        image.info["transparency"] = parts.transparency[:256]
    elif key is not None:
        if image.mode == "1":
            image = image.convert("L")
        scaled = tuple(value * 255 // ((1 << ihdr.depth) - 1) for value in key)
        image.info["transparency"] = scaled if len(scaled) == 3 else scaled[0]
    return image


def _with_spng(parts: _Parts) -> tuple[Any, bool]:
    """Return (array, whether its last channel is alpha).

    What spng offers: gray with alpha only as RGBA, 16-bit gray only with a dummy alpha and
    16-bit RGB only as RGBA; the dummies are cut off.
    """
    import numpy as np
    from pyspng import _pyspng_c as spng

    ihdr = parts.ihdr
    deep = ihdr.depth == 16
    form = {0: "GA16" if deep else "G8", 2: "RGBA16" if deep else "RGB8", 4: "RGBA", 6: "RGBA"}[ihdr.colour]
    form += ("16" if deep else "8") if form == "RGBA" else ""
    try:
        array = spng.spng_decode_image_bytes(parts.file(), getattr(spng, f"SPNG_FMT_{form}"))
    except (RuntimeError, ValueError) as error:
        raise Damaged(f"the pixel data cannot be decoded ({_reason(error)})") from error
    if ihdr.colour == 4:
        array = array[..., ::3]  # R, A: gray was copied into all three
    elif ihdr.colour == 0:
        array = array[..., 0]
    elif ihdr.colour == 2:
        array = array[..., :3]
    key = parts.key()
    if key is None:
        return np.ascontiguousarray(array), ihdr.colour in (4, 6)
    scale = 1 if ihdr.depth >= 8 else 255 // ((1 << ihdr.depth) - 1)
    solid = array != key[0] * scale if len(key) == 1 else (array != np.array(key)).any(axis=-1)
    alpha = np.where(solid, np.iinfo(array.dtype).max, 0).astype(array.dtype)
    return np.dstack((array, alpha)), True


def _reason(error: Exception) -> str:
    return str(error).rpartition(": ")[2][:80]


def _on_canvas(parts: _Parts) -> Pixels:
    """Put a first frame that is smaller than the canvas on transparent black (4.9)."""
    from PIL import Image

    from verify4k.pixels import PillowPixels

    if parts.ihdr.depth == 16:
        raise CannotRead("a 16-bit animation that begins with a part of its canvas cannot be composed")
    frame = _with_pillow(parts).convert("RGBA")
    canvas = Image.new("RGBA", (parts.ihdr.width, parts.ihdr.height))
    canvas.paste(frame, parts.frame[2:])
    return PillowPixels(canvas)
