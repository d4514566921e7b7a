"""PNG and APNG structure: every chunk's CRC, place and number, to the last byte of the file.

Section numbers are those of the PNG specification, third edition (W3C, 2025). What makes a decoder
refuse the file or lose pixels is damage; an ancillary chunk that decoders merely drop is a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, NotAnImage
from verify4k.formats.facts import Block, Walk, Window
from verify4k.formats.metadata.exif import read_exif
from verify4k.formats.png.animation import Animation
from verify4k.formats.png.chunks import FIRST, Chunk, Ihdr, chunks, read_ihdr, title, transparent
from verify4k.formats.png.header import SEVERAL_EXIF, xmp_block
from verify4k.formats.reading.trailing import trailing_kind

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_ANIMATION = frozenset((b"acTL", b"fcTL", b"fdAT"))
# 5.6, table 7: what decoders look for only before the palette, or only before the pixels
_BEFORE_PLTE = frozenset((b"cHRM", b"cICP", b"gAMA", b"iCCP", b"mDCV", b"cLLI", b"sBIT", b"sRGB"))
_BEFORE_IDAT = _BEFORE_PLTE | {b"bKGD", b"hIST", b"tRNS", b"pHYs", b"sPLT", b"acTL"}
_AFTER_PLTE = frozenset((b"bKGD", b"hIST", b"tRNS"))
_ONCE = (_BEFORE_IDAT | {b"tIME"}) - {b"sPLT", b"acTL"}
_ENOUGH = 20  # sentences: the rest would say no more


def walk(reader: Reader) -> Walk:
    """Read all chunks up to IEND, then what follows it."""
    window = Window(reader)
    try:
        ihdr = read_ihdr(window)
    except (Damaged, NotAnImage) as error:
        return Walk(damage=(error.message,))
    state = _State(window, ihdr)
    if not ihdr.good:
        state.damage.append("the CRC of IHDR is wrong")
    for chunk in chunks(reader, FIRST):
        if not state.chunk(chunk) or len(state.damage) > _ENOUGH:
            break
    state.finish()
    return state.result(reader)


class _State:
    """What the chunks so far allow the next one to be."""

    def __init__(self, window: Window, ihdr: Ihdr) -> None:
        self.damage: list[str] = []
        self.warnings: list[str] = []
        self.disagreements: list[str] = []
        self.blocks: list[Block] = []
        self._window = window
        self._ihdr = ihdr
        self._animation = Animation(ihdr, self.damage)
        self._seen: set[bytes] = set()
        self._previous = b"IHDR"
        self._palette_length = 0
        self._end: int | None = None
        self._cut = False
        self._orientation: int | None = None
        self._first_exif: int | None = None  # its orientation

    def chunk(self, chunk: Chunk) -> bool:
        """Take one chunk; False ends the walk."""
        name = chunk.name
        if chunk.missing:
            self._cut = True
            where = f"its {title(name)} chunk" if len(name) == 4 and name.isalpha() else "a chunk"
            self.damage.append(f"the file ends inside {where}: {chunk.missing} bytes are missing")
            return False
        if not (name.isascii() and name.isalpha()):
            self._cut = True
            self.damage.append(f"no chunk begins at byte {chunk.at}: its name would be {title(name)}")
            return False
        if name == b"IDAT" == self._previous and chunk.good:  # the many: nothing else to ask
            return True
        self._checksum(chunk)
        if name[0] & 32:
            self._ancillary(chunk)
        else:
            self._critical(chunk)
        self._seen.add(name)
        self._previous = name
        return name != b"IEND"

    def _checksum(self, chunk: Chunk) -> None:
        if chunk.good:
            return
        sentence = f"the CRC of {title(chunk.name)} at byte {chunk.at} is wrong"
        if chunk.name in _ANIMATION or not chunk.name[0] & 32:
            self.damage.append(sentence)  # fcTL and fdAT hold pixels, whatever their names say
            return
        self._warn(sentence)
        if chunk.name == b"tRNS":
            self.disagreements.append("tRNS has a wrong CRC: some viewers drop the transparency")

    def _critical(self, chunk: Chunk) -> None:
        name = chunk.name
        if name == b"IDAT":
            if b"IDAT" in self._seen and self._previous != b"IDAT":  # 5.6
                self.damage.append(f"{title(self._previous)} stands between two IDAT chunks")
            if self._ihdr.colour == 3 and self._seen.isdisjoint((b"PLTE", b"IDAT")):
                self.damage.append("there is no palette before the pixels")
            self._animation.image()
        elif name == b"IEND":
            self._end = chunk.at + 12 + chunk.length
            if chunk.length:
                self.damage.append(f"IEND holds {chunk.length} bytes instead of none")
        elif name == b"PLTE":
            self._palette(chunk)
        elif name == b"IHDR":
            self.damage.append(f"a second IHDR stands at byte {chunk.at}")
        else:  # 5.4: decoders must not guess at critical chunks
            self.damage.append(f"{title(name)} at byte {chunk.at} is no critical chunk that PNG knows")

    def _palette(self, chunk: Chunk) -> None:
        """11.2.2; decoders ignore what is odd about a palette that no pixel needs."""
        needed = self._ihdr.colour == 3
        self._palette_length = chunk.length
        if b"PLTE" in self._seen:
            self.damage.append("there is a second palette")
        elif chunk.length % 3 or not 3 <= chunk.length <= 768:
            sentence = f"the palette is {chunk.length} bytes long: no 1 to 256 colours"
            (self.damage if needed else self.warnings).append(sentence)
        elif self._ihdr.colour in (0, 4):
            self._warn("a gray picture has a palette")
        elif needed and chunk.length > 3 << self._ihdr.depth:
            self._warn("the palette has more colours than the bit depth can name")
        if b"IDAT" in self._seen and not needed:
            self._warn("PLTE stands behind the pixels, where decoders ignore it")

    def _ancillary(self, chunk: Chunk) -> None:
        name, seen = chunk.name, self._seen
        if name in _ANIMATION:
            body = self._window.at(chunk.body, min(chunk.length, 26))
            self._animation.chunk(name, chunk.length, body, late=b"IDAT" in seen)
        elif name == b"eXIf":
            self._exif(chunk)
        elif name == b"iTXt" and b"IDAT" in seen:
            block = xmp_block(self._window, chunk.body, chunk.length)
            if block is not None:
                self.blocks.append(block)
        elif name == b"caBX" and b"IDAT" in seen:
            self.blocks.append(Block("c2pa", chunk.body, chunk.length))
        if name in _BEFORE_IDAT and b"IDAT" in seen:
            self._warn(f"{title(name)} stands behind the pixels, where decoders ignore it")
        elif name in _BEFORE_PLTE and b"PLTE" in seen:
            self._warn(f"{title(name)} stands behind the palette, where decoders ignore it")
        elif name in _AFTER_PLTE and self._ihdr.colour == 3 and b"PLTE" not in seen:
            self._warn(f"{title(name)} stands before the palette, where decoders ignore it")
        elif name in seen and name in _ONCE:
            self._warn(f"there are several {title(name)} chunks: decoders use one of them")
        elif name == b"tRNS":
            self._transparency(chunk)

    def _transparency(self, chunk: Chunk) -> None:
        if self._ihdr.colour in (4, 6):
            self._warn("tRNS in a picture with alpha samples: decoders ignore it")
        elif not transparent(self._ihdr, chunk.length, self._palette_length):
            self.disagreements.append(f"tRNS is {chunk.length} bytes long: most viewers ignore it")

    def _exif(self, chunk: Chunk) -> None:
        orientation = read_exif(self._window.at(chunk.body, min(chunk.length, 1 << 20))).orientation
        if self._first_exif is None:
            self._first_exif = orientation
        if b"IDAT" not in self._seen:
            return
        self.blocks.append(Block("exif", chunk.body, chunk.length))
        if b"eXIf" in self._seen:
            if orientation != self._first_exif:
                self.disagreements.append(SEVERAL_EXIF)
        elif orientation != 1:
            self._orientation = orientation
            where = f"eXIf with orientation {orientation} stands behind the pixels"
            self.disagreements.append(f"{where}: browsers ignore it, others do not")

    def _warn(self, sentence: str) -> None:
        if len(self.warnings) < _ENOUGH and sentence not in self.warnings:
            self.warnings.append(sentence)

    def finish(self) -> None:
        """Say what never came; where the file is cut that follows from the cut."""
        if self._cut or len(self.damage) > _ENOUGH:
            return
        if b"IDAT" not in self._seen:
            self.damage.append("there is no pixel data (no IDAT chunk)")
        if self._end is None:
            self.damage.append("the file ends without an IEND chunk")
        self._animation.finish()

    def result(self, reader: Reader) -> Walk:
        if self._orientation is None:
            self._late_xmp(reader)
        end = self._end
        return Walk(
            damage=tuple(self.damage),
            warnings=tuple(self.warnings),
            end=end,
            trailing=reader.size - end if end is not None else 0,
            trailing_kind=trailing_kind(reader, end) if end is not None else "",
            blocks=tuple(self.blocks),
            disagreements=tuple(dict.fromkeys(self.disagreements)),
            orientation=self._orientation,
            alpha=self._animation.holes,
        )

    def _late_xmp(self, reader: Reader) -> None:
        for block in self.blocks:
            if block.kind == "xmp":
                from verify4k.formats.metadata.xmp import load_xmp, read_xmp

                said = read_xmp(load_xmp(reader, [block])).orientation
                if said not in (None, 1):
                    differ = "browsers ignore it, some editors and libraries do not"
                    self.disagreements.append(f"XMP behind the pixels says orientation {said}: {differ}")
                return
