"""What a file says about itself beyond its header: metadata, coding, timing, what else is inside."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.artifacts.content import Content
from verify4k.artifacts.lazy import fact
from verify4k.errors import CannotRead, Verify4kError

if TYPE_CHECKING:
    from verify4k.analysis.native.coding import JpegTables, Quantiser
    from verify4k.formats.facts import Density, Size, Timing
    from verify4k.formats.metadata.claims import Claim
    from verify4k.formats.metadata.icc import Profile

_WORD = re.compile(r"[A-Za-z0-9.]+").findall

_FITTING = ("png", "jpeg", "webp", "avif", "heic")  # what browsers show: they drop what does not fit


class Described(Content):
    """One file and what it says of itself."""

    @fact
    def claims(self) -> tuple[Claim, ...]:
        """Sizes that metadata claims."""
        reader, blocks = self.metadata
        if not blocks:
            return ()
        from verify4k.formats.metadata.claims import claims

        return tuple(claims(reader, self.header, blocks))

    @fact
    def marked(self) -> bool:
        """Whether the metadata say that this is a placeholder."""
        reader, blocks = self.metadata
        if not blocks:
            return False
        from verify4k.formats.metadata.placeholder import is_marked

        return is_marked(reader, blocks)

    @fact
    def camera_original(self) -> bool:
        """Whether the file is as a camera wrote it, as far as its Exif says: maker, own size, no editor."""
        from verify4k.formats.metadata.claims import camera_original

        return camera_original(self.reader, self.header, self.blocks)

    @fact
    def credentials(self) -> tuple[Claim, ...]:
        """Sizes that C2PA manifests name, of the picture or of what it was made from."""
        from verify4k.formats.metadata.credentials import named_sizes

        return named_sizes(*self.metadata)

    @fact
    def coding(self) -> JpegTables | None:
        """A JPEG's luma quantisation table and subsampling; None for other formats."""
        if self.format != "jpeg":
            return None
        from verify4k.analysis.native.coding import JpegTables
        from verify4k.formats.jpeg.tables import tables

        found = tables(self.reader)
        return None if found is None else JpegTables(*found)

    @fact
    def quantiser(self) -> Quantiser | None:
        """How coarsely an AVIF, HEIC or WebP is quantised; None for other formats, and where none tells."""
        ask = self._parser.find("quantiser")
        step = None if ask is None else ask(self.reader)
        if step is None:
            return None
        from verify4k.analysis.native.coding import Quantiser

        return Quantiser(self.format, step)

    @fact
    def sampling(self) -> str:
        """How colours are sampled, "4:2:0" say; "" where they are whole, or there are none.

        Raises `CannotRead` where the file does not tell: what is unknown is not whole.
        """
        if self.header.mode == "gray":  # coded as 4:2:0 by many
            return ""
        ask = self._parser.find("sampling")
        return "" if ask is None else str(ask(self.reader))

    @fact
    def profile(self) -> Profile | None:
        """The ICC profile, sound or not; None without any. Raises `BeyondDepth` where a decoder has it."""
        coded = self.header.coded_icc
        blocks = [block for block in self.blocks if block.kind == "icc"]
        if not (coded or blocks):
            return None
        from verify4k.formats.metadata.icc import describe, read_icc

        if not coded:
            mode = self.header.mode if self.format in _FITTING else ""
            return describe(read_icc(self.reader, blocks), mode)
        given = self._parser.find("profile")
        found = None if given is None else given(self.data)
        if found is None:
            raise CannotRead("the ICC profile inside the codestream was not given out by the decoder")
        return describe(found)

    @fact
    def camera_colours(self) -> str:
        """What a JPEG's Exif declares besides sRGB, as DCF's cameras do and browsers ignore; "" mostly."""
        from verify4k.formats.metadata.exif import read_exif
        from verify4k.formats.png.raw_profile import load_exif

        block = next((block for block in self.blocks if block.kind == "exif"), None)
        if block is None or self.format != "jpeg":
            return ""
        return read_exif(load_exif(self.reader, block)).colours

    @fact
    def turn(self) -> int:
        """The Exif orientation that has the effect of all that viewers apply; 1: shown as stored."""
        if self.format in ("avif", "heic"):
            from verify4k.formats.heif.header import read_parts
            from verify4k.formats.heif.items import turns

            meta = read_parts(self.reader).meta
            return 1 if meta is None else turns(meta, meta.primary)
        if self.format in ("jxl", "tiff"):  # programs that make pictures of a TIFF obey its tag
            return self.header.orientation
        if self.format not in ("jpeg", "png"):
            return 1
        applied = self.header.orientation
        exchanged = applied > 4
        fits = self.displayed == (self.stored.turned if exchanged else self.stored)
        return applied if fits else 1

    @fact
    def gain_map(self) -> bool:
        """Whether the picture that brightens an HDR screen is in the file, not merely announced.

        Raises `BeyondDepth` where only the whole file tells.
        """
        ask = self._parser.find("gain_map")
        return ask is not None and bool(ask(self.reader, lambda: self.walk.end))

    @fact
    def hdr(self) -> str:
        """What makes the picture HDR, in words; "" for SDR."""
        name = "" if self.profile is None else self.profile.name or ""
        told = next((text for text in (self.header.colours, name) if {"PQ", "HLG"} & set(_WORD(text))), "")
        if told or self.gain_map:
            return told or "a gain map"
        return "OpenEXR" if self.format == "exr" else ""

    @fact
    def densities(self) -> tuple[Density, ...]:
        """Pixels per inch as the container's own field and Exif say; () where nothing does."""
        own = self._parser.find("density")
        told = None if own is None else own(self.reader)
        found = () if told is None else (told,)
        if not self.blocks:
            return found
        from verify4k.formats.metadata.density import exif_densities

        return (*found, *exif_densities(self.reader, self.blocks))

    @fact
    def timing(self) -> Timing | None:
        """How the animation plays; None for a picture that does not move."""
        if not self.animated:
            return None
        ask = self._parser.find("timing")
        if ask is None:
            raise CannotRead(f"how long the frames of {self.format.upper()} are shown is not read")
        found: Timing | None = ask(self.reader)
        return found

    @fact
    def pictures(self) -> tuple[Size, ...]:
        """Size of every picture in the file: an icon's entries, a TIFF's pages, a gain map, else the one."""
        ask = self._parser.find("pictures")
        with suppress(Verify4kError):  # what hides the one answer need not hide the other
            if self._parser.find("gain_map") is not None and not self.gain_map:
                return (self.displayed,)  # formats that may have one have no other second picture
        return (self.displayed,) if ask is None else ask(self.reader)
