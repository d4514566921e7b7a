"""One promised file: what is really there, what was delivered, what others know of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from verify4k.artifacts.analysed import Analysed
from verify4k.artifacts.content import Content
from verify4k.artifacts.lazy import fact
from verify4k.errors import BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, Verify4kError
from verify4k.formats.limits import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.artifacts.content import Depth
    from verify4k.artifacts.tools import Tools
    from verify4k.artifacts.tracking import Tracked
    from verify4k.files.probes import Probe
    from verify4k.files.source import Delivered, Source
    from verify4k.formats.facts import Sentence, Size
    from verify4k.formats.limits import Limits
    from verify4k.model import Asset
    from verify4k.net.responses import ResponseInfo
    from verify4k.provenance.ledger_history import History


class Artifact(Analysed):
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
    def delivery(self) -> ResponseInfo:
        """What HTTP told of a URL artifact. Raises `CannotRead` where no answer came."""
        source = self._delivered()
        with suppress(Verify4kError):  # one request for everything; what is wrong with the body comes later
            _ = self.reader
        return source.delivery()

    def delivery_of_all(self) -> ResponseInfo:
        """Return what is told to who asks for everything, as browsers do; asks once more where a range came.

        At any depth, so for what is about to be accused only. Raises `CannotRead`.
        """
        about = self.delivery
        if about.status != 206:
            return about
        accept = dict(about.sent).get("Accept", "*/*")
        again = self._delivered().probe(about.url, (("Accept", accept),)).about
        if not 200 <= again.status < 300:
            raise CannotRead(f"asked for all of it, the server answers {again.said}", "ask again later")
        return again

    @property
    def fetched(self) -> int:
        """Bytes of bodies that a URL artifact has cost so far, as sent."""
        return self._delivered().fetched if self.asset.delivered else 0

    @property
    def kept_since(self) -> float | None:
        """When an earlier run downloaded the body that was used; None: this run did."""
        return self._delivered().kept_since if self.asset.delivered else None

    @property
    def cut(self) -> str:
        """A sentence where a delivered body ended too soon, twice; empty otherwise."""
        return self._delivered().cut if self.asset.delivered else ""

    def probe(self, url: str, *headers: tuple[str, str], length: int | None = None) -> Probe:
        """Ask something else of a URL artifact's server, for comparison; only in a full check.

        ``length``: read a body of exactly this length, for its digest. Raises `CannotRead`.
        """
        source = self._delivered()
        if self.depth == "header":
            raise BeyondDepth("nothing else is asked for a header", "run without --depth header")
        return source.probe(url, headers, length)

    def _delivered(self) -> Delivered:
        if not self.asset.delivered:
            raise CannotRead("this is no URL")
        return cast("Delivered", self.source)

    # -- its bytes under its name ---------------------------------------------------------

    @fact
    def conversion(self) -> Sentence | None:
        """What converted the bytes as if they were text; None: nothing, as far as they tell."""
        from verify4k.formats.reading.conversion import text_conversion  # on the way to a finding only

        name = self.asset.target.rpartition("/")[2].partition("?")[0]
        return text_conversion(self.data, name.rpartition(".")[2])

    # -- beside the picture ------------------------------------------------------------

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
