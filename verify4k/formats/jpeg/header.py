"""JPEG header facts: marker segments up to the first scan, skipping bodies that tell nothing.

A thumbnail's frame header lies inside a segment's body, so walking segments never meets it. Section
numbers are those of ITU-T T.81; Exif is CIPA DC-008, ICC in APP2 ICC.1 annex B.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged, NotAnImage
from verify4k.formats.facts import Block, Header, Size, once
from verify4k.formats.jpeg.markers import APP1, APP2, APP11, EOI, SOFS, SOI, SOS, Frame, Front, read_frame
from verify4k.formats.metadata.exif import Exif, read_exif, turned

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Window
    from verify4k.formats.jpeg.markers import Segment

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_SOF55 = 0xF7  # ITU-T T.87
_MODES = {1: "gray", 2: "gray", 3: "rgb", 4: "cmyk"}


def header(reader: Reader) -> Header:
    """Read segments up to the first SOS; facts need a frame header."""
    front = once(reader, Front)
    start = front.window.at(0, 2)
    if start != b"\xff\xd8"[: len(start)]:
        raise NotAnImage("no JPEG signature")
    metadata = Metadata(front.window)
    frame: Frame | None = None
    damage: list[str] = []
    problem = ""
    for segment in front:
        code = segment.code
        if 0xE1 <= code <= 0xEB:
            metadata.segment(segment)
        elif code in SOFS:
            if frame is None:
                frame = read_frame(front.window, segment)
            else:
                damage.append(f"a second frame header stands at byte {segment.at}")
        elif code == _SOF55 and frame is None:
            raise CannotRead("a JPEG-LS, which is coded in another way than JPEG, is not supported")
        elif code == SOS:
            break
        elif code in (EOI, SOI):
            damage.append(f"FF{code:02X} stands before the pixel data")
            break
    else:
        problem = front.problem
    if frame is None:
        raise Damaged(problem or "there is no frame header before the pixel data")
    if problem:
        damage.append(problem)
    return metadata.header(reader, frame, tuple(damage))


class Metadata:
    """What the APPn segments so far have told. ``mpf``: where a multi-picture index begins."""

    def __init__(self, window: Window) -> None:
        self.mpf: Block | None = None
        self.xmp: list[Block] = []
        self._window = window
        self._exif: Exif | None = None
        self._blocks: list[Block] = []
        self._more_xmp: list[tuple[int, Block]] = []
        self._icc: list[tuple[int, Block]] = []
        self._disagreements: list[str] = []

    def segment(self, segment: Segment) -> None:
        """Take one APP1, APP2 or APP11 segment."""
        at, length = segment.body, segment.length
        if segment.code == APP1:
            self._app1(at, length)
        elif segment.code == APP2:
            head = self._window.at(at, min(length, 14))
            if head.startswith(b"ICC_PROFILE\0") and len(head) == 14:
                self._icc.append((head[12], Block("icc", at + 14, length - 14)))
            elif head.startswith(b"MPF\0") and self.mpf is None:
                self.mpf = Block("mpf", at + 4, length - 4)
        elif segment.code == APP11:
            self._jumbf(at, length)

    def _app1(self, at: int, length: int) -> None:
        head = self._window.at(at, min(length, 35))
        if head.startswith(b"Exif\0") and length > 6:
            exif = read_exif(self._window.at(at + 6, length - 6))
            if self._exif is None:
                self._exif = exif
                self._blocks.append(Block("exif", at + 6, length - 6))
                if exif.disagreement is not None:
                    self._disagreements.append(exif.disagreement)
            elif exif.orientation != self._exif.orientation:
                self._disagreements.append("two Exif segments name different orientations: viewers differ")
        elif head.startswith(_XMP):
            self.xmp.append(Block("xmp", at + 29, length - 29))
        elif head == _MORE_XMP and length > 75:  # GUID, length of all, offset of this part
            offset = int.from_bytes(self._window.at(at + 71, 4))
            self._more_xmp.append((offset, Block("xmp", at + 75, length - 75)))

    def _jumbf(self, at: int, length: int) -> None:
        """JUMBF (ISO 19566-5, annex D): later parts of a box repeat its eight-byte header."""
        head = self._window.at(at, min(length, 64))
        number = int.from_bytes(head[4:8])
        known = any(block.kind == "c2pa" for block in self._blocks)
        if head.startswith(b"JP") and length > 16 and (known if number > 1 else b"c2pa" in head):
            skip = 16 if number > 1 else 8
            self._blocks.append(Block("c2pa", at + skip, length - skip))

    def header(self, reader: Reader, frame: Frame, damage: tuple[str, ...]) -> Header:
        """Put everything together."""
        exif = self._exif or Exif()
        if self.xmp:
            from verify4k.formats.metadata.xmp import disagreement

            self._disagreements += disagreement(reader, self.xmp[0], exif.orientation)
        if frame.process:
            self._disagreements.append(f"the JPEG is {frame.process}: browsers cannot show it")
        if len(frame.sampling) not in _MODES:
            raise CannotRead(f"a JPEG with {len(frame.sampling)} components is in no colour space known here")
        icc = [block for _, block in sorted(self._icc, key=lambda part: part[0])]
        more = [block for _, block in sorted(self._more_xmp, key=lambda part: part[0])]
        stored = Size(frame.width, frame.height)
        return Header(
            format="jpeg",
            stored=stored,
            displayed=turned(stored, exif.applied),
            bit_depth=frame.precision,
            mode=_MODES[len(frame.sampling)],
            orientation=exif.orientation,
            blocks=tuple(self._blocks + self.xmp[:1] + more + icc),
            disagreements=tuple(dict.fromkeys(self._disagreements)),
            scans=0,
            progressive=frame.code in (0xC2, 0xC6, 0xCA, 0xCE),
            damage=damage,
        )
