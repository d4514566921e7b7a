"""One picture analysed: its digests, and what its pixels say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.artifacts.described import Described
from verify4k.artifacts.lazy import fact
from verify4k.errors import BehindDamage

if TYPE_CHECKING:
    from verify4k.analysis.difference_hash import DifferenceHash
    from verify4k.analysis.glance import Glance
    from verify4k.analysis.native.analyse import Measured
    from verify4k.analysis.native.evidence import Evidence
    from verify4k.analysis.native.metadata_claims import MetadataClaim
    from verify4k.analysis.native.verdict import Native
    from verify4k.analysis.results import Art, Blank, Detail, EdgeAlpha, Padding
    from verify4k.formats.pixels import Pixels

_LOSSY = frozenset(("jpeg", "webp", "avif", "heic", "jxl", "jp2"))  # or may be
_FRAMES = 32  # looked at where the first one is of one colour
ROWS = 64  # how many rows `Artifact.rows_digest` looks at


class Analysed(Described):
    """A file whose pixels are asked about; each analysis is done once, on demand."""

    # -- sameness ------------------------------------------------------------------------

    @fact
    def glance(self) -> Glance:
        """The picture as shown, in little: enough to tell whether another one shows the same."""
        pixels = self._whole()
        from verify4k.analysis.glance import glance

        return glance(pixels.array(), alpha=pixels.alpha_used(), orientation=self.turn)

    @fact
    def rows_digest(self) -> str:
        """A digest of the first rows: different ones mean different pictures, equal ones may not."""
        if self.damage:
            raise BehindDamage("the pixels of a damaged picture cannot be compared")
        top = self._parser.find("top")  # formats that decode the first rows alone
        pixels = None if top is None else top(self.data, self.header, ROWS, self.limits)
        digest: str = (pixels or self.brightness).digest(ROWS)
        return digest

    @fact
    def pixel_digest(self) -> str:
        """A digest of the decoded picture; equal for equal pictures whatever the container."""
        if self.damage:
            raise BehindDamage("the pixels of a damaged picture cannot be compared")
        return self.brightness.digest()

    # -- analysis ------------------------------------------------------------------------

    @fact
    def native(self) -> Native:
        """Whether the picture was enlarged, and from what size."""
        pixels = self._bright()
        from verify4k.analysis.native.analyse import analyse
        from verify4k.analysis.native.context import in_context

        found = analyse(pixels.array(), format=self.format, measured=self.spectra)
        quality = None if self.coding is None else self.coding.quality
        claims, original = self.native_votes, self.camera_original
        return in_context(found, quality, claims, original=original, quantiser=self.quantiser)

    @fact
    def spectra(self) -> Measured:
        """What `native` and its evidence both rest on; each spectrum is measured once."""
        from verify4k.analysis.native.analyse import Measured

        return Measured(self._bright().array())

    @fact
    def native_votes(self) -> tuple[MetadataClaim, ...]:
        """Metadata that names a smaller picture of the same shape."""
        from verify4k.analysis.native.metadata_claims import metadata_claims
        from verify4k.formats.metadata.claims import THUMBNAIL

        claims = [claim for claim in self.claims if claim.source != THUMBNAIL]
        named = [(claim.source, claim.size) for claim in (*claims, *self.credentials)]
        return metadata_claims(named, self.stored)

    @fact
    def native_evidence(self) -> Evidence:
        """What `native` rests on: the spectra of both axes, and where to look in the picture."""
        from verify4k.analysis.native.evidence import evidence

        return evidence(self._bright().array(), self.native, self.spectra)

    @fact
    def padding(self) -> Padding | None:
        """A smaller picture on this canvas; None where the picture fills it."""
        pixels = self._bright()
        from verify4k.analysis.padding import find

        return find(pixels.array())

    @fact
    def blank(self) -> Blank | None:
        """The one colour that the picture has; None for a picture of something, if only in a later frame."""
        pixels = self._bright()
        from verify4k.analysis.blank import blank

        found = blank(pixels.array())
        if found is None or not self.animated:
            return found
        from verify4k.formats.decoding import later_frames

        later = (blank(frame.array()) for frame in later_frames(self.data, self.format, _FRAMES))
        return found if all(each is not None and each.like(found) for each in later) else None

    @fact
    def edges(self) -> EdgeAlpha:
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
    def difference_hash(self) -> DifferenceHash:
        """A perceptual hash: near for pictures that look alike."""
        pixels = self._bright()
        import numpy as np

        from verify4k.analysis.difference_hash import EDGE, difference_hash

        small = pixels.thumbnail(8 * EDGE).convert("L").resize((4 * EDGE, 4 * EDGE))
        return difference_hash(np.asarray(small))

    @fact
    def detail(self) -> Detail | None:
        """How much of the picture survives a half-size round trip."""
        pixels = self._bright()
        from verify4k.analysis.detail import detail

        return detail(pixels.array())

    def _whole(self) -> Pixels:
        """Return the pixels to analyse; asked first, since an analysis imports NumPy."""
        self._undamaged()
        return self.pixels

    def _bright(self) -> Pixels:
        """Return the same for an analysis that needs no colour."""
        self._undamaged()
        return self.brightness

    def _undamaged(self) -> None:
        if self.damage:
            raise BehindDamage("a damaged picture is not analysed")
