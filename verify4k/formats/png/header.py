"""PNG and APNG header facts: chunks before the pixels, skipping bodies that tell nothing.

Section numbers are those of the PNG specification, third edition (W3C, 2025).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.errors import LimitHit
from verify4k.formats.facts import Block, Header, Size, Window
from verify4k.formats.metadata.exif import Exif, read_exif, turned
from verify4k.formats.png.chunks import COLOUR_TYPES, FIRST, Ihdr, read_ihdr, title, transparent

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_MOST_CHUNKS = 100_000
_MOST_EXIF = 1 << 20
SEVERAL_EXIF = "there are several eXIf chunks of different orientation: viewers differ in which one they use"


def header(reader: Reader) -> Header:
    """Read IHDR and what stands between it and the first IDAT."""
    window = Window(reader)
    ihdr = read_ihdr(window)
    found = _Found(window, ihdr)
    damage = [] if ihdr.good else ["the CRC of IHDR is wrong"]
    at = FIRST
    for _ in range(_MOST_CHUNKS):
        head = window.at(at, 8)
        if len(head) < 8:
            damage.append("the file ends before its pixel data")
            break
        length, name = int.from_bytes(head[:4]), head[4:]
        if at + 12 + length > window.size:
            damage.append(f"the file ends inside its {title(name)} chunk")
            break
        if name in (b"IDAT", b"IEND"):
            if name == b"IEND":
                damage.append("there is no pixel data")
            break
        if name in _READ:
            found.chunk(name, at + 8, length)
        at += 12 + length
    else:
        raise LimitHit(f"more than {_MOST_CHUNKS} chunks before the pixels")
    return found.header(reader, ihdr, tuple(damage))


_COLOURS = frozenset((b"cICP", b"sRGB", b"gAMA", b"cHRM"))
_READ = _COLOURS | frozenset(
    (b"tEXt", b"zTXt", b"PLTE", b"acTL", b"tRNS", b"eXIf", b"iTXt", b"iCCP", b"caBX")
)


class _Found:
    """What the chunks before the pixels have told so far."""

    def __init__(self, window: Window, ihdr: Ihdr) -> None:
        self._window = window
        self._ihdr = ihdr
        self._palette = 0
        self._raw: Block | None = None
        self.alpha = ihdr.colour in (4, 6)
        self.frames = 0
        self.exif: Exif | None = None
        self.xmp: Block | None = None
        self.colours: dict[bytes, bytes] = {}
        self.blocks: list[Block] = []
        self.disagreements: list[str] = []

    def chunk(self, name: bytes, at: int, length: int) -> None:
        if name == b"PLTE":
            self._palette = length
        elif name == b"tRNS":
            self.alpha = self.alpha or transparent(self._ihdr, length, self._palette)
        elif name == b"acTL":
            self.frames = self.frames or int.from_bytes(self._window.at(at, 4))
        elif name == b"eXIf":
            self._exif(at, length)
        elif name in (b"tEXt", b"zTXt"):
            self._raw_profile(name, at, length)
        elif name == b"iTXt":
            self.xmp = self.xmp or xmp_block(self._window, at, length)
        elif name in _COLOURS:
            self.colours.setdefault(name, self._window.at(at, min(length, 32)))
        elif name == b"iCCP":
            # 11.3.2.3: profile name, NUL, compression method
            end = self._window.at(at, min(length, 81)).find(b"\0")
            if end >= 0 and length > end + 2:
                self.blocks.append(Block("icc", at + end + 2, length - end - 2, deflated=True))
        else:
            self.blocks.append(Block("c2pa", at, length))

    def _exif(self, at: int, length: int) -> None:
        if self.exif is not None:
            again = read_exif(self._window.at(at, min(length, _MOST_EXIF)))
            if again.orientation != self.exif.orientation:  # libvips writes the same chunk twice
                self.disagreements.append(SEVERAL_EXIF)
            return
        self.blocks.append(Block("exif", at, length))
        data = self._window.at(at, min(length, _MOST_EXIF))
        self.exif = exif = read_exif(data)
        crc = self._window.at(at + length, 4)
        why = ""
        if length <= _MOST_EXIF and zlib.crc32(data, zlib.crc32(b"eXIf")) != int.from_bytes(crc):
            why = "has a wrong CRC"
        elif data[:2] not in (b"II", b"MM"):  # 11.3.3.6: no prefix
            why = "begins with a prefix that PNG does not have"
        if why and exif.orientation != 1:
            self.exif = exif._replace(applied=1)
            sentence = f"eXIf with orientation {exif.orientation} {why}: browsers ignore it, others do not"
            self.disagreements.append(sentence)
        elif exif.disagreement is not None:
            self.disagreements.append(exif.disagreement)

    def _raw_profile(self, name: bytes, at: int, length: int) -> None:
        """Exif in text counts only where there is no other, and is never applied."""
        if self._window.at(at, min(length, 17)) != b"Raw profile type ":
            return
        from verify4k.formats.png.raw_profile import raw_profile_block

        self._raw = self._raw or raw_profile_block(self._window, name, at, length)

    def _from_text(self, reader: Reader) -> Exif:
        if self._raw is None:
            return Exif()
        from verify4k.formats.png.raw_profile import load_exif

        self.blocks.append(self._raw)
        orientation = read_exif(load_exif(reader, self._raw)).orientation
        if orientation != 1:
            where = f"Exif with orientation {orientation} stands in a text chunk"
            self.disagreements.append(f"{where}: browsers ignore it, some libraries do not")
        return Exif(orientation)

    def _declared(self) -> str:
        """4.3: cICP counts before iCCP, which is asked elsewhere, then sRGB, then gAMA and cHRM."""
        if not self.colours:
            return ""
        from verify4k.formats.metadata.cicp import SRGB, declared, measured

        told = self.colours.get(b"cICP", b"")
        if len(told) == 4:
            return declared(told[0], told[1])
        if any(block.kind == "icc" for block in self.blocks):
            return ""
        if b"sRGB" in self.colours:
            return SRGB
        return measured(self.colours.get(b"gAMA", b""), self.colours.get(b"cHRM", b""))

    def header(self, reader: Reader, ihdr: Ihdr, damage: tuple[str, ...]) -> Header:
        exif = self.exif or self._from_text(reader)
        if self.xmp is not None:
            from verify4k.formats.metadata.xmp import disagreement

            self.blocks.append(self.xmp)
            self.disagreements += disagreement(reader, self.xmp, exif.orientation)
        stored = Size(ihdr.width, ihdr.height)
        return Header(
            format="png",
            stored=stored,
            displayed=turned(stored, exif.applied),
            bit_depth=ihdr.depth,
            mode=COLOUR_TYPES[ihdr.colour][0],
            alpha=self.alpha or (None if self.frames > 1 else False),
            orientation=exif.orientation,
            frames=self.frames or 1,
            animated=self.frames > 1,
            blocks=tuple(self.blocks),
            disagreements=tuple(dict.fromkeys(self.disagreements)),
            damage=damage,
            progressive=ihdr.interlaced,
            colours=self._declared(),
        )


def xmp_block(window: Window, at: int, length: int) -> Block | None:
    """Return where the XMP text of an iTXt chunk lies; None where the chunk is other text.

    11.3.3.4: keyword NUL compressed? method language NUL translated keyword NUL text.
    """
    head = window.at(at, min(length, 512))
    if not head.startswith(b"XML:com.adobe.xmp\0") or len(head) < 20:
        return None
    language = head.find(b"\0", 20)
    text = head.find(b"\0", language + 1) + 1 if language >= 0 else 0
    return Block("xmp", at + text, length - text, deflated=head[18] == 1) if text else None
