"""One picture analysed: its metadata's claims, its digests, and what its pixels say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.artifacts.content import Content
from verify4k.artifacts.lazy import fact
from verify4k.errors import BehindDamage, CannotRead

if TYPE_CHECKING:
    from verify4k.analysis.blank import Blank
    from verify4k.analysis.detail import Detail
    from verify4k.analysis.layout import Art, Edges
    from verify4k.analysis.native.analyse import Measured
    from verify4k.analysis.native.coding import JpegTables
    from verify4k.analysis.native.evidence import Evidence
    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.native.votes import Vote
    from verify4k.analysis.padding import Padding
    from verify4k.formats.metadata.claims import Claim
    from verify4k.formats.metadata.icc import Profile
    from verify4k.formats.pixels import Pixels

_LOSSY = frozenset(
    ("jpeg", "webp", "avif", "heic", "jxl", "jp2")
)  # or may be: then art has to stand out more
ROWS = 64  # how many rows `Artifact.rows_digest` looks at


class Analysed(Content):
    """A file whose metadata and pixels are asked about; each analysis is done once, on demand."""

    # -- metadata ------------------------------------------------------------------------

    @fact
    def claims(self) -> tuple[Claim, ...]:
        """Sizes that metadata claims."""
        from verify4k.formats.metadata.claims import claims

        reader, blocks = self.metadata
        return tuple(claims(reader, self.header, blocks))

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
    def profile(self) -> Profile | None:
        """The ICC profile, sound or not; None without any. Raises `BeyondDepth` where a decoder has it."""
        from verify4k.formats.metadata.icc import describe, read_icc

        if not self.header.coded_icc:
            return describe(read_icc(self.reader, [block for block in self.blocks if block.kind == "icc"]))
        given = self._parser.find("profile")
        found = None if given is None else given(self.data)
        if found is None:
            raise CannotRead("the ICC profile inside the codestream was not given out by the decoder")
        return describe(found)

    # -- sameness ------------------------------------------------------------------------

    @fact
    def rows_digest(self) -> str:
        """A digest of the first rows: different ones mean different pictures, equal ones may not."""
        if self.damage:
            raise BehindDamage("the pixels of a damaged picture cannot be compared")
        top = self._parser.find("top")  # formats that decode the first rows alone
        pixels = None if top is None else top(self.data, self.header, ROWS, self.limits)
        digest: str = (pixels or self.pixels).digest(ROWS)
        return digest

    @fact
    def pixel_digest(self) -> str:
        """A digest of the decoded picture; equal for equal pictures whatever the container."""
        if self.damage:
            raise BehindDamage("the pixels of a damaged picture cannot be compared")
        return self.pixels.digest()

    # -- analysis ------------------------------------------------------------------------

    @fact
    def native(self) -> Native:
        """Whether the picture was enlarged, and from what size."""
        pixels = self._whole()
        from verify4k.analysis.native.analyse import analyse
        from verify4k.analysis.native.context import in_context

        found = analyse(pixels.array(), format=self.format, measured=self.spectra)
        quality = None if self.coding is None else self.coding.quality
        return in_context(found, quality, self.native_votes, original=self.camera_original)

    @fact
    def spectra(self) -> Measured:
        """What `native` and its evidence both rest on; each spectrum is measured once."""
        from verify4k.analysis.native.analyse import Measured

        return Measured(self._whole().array())

    @fact
    def native_votes(self) -> tuple[Vote, ...]:
        """Metadata that names a smaller picture of the same shape."""
        from verify4k.analysis.native.votes import votes
        from verify4k.formats.metadata.claims import THUMBNAIL

        claims = [claim for claim in self.claims if claim.source != THUMBNAIL]
        named = [(claim.source, claim.size) for claim in (*claims, *self.credentials)]
        return votes(named, self.stored)

    @fact
    def native_evidence(self) -> Evidence:
        """What `native` rests on: the spectra of both axes, and where to look in the picture."""
        from verify4k.analysis.native.evidence import evidence

        return evidence(self._whole().array(), self.native, self.spectra)

    @fact
    def padding(self) -> Padding | None:
        """A smaller picture on this canvas; None where the picture fills it."""
        pixels = self._whole()
        from verify4k.analysis.padding import find

        return find(pixels.array())

    @fact
    def blank(self) -> Blank | None:
        """The one colour that the picture has; None for a picture of something."""
        pixels = self._whole()
        from verify4k.analysis.blank import blank

        return blank(pixels.array())

    @fact
    def edges(self) -> Edges:
        """How opaque corners and outermost pixels are."""
        pixels = self._whole()
        from verify4k.analysis.layout import edges

        return edges(pixels.array(), alpha=self.has_alpha)

    @fact
    def art(self) -> Art | None:
        """The box around what differs from the background; None where nothing tells the two apart."""
        pixels = self._whole()
        from verify4k.analysis.layout import art

        return art(pixels.array(), alpha=self.has_alpha, lossy=self.format in _LOSSY)

    @fact
    def rounding(self) -> int | None:
        """Radius in pixels of rounded corners that are part of the picture; None where there are none."""
        pixels = self._whole()
        from verify4k.analysis.layout import rounded

        return rounded(pixels.array(), alpha=self.has_alpha)

    @fact
    def frame_faults(self) -> tuple[str, ...]:
        """What is wrong with the frame of a nine-patch."""
        pixels = self._whole()
        from verify4k.analysis.nine_patch import faults

        return tuple(faults(pixels.array(), alpha=self.has_alpha))

    @fact
    def detail(self) -> Detail | None:
        """How much of the picture survives a half-size round trip."""
        pixels = self._whole()
        from verify4k.analysis.detail import detail

        return detail(pixels.array())

    def _whole(self) -> Pixels:
        """Return the pixels to analyse; asked first, since an analysis imports NumPy."""
        if self.damage:
            raise BehindDamage("a damaged picture is not analysed")
        return self.pixels
