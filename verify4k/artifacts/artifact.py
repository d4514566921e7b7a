"""One promised file: what its bytes tell, what an analysis adds, and what it was promised to be."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.artifacts.content import Content
from verify4k.artifacts.lazy import fact
from verify4k.errors import BehindDamage, BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, Verify4kError
from verify4k.files.source import Delivered
from verify4k.formats.limits import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.analysis.blank import Blank
    from verify4k.analysis.detail import Detail
    from verify4k.analysis.layout import Art, Edges
    from verify4k.analysis.native.analyse import Measured
    from verify4k.analysis.native.coding import JpegTables
    from verify4k.analysis.native.evidence import Evidence
    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.native.votes import Vote
    from verify4k.analysis.padding import Padding
    from verify4k.artifacts.content import Depth
    from verify4k.artifacts.tools import Tools
    from verify4k.artifacts.tracking import Tracked
    from verify4k.files.looks import Look
    from verify4k.files.source import Source
    from verify4k.formats.facts import Size
    from verify4k.formats.limits import Limits
    from verify4k.formats.metadata.claims import Claim
    from verify4k.formats.metadata.icc import Profile
    from verify4k.formats.pixels import Pixels
    from verify4k.model import Asset
    from verify4k.net.answers import Exchanged
    from verify4k.provenance.history import History

_LOSSY = frozenset(
    ("jpeg", "webp", "avif", "heic", "jxl", "jp2")
)  # or may be: then art has to stand out more
ROWS = 64  # how many rows `Artifact.rows_digest` looks at


class Artifact(Content):
    """What is really there under a promise. Asking for a fact is what costs.

    ``colour``: decode colour even where brightness would do (thumbnails, a second look).
    """

    def __init__(
        self,
        asset: Asset,
        source: Source,
        depth: Depth = "full",
        *,
        colour: bool = False,
        tools: Tools | None = None,
        ledger: Callable[[], History | None] | None = None,
        tracking: Callable[[Asset], Tracked | None] | None = None,
        limits: Limits = DEFAULT,
    ) -> None:
        super().__init__(source, depth, colour=colour, limits=limits)
        self.asset = asset
        self._tools = tools
        self._ledger = ledger
        self._tracking = tracking

    # -- delivery ------------------------------------------------------------------------

    @fact
    def delivery(self) -> Exchanged:
        """What HTTP told of a URL artifact. Raises `CannotRead` where no answer came."""
        if not isinstance(self.source, Delivered):
            raise CannotRead("this is no URL")
        with suppress(Verify4kError):  # one request for everything; what is wrong with the body comes later
            _ = self.reader
        return self.source.delivery()

    @property
    def fetched(self) -> int:
        """Bytes of bodies that a URL artifact has cost so far, as sent."""
        return self.source.fetched if isinstance(self.source, Delivered) else 0

    @property
    def cut(self) -> str:
        """A sentence where a delivered body ended too soon, twice; empty otherwise."""
        return self.source.cut if isinstance(self.source, Delivered) else ""

    def look(self, url: str, *headers: tuple[str, str], length: int | None = None) -> Look:
        """Ask something else of a URL artifact's server, for comparison; only in a full check.

        ``length``: read a body of exactly this length, for its digest. Raises `CannotRead`.
        """
        if not isinstance(self.source, Delivered):
            raise CannotRead("this is no URL")
        if self.depth == "header":
            raise BeyondDepth("nothing else is asked for a header", "run without --depth header")
        return self.source.look(url, headers, length)

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

    @fact
    def tracked(self) -> Tracked | None:
        """What git knows of the file; None where it knows nothing. Raises `CannotRead`."""
        return None if self._tracking is None else self._tracking(self.asset)

    # -- beyond the file -----------------------------------------------------------------

    def beside(self, name: str) -> Size | None:
        """Displayed size of another file in the same folder; None when there is no such file."""
        source = self.source.beside(name)
        if source is None:
            return None
        other = Content(source, "header")
        try:
            return other.displayed
        except Missing:
            return None
        except (NotAnImage, Damaged) as error:
            raise CannotRead(f"{ascii(name)[1:-1]} beside it cannot be read: {error.message}") from error
        finally:
            other.close()

    @fact
    def history(self) -> History | None:
        """The ledger that this run goes by; None where there is none."""
        return None if self._ledger is None else self._ledger()

    @fact
    def tags(self) -> tuple[str, ...]:
        """Names of all metadata tags, ``Group:Tag``, as ExifTool reads them."""
        if self._tools is None:
            raise CannotRead("no metadata reader is at hand")
        form = self.header.format  # one that we know ourselves: ExifTool reads many more, and has more holes
        # the very bytes that the other rules saw; at header depth, from the file that is open
        return self._tools.tags(self.plain(), form)
