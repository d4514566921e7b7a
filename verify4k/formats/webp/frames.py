"""WebP bitstreams and animation frames: what their own headers say.

VP8: RFC 6386, section 9.1. VP8L: WebP Lossless Bitstream Specification, section 3.
ANMF and ALPH: WebP Container Specification (RFC 9649), sections 2.7.1.1 and 2.7.1.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader


class Chunk(NamedTuple):
    """One RIFF chunk: ``at`` is where its payload starts, ``length`` what it claims."""

    kind: bytes
    at: int
    length: int

    @property
    def end(self) -> int:
        """First byte after the payload, padding not counted."""
        return self.at + self.length


class Frame(NamedTuple):
    """One picture: its size by its own bitstream, its place on the canvas, its faults."""

    size: Size | None
    alpha: bool
    x: int = 0
    y: int = 0
    clears: bool = False  # its place is cleared to transparent afterwards
    fault: str = ""


def chunks(reader: Reader, start: int, end: int) -> Iterator[Chunk]:
    """Yield chunks between ``start`` and ``end`` by their 8-byte headers; payloads are skipped."""
    while start + 8 <= end:
        head = reader.read(start, 8)
        if len(head) < 8:
            return
        chunk = Chunk(head[:4], start + 8, int.from_bytes(head[4:], "little"))
        yield chunk
        start = chunk.end + (chunk.length & 1)


def read_bitstream(reader: Reader, chunk: Chunk) -> Frame:
    """Read size and alpha from the first bytes of a ``VP8 `` or ``VP8L`` chunk."""
    head = reader.read(chunk.at, min(10, chunk.length))
    return _read_lossless(head) if chunk.kind == b"VP8L" else _read_lossy(head, chunk.length)


def _read_lossy(head: bytes, length: int) -> Frame:
    if len(head) < 10:
        return Frame(None, alpha=False, fault="the VP8 data end inside the frame header")
    tag = int.from_bytes(head[:3], "little")
    if tag & 1 or head[3:6] != b"\x9d\x01\x2a":
        return Frame(None, alpha=False, fault="the VP8 data start with no key frame")
    # the upper two bits of each are a scaling hint that decoders ignore
    size = Size(int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF)
    if 0 in size:
        return Frame(None, alpha=False, fault=f"the VP8 frame measures {size}")
    fault = ""
    if not tag & 0x10:
        fault = "the VP8 frame is marked as not to be shown"
    elif (tag >> 1) & 7 > 3:
        fault = f"the VP8 frame has unknown version {(tag >> 1) & 7}"
    elif 10 + (tag >> 5) > length:
        fault = "the first VP8 partition is longer than its chunk"
    return Frame(size, alpha=False, fault=fault)


def _read_lossless(head: bytes) -> Frame:
    if len(head) < 5:
        return Frame(None, alpha=False, fault="the VP8L data end inside the header")
    if head[0] != 0x2F:
        return Frame(None, alpha=False, fault="the VP8L signature is missing")
    bits = int.from_bytes(head[1:5], "little")
    size = Size((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    fault = f"the VP8L data have unknown version {bits >> 29}" if bits >> 29 else ""
    return Frame(size, alpha=bool(bits >> 28 & 1), fault=fault)


def read_frame(reader: Reader, chunk: Chunk) -> Frame:
    """Read an ANMF chunk: the rectangle, and the bitstream that has to fill it."""
    head = reader.read(chunk.at, min(16, chunk.length))
    if len(head) < 16:
        return Frame(None, alpha=False, fault="an animation frame ends inside its header")
    x, y, width, height = (int.from_bytes(head[at : at + 3], "little") for at in (0, 3, 6, 9))
    wanted = Size(width + 1, height + 1)
    alpha, clears = False, bool(head[15] & 1)
    for part in chunks(reader, chunk.at + 16, chunk.end):
        alpha = alpha or part.kind == b"ALPH"
        if part.end > chunk.end:
            return Frame(wanted, alpha, 2 * x, 2 * y, clears, "an animation frame is longer than its chunk")
        if part.kind in (b"VP8 ", b"VP8L"):
            inner = read_bitstream(reader, part)
            fault = inner.fault
            if not fault and inner.size != wanted:
                fault = f"an animation frame promises {wanted} and holds {inner.size}"
            return Frame(wanted, alpha or inner.alpha, 2 * x, 2 * y, clears, fault)
    return Frame(wanted, alpha, 2 * x, 2 * y, clears, "an animation frame has no image data")
