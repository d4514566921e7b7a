"""The chunks that make PNG's first shown frame, and a copy of the file that holds nothing else."""

from __future__ import annotations

from verify4k.errors import Damaged
from verify4k.formats.facts import BytesReader, Window
from verify4k.formats.png.chunks import FIRST, SIGNATURE, chunks, png_chunk, read_ihdr, transparent
from verify4k.formats.png.scanlines import scanlines

_MOST_RATIO = 1032  # deflate cannot shrink data further: 258 bytes in two bits
# chunks of fixed form that spng steps over; with anything else before the pixels it gets a copy
_PLAIN = frozenset((b"IDAT", b"acTL", b"fcTL", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"tIME"))


class Frame:
    """The IDAT image, or the first fdAT frame where IDAT is no part of the animation (4.9).

    ``place``: width, height, left, top. ``pieces``: its zlib stream.
    ``plain``: a decoder can have the file as it is.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.ihdr = read_ihdr(Window(BytesReader(data)))
        self.palette = self.transparency = b""
        self.place = (self.ihdr.width, self.ihdr.height, 0, 0)
        self.plain = True
        self._still: list[memoryview] = []
        self._moving: list[memoryview] = []
        self._animated = False
        self._controls = 0
        self._still_is_shown = False
        view = memoryview(data)
        for chunk in chunks(BytesReader(data), FIRST, check=False):
            if chunk.name == b"IEND":
                break
            self._take(chunk.name, view[chunk.body : chunk.body + chunk.length])
        self.pieces = self._moving or self._still
        self._check()

    def _take(self, name: bytes, body: memoryview) -> None:
        if name == b"IDAT":
            self._still.append(body)
        elif name == b"fdAT" and self._controls == 1 and not self._still_is_shown:
            self.plain = False
            self._moving.append(body[4:])
        elif name == b"fcTL" and self._animated and len(body) == 26:
            self._controls += 1
            if not self._still:
                self._still_is_shown = True
            elif self._controls == 1:
                numbers = [int.from_bytes(body[at : at + 4]) for at in (4, 8, 12, 16)]
                self.place = (numbers[0], numbers[1], numbers[2], numbers[3])
        elif not self._still:
            self._before(name, body)

    def _before(self, name: bytes, body: memoryview) -> None:
        self.plain = self.plain and name in _PLAIN
        if name == b"acTL":
            self._animated = True
        elif name == b"PLTE":
            self.palette = self.palette or bytes(body)
        elif name == b"tRNS" and transparent(self.ihdr, len(body), len(self.palette)):
            self.transparency = self.transparency or bytes(body)

    def _check(self) -> None:
        """Refuse what cannot be whole before any memory is taken for it."""
        ihdr, (width, height, left, top) = self.ihdr, self.place
        if not (width and height) or left + width > ihdr.width or top + height > ihdr.height:
            raise Damaged("the first frame does not lie inside the canvas")
        if ihdr.colour == 3 and not 3 <= len(self.palette) <= 768:
            raise Damaged("there is no palette before the pixels")
        expected = sum(size * rows for size, rows in scanlines(width, height, ihdr.bits, interlaced=False))
        length = sum(len(piece) for piece in self.pieces)
        if length * _MOST_RATIO < expected:
            raise Damaged(f"{length} bytes of pixel data cannot hold {width}x{height} pixels")

    def file(self) -> bytes:
        """Return a PNG of this frame alone, without its transparency."""
        ihdr = self.ihdr
        size = self.place[0].to_bytes(4) + self.place[1].to_bytes(4)
        head = png_chunk(b"IHDR", size + bytes((ihdr.depth, ihdr.colour, 0, 0, ihdr.interlaced)))
        palette = png_chunk(b"PLTE", self.palette[: 3 << ihdr.depth]) if ihdr.colour == 3 else b""
        pixels = png_chunk(b"IDAT", b"".join(self.pieces))
        return b"".join((SIGNATURE, head, palette, pixels, png_chunk(b"IEND", b"")))

    def key(self) -> tuple[int, ...] | None:
        """Return the transparent gray or colour (11.3.1.1), at the file's own depth."""
        if self.ihdr.colour == 3 or not self.transparency:
            return None
        mask = (1 << self.ihdr.depth) - 1  # only the low bits of each two bytes count
        text = self.transparency
        return tuple(int.from_bytes(text[at : at + 2]) & mask for at in range(0, len(text), 2))
