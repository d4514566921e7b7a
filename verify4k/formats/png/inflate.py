"""PNG pixel data, inflated to the last byte in bounded memory: exact length, filters, checksum.

Nothing is decoded. A picture is intact when each frame's stream holds exactly the scanlines that
the header promises (PNG third edition, 7.2, 8.1, 9.2), each with a filter type that exists, and
ends with the right Adler-32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit, NotAnImage
from verify4k.formats.facts import Inflated, Window
from verify4k.formats.limits import DEFAULT, HINT
from verify4k.formats.png.chunks import FIRST, chunks, read_ihdr
from verify4k.formats.png.decode import SMALL
from verify4k.formats.png.scanlines import scanlines
from verify4k.formats.png.stored import MOST, Stored

if TYPE_CHECKING:
    import zlib

    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.png.chunks import Ihdr

if not TYPE_CHECKING:
    try:  # zlib with vector instructions: the same answers in six tenths of the time
        from zlib_ng import zlib_ng as zlib
    except ImportError:  # there is no wheel for Intel Macs
        import zlib

_PIECE = 1 << 16
_OUT = 1 << 20
_ENOUGH = 20


def inflate(reader: Reader, limits: Limits = DEFAULT) -> Inflated:
    """Return damage sentences and, of a large still picture, its rows as a file.

    Raises `LimitHit` where the pictures are too large to tell.
    """
    try:
        ihdr = read_ihdr(Window(reader))
    except (Damaged, NotAnImage) as error:
        return Inflated((error.message,))
    frames = _Frames(ihdr, limits)
    for chunk in chunks(reader, FIRST, check=False):
        if chunk.name == b"fcTL" and frames.animated:
            frames.control(reader.read(chunk.body, min(chunk.length, 26)))
        elif chunk.name == b"acTL":
            frames.animated = frames.stream is None
        elif chunk.name == b"tRNS":
            frames.plain = False
        elif chunk.name in (b"IDAT", b"fdAT"):
            skip = 4 if chunk.name == b"fdAT" else 0
            frames.open(skip)
            end = min(chunk.body + chunk.length, reader.size)
            for at in range(chunk.body + skip, end, _PIECE):
                frames.feed(reader.read(at, min(_PIECE, end - at)))
        elif chunk.name == b"IEND":
            break
        if len(frames.damage) > _ENOUGH:
            break
    frames.close()
    return Inflated(tuple(frames.damage), frames.stored())


class _Frames:
    """One stream after the other: the IDAT image, then every fdAT frame."""

    def __init__(self, ihdr: Ihdr, limits: Limits) -> None:
        self.damage: list[str] = []
        self.animated = False
        self.plain = True  # no decoder needs more than the rows
        self.stream: _Stream | None = None
        self._ihdr = ihdr
        self._work = self._most = limits.pixels * 8  # inflated bytes: 16-bit RGBA at the limit
        self._rectangle: tuple[int, int] | None = (ihdr.width, ihdr.height)
        self._count = 0

    def control(self, body: bytes) -> None:
        """Take a fcTL: the frame before it is complete, the next one has this size."""
        if self.stream is None:
            return  # it describes the IDAT image, whose size IHDR tells
        self.close()
        width, height = int.from_bytes(body[4:8]), int.from_bytes(body[8:12])
        inside = 0 < width <= self._ihdr.width and 0 < height <= self._ihdr.height
        self._rectangle = (width, height) if inside else None

    def open(self, skip: int) -> None:
        """Begin a stream where none is open. fdAT counts only in an animation, behind its fcTL."""
        if self.stream is None or (self.stream.closed and self._rectangle is not None):
            if self._rectangle is None or (skip and not self.animated):
                return
            self._count += 1
            what = "the pixel data" if self._count == 1 else f"the pixel data of frame stream {self._count}"
            ihdr = self._ihdr
            lines = scanlines(*self._rectangle, ihdr.bits, interlaced=ihdr.interlaced)
            self.stream = _Stream(what, lines, self._file(lines) if self._count == 1 else None)
            self._rectangle = None

    def _file(self, lines: list[tuple[int, int]]) -> Stored | None:
        """Return what takes the rows of the first stream, where a decoder would have them so."""
        ihdr = self._ihdr
        large = ihdr.width * ihdr.height > SMALL and sum(size * rows for size, rows in lines) <= MOST
        whole = self.plain and not self.animated and ihdr.colour != 3
        return Stored(ihdr) if large and whole else None

    def stored(self) -> bytes:
        """Return the file that was made of the rows; empty: none, or something is wrong with them."""
        file = self.stream.file if self.stream is not None and self.plain and not self.damage else None
        return b"" if file is None else file.file()

    def feed(self, data: bytes) -> None:
        """Inflate ``data`` into the open stream, within what work is left."""
        if self.stream is None or self.stream.closed:
            return
        self._work -= self.stream.feed(data, self._work)
        if self._work <= 0:
            raise LimitHit(
                f"the pixel data inflates to more than the {self._most // 8} pixels allowed can have", HINT
            )

    def close(self) -> None:
        """End the open stream."""
        if self.stream is not None and not self.stream.closed:
            self.damage += self.stream.close()


class _Stream:
    """One zlib stream, counted as it inflates, and thrown away where no ``file`` takes it."""

    def __init__(self, what: str, passes: list[tuple[int, int]], file: Stored | None) -> None:
        self.closed = False
        self.file = file
        self._what = what
        self._passes = passes
        self._expected = sum(length * lines for length, lines in passes)
        self._got = 0
        self._index = self._at = 0  # the pass, and how many of its bytes are here
        self._wrong_filter = False
        self._error = ""
        self._inflater = zlib.decompressobj()

    def feed(self, data: bytes, work: int) -> int:
        """Inflate; return how many bytes came out. Beyond ``work`` bytes it stops."""
        before = self._got
        while data and not self._error and not self._inflater.eof and self._got - before < work:
            try:
                out = self._inflater.decompress(data, _OUT)
            except zlib.error as error:
                self._error = str(error).rpartition(": ")[2]
                break
            if self._got < self._expected:
                self._filters(out)
                if self.file is not None:
                    self.file.take(out)
            self._got += len(out)
            data = self._inflater.unconsumed_tail
        return self._got - before

    def _filters(self, out: bytes) -> None:
        """Look at the first byte of every scanline in ``out``: 9.2 knows types 0 to 4."""
        while out and self._index < len(self._passes):
            length, lines = self._passes[self._index]
            left = length * lines - self._at
            part = out if len(out) <= left else out[:left]
            if part[-self._at % length :: length].translate(None, b"\0\1\2\3\4"):
                self._wrong_filter = True
            self._at += len(part)
            if len(part) < left:
                return
            self._index, self._at = self._index + 1, 0
            out = out[left:]

    def close(self) -> list[str]:
        """Return what is wrong with the stream."""
        self.closed = True
        damage = []
        sizes = f"{self._got} of {self._expected} bytes"
        if self._error:
            damage.append(f"{self._what} cannot be inflated ({self._error}), after {sizes}")
        elif self._got < self._expected:
            damage.append(f"{self._what} is incomplete: {sizes} are there")
        elif self._got > self._expected:
            damage.append(f"{self._what} holds more than the header promises: {sizes}")
        elif not self._inflater.eof:
            damage.append(f"{self._what} has no end: its checksum is missing")
        if self._wrong_filter:
            damage.append(f"{self._what} names a filter type that does not exist")
        return damage
