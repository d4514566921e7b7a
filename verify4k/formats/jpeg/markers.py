"""JPEG's building blocks: marker segments one after the other, frame headers, entropy-coded scans.

Section numbers are those of ITU-T T.81 (ISO/IEC 10918-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import Window
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader

SOI, EOI, SOS, DQT, DHT, DNL, APP0, APP1, APP2, APP11, APP14 = (
    0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDC, 0xE0, 0xE1, 0xE2, 0xEB, 0xEE,
)  # fmt: skip
SOFS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # table B.1: DHT, JPG, DAC are no frames
_FACTORS = frozenset((1, 2, 3, 4))  # of sampling
_MOST_SEGMENTS = 250_000
_PIECE = 1 << 20
MOST_STRAYS = 1000
_MOST_STRAY = 4 << 20  # bytes of one gap


class Segment(NamedTuple):
    """One marker and what its length says follows. ``length``: of the body alone."""

    code: int
    at: int
    length: int

    @property
    def body(self) -> int:
        """Offset of the body."""
        return self.at + 4


class Frame(NamedTuple):
    """A frame header (B.2.2). ``sampling``: horizontal and vertical factor of each component."""

    code: int
    precision: int
    width: int
    height: int
    sampling: tuple[tuple[int, int], ...]

    @property
    def process(self) -> str:
        """Name what makes the frame unlike those that every viewer shows; "" for baseline & co."""
        if self.code in (0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF):
            return "hierarchical"
        if self.code in (0xC3, 0xCB):
            return "lossless"
        if self.code in (0xC9, 0xCA):
            return "arithmetic-coded"
        return f"{self.precision}-bit" if self.precision != 8 else ""


class Markers:
    """Marker segments in order. ``problem`` says why `next` returned None.

    ``strays``: (offset, length) of bytes between segments that belong to none; decoders skip them.
    """

    def __init__(self, window: Window, at: int = 2) -> None:
        self.at = at
        self.problem = ""
        self.strays: list[tuple[int, int]] = []
        self._window = window
        self._left = _MOST_SEGMENTS

    def next(self) -> Segment | None:
        """Return the next segment, or None where the file ends or a length is impossible."""
        self._left -= 1
        if self._left <= 0:
            raise LimitHit(f"more than {_MOST_SEGMENTS} marker segments")
        head = self._window.at(self.at, 4)
        if len(head) < 2 or head[0] != 0xFF or head[1] in (0x00, 0xFF):
            head = self._seek()
        if len(head) < 2:
            self.problem = self.problem or "the file ends without an end marker (EOI)"
            return None
        at, code = self.at, head[1]
        if code in (EOI, SOI, 0x01) or 0xD0 <= code <= 0xD7:
            self.at += 2  # B.1.1.3: these stand alone
            return Segment(code, at, 0)
        length = int.from_bytes(head[2:4])
        if len(head) < 4 or at + 2 + length > self._window.size:
            self.problem = f"the file ends inside a marker segment (FF{code:02X} at byte {at})"
            return None
        if length < 2:
            self.problem = f"the marker segment FF{code:02X} at byte {at} has a length of {length}"
            return None
        self.at += 2 + length
        return Segment(code, at, length - 2)

    def _seek(self) -> bytes:
        """Skip fill bytes (B.1.1.2) and note whatever else is no marker."""
        start = at = self.at
        fill = True
        while piece := self._window.at(at, 4096):
            found = piece.find(b"\xff")
            while 0 <= found < len(piece) - 1 and piece[found + 1] in (0x00, 0xFF):
                found = piece.find(b"\xff", found + 1)
            fill = fill and not piece[: None if found < 0 else found].strip(b"\xff")
            at += len(piece) if found < 0 else found
            if 0 <= found < len(piece) - 1 or len(piece) == 1:
                break
            if at - start > _MOST_STRAY:
                self.problem = f"no marker stands in the {_MOST_STRAY >> 20} MB from byte {start} on"
                return b""
        if not fill and len(self.strays) < MOST_STRAYS:
            self.strays.append((start, at - start))
        self.at = at
        return self._window.at(at, 4)


class Front:
    """The segments from the beginning on, each read once, however many facts look through them."""

    def __init__(self, reader: Reader) -> None:
        self.window = Window(reader)
        self._markers = Markers(self.window)
        self._read: list[Segment] = []

    @property
    def problem(self) -> str:
        """Why there is no further segment, where somebody has looked through all."""
        return self._markers.problem

    def __iter__(self) -> Iterator[Segment]:
        at, read = 0, self._read
        while at < len(read) or self._more():
            yield read[at]
            at += 1

    def until(self, *ends: int) -> Iterator[Segment]:
        """Yield the segments before the first that has one of these codes."""
        for segment in self:
            if segment.code in ends:
                return
            yield segment

    def _more(self) -> bool:
        segment = self._markers.next()
        if segment is None:
            return False
        self._read.append(segment)
        return True


def read_frame(window: Window, segment: Segment) -> Frame:
    """Read a frame header. Raises `Damaged` where it describes no image."""
    data = window.at(segment.body, segment.length)
    if len(data) < 6 or len(data) != 6 + 3 * data[5]:
        raise Damaged(f"the frame header is {segment.length + 2} bytes long: not what its components need")
    precision, height, width, count = data[0], int.from_bytes(data[1:3]), int.from_bytes(data[3:5]), data[5]
    if height == 0 and width:
        raise Damaged("the frame header has height 0 (left to a DNL marker, which no browser reads)")
    if not width or not count:
        raise Damaged(f"the frame header says {width}x{height} with {count} components: no image")
    sampling = tuple([(factors >> 4, factors & 15) for factors in data[7::3]])
    if not {factor for factors in sampling for factor in factors} <= _FACTORS:
        raise Damaged("the frame header names sampling factors that do not exist")
    if not 2 <= precision <= 16 or (segment.code == 0xC0 and precision != 8):
        raise Damaged(f"the frame header says {precision} bits: not possible in its process")
    return Frame(segment.code, precision, width, height, sampling)


_marker: re.Pattern[bytes] | None = None


def scan_end(reader: Reader, at: int) -> int:
    """Return where the marker stands that ends the entropy-coded data at ``at``; -1 at the file's end.

    FF00 is a stuffed byte (F.1.2.3), FFFF fill, and RSTn parts of the same scan (B.2.1).
    """
    global _marker  # noqa: PLW0603 - compiled once, and only where a scan is read
    if _marker is None:
        import re

        _marker = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
    while at < reader.size:
        piece = reader.read(at, _PIECE)
        found = _marker.search(piece)
        if found:
            return at + found.start()
        if len(piece) < 2:
            break
        at += len(piece) - 1  # an FF at the end may begin a marker
    return -1
