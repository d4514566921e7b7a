"""JPEG structure: every segment and scan to the true end of the first image, then what follows it.

A marker walk cannot see a scan that stops too soon: that is `jpeg_decode`'s to find. Section numbers
are those of ITU-T T.81.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Walk, Window
from verify4k.formats.jpeg.header import Metadata
from verify4k.formats.jpeg.markers import (
    DHT,
    DQT,
    EOI,
    SOFS,
    SOI,
    SOS,
    Frame,
    Markers,
    Segment,
    read_frame,
    scan_end,
)
from verify4k.formats.jpeg.scans import Coverage

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_ENOUGH = 20


def walk(reader: Reader) -> Walk:
    """Read segments and scans up to EOI, then ask what declares the bytes behind it."""
    structure = read_structure(reader)
    if structure.end is None:
        return Walk(damage=tuple(structure.damage), warnings=tuple(structure.warnings))
    from verify4k.formats.jpeg.trailing import Rest

    rest = Rest(reader, structure.end, structure.metadata)
    return Walk(
        damage=tuple(structure.damage + rest.damage),
        warnings=tuple(structure.warnings + rest.warnings),
        end=structure.end,
        trailing=rest.length,
        trailing_kind=rest.kind,
    )


class Structure:
    """What one pass over segments and scans found. ``strays``: bytes that decoders skip."""

    def __init__(self, window: Window) -> None:
        self.damage: list[str] = []
        self.warnings: list[str] = []
        self.end: int | None = None
        self.frame: Frame | None = None
        self.scans: list[tuple[Segment, int]] = []  # SOS, and where its data ends
        self.scan_count = 0
        self.metadata = Metadata(window)
        self.jfif: Segment | None = None
        self.adobe: Segment | None = None
        self.markers = Markers(window)
        self._window = window
        self._quantized = False
        self._coverage: Coverage | None = None
        self._huffman = False

    def segment(self, segment: Segment) -> bool:
        """Take one segment; False ends the pass."""
        code = segment.code
        if code in SOFS:
            self._take_frame(segment)
        elif code == DQT:
            self._quantization(segment)
        elif code == DHT:
            self._huffman = True
        elif code == SOI:
            self.damage.append(f"a second image begins inside the first, at byte {segment.at}")
            return False
        elif code == EOI:
            self.end = segment.at + 2
            return False
        elif 0xE1 <= code <= 0xEB and not self.scan_count:
            self.metadata.segment(segment)
        elif code == 0xE0 and self.jfif is None:
            self.jfif = segment
        elif code == 0xEE and self.adobe is None:
            self.adobe = segment
        elif 0x02 <= code <= 0xBF:  # table B.1
            self.damage.append(f"the reserved marker FF{code:02X} stands at byte {segment.at}")
        return True

    def scan(self, segment: Segment, end: int) -> None:
        """Take a scan: its tables must be there (B.2.4, figure B.2)."""
        self.scan_count += 1
        if self._coverage is not None and len(self.damage) < _ENOUGH:
            wrong = self._coverage.scan(self._window.at(segment.body, segment.length))
            if wrong and wrong not in self.damage:
                self.damage.append(wrong)
        if len(self.scans) < 1000:
            self.scans.append((segment, end))
        if self.scan_count > 1:
            return
        frame = self.frame
        if frame is None:
            self.damage.append("there is no frame header before the pixel data")
        elif frame.process not in ("lossless", "hierarchical"):
            if not self._quantized:
                self.damage.append("there is no quantization table before the pixel data")
            if not self._huffman and frame.code < 0xC8:
                self.warnings.append("there are no Huffman tables: decoders fall back on standard ones")

    def _take_frame(self, segment: Segment) -> None:
        if self.frame is not None:
            self.damage.append(f"a second frame header stands at byte {segment.at}")
            return
        try:
            self.frame = frame = read_frame(self._window, segment)
            if frame.process not in ("lossless", "hierarchical"):
                names = self._window.at(segment.body, segment.length)[6::3]
                self._coverage = Coverage(frame.code, names)
        except Damaged as error:
            self.damage.append(error.message)

    def finish(self) -> None:
        """Say what is not there although the end is."""
        if self.end is None:
            return
        if not self.scan_count:
            self.damage.append("there is no pixel data (no scan)")
        elif self._coverage is not None and not self.damage:
            missing = self._coverage.missing()
            if missing:
                self.damage.append(missing)

    def _quantization(self, segment: Segment) -> None:
        """B.2.4.1: tables of 64 or 128 bytes, each behind its precision and number."""
        data = self._window.at(segment.body, segment.length)
        at = 0
        while at < len(data):
            precision, number = data[at] >> 4, data[at] & 15
            at += 129 if precision else 65
            if number > 3 or precision > 1 or at > len(data):
                self.damage.append(f"the quantization table at byte {segment.at} is malformed")
                return
            self._quantized = True


def read_structure(reader: Reader) -> Structure:
    """Pass over the first image once."""
    window = Window(reader)
    structure = Structure(window)
    if window.at(0, 2) != b"\xff\xd8":
        structure.damage.append("no JPEG signature")
        return structure
    markers = structure.markers
    while len(structure.damage) < _ENOUGH:
        segment = markers.next()
        if segment is None:
            structure.damage.append(markers.problem)
            break
        if segment.code == SOS:
            end = scan_end(reader, markers.at)
            structure.scan(segment, end)
            if end < 0:
                structure.damage.append("the file ends inside its pixel data, without an end marker (EOI)")
                break
            markers.at = end
        elif not structure.segment(segment):
            break
    structure.finish()
    if markers.strays:
        skipped = sum(length for _, length in markers.strays)
        structure.warnings.append(f"{skipped} bytes between marker segments belong to none")
    return structure
