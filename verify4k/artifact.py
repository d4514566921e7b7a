"""What is really there: lazy facts about one file. Asking for a fact is what costs.

Tiers: stat < header (a few KB) < walk (the whole container) < pixels (one decode) < tools.
Unknown raises `CannotRead`; absent is None. No fact has a "fine" default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from verify4k import formats
from verify4k.errors import BehindDamage, BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, Verify4kError
from verify4k.facts import fact
from verify4k.formats.facts import BytesReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from verify4k.analysis.blank import Blank
    from verify4k.analysis.detail import Detail
    from verify4k.analysis.native import Native
    from verify4k.analysis.padding import Padding
    from verify4k.formats.claims import Claim
    from verify4k.formats.facts import Block, Header, Reader, Size, Walk
    from verify4k.model import Asset
    from verify4k.pixels import Pixels
    from verify4k.source import OpenReader, Source
    from verify4k.tools import Tools

T = TypeVar("T")
Depth = Literal["header", "full"]
Alpha = Literal["none", "opaque", "used"]
ROWS = 64  # how many rows `Artifact.rows_digest` looks at


class Artifact:
    """One file as it is, with the promise it has to keep in ``asset``.

    ``colour``: decode colour even where brightness would do (thumbnails, padding).
    """

    def __init__(
        self,
        asset: Asset,
        source: Source,
        depth: Depth = "full",
        *,
        colour: bool = False,
        tools: Tools | None = None,
    ) -> None:
        self.asset = asset
        self.source = source
        self.depth: Depth = depth
        self.colour = colour
        self._tools = tools
        self.failures: dict[str, Verify4kError] = {}
        self._open: OpenReader | None = None

    # -- bytes ---------------------------------------------------------------------------

    @fact
    def data(self) -> bytes:
        """All bytes, from the one read that hash, facts and pixels share."""
        if self.depth == "header":
            raise BeyondDepth("the whole file was not read", "run without --depth header")
        return self.source.read_all()

    @fact
    def reader(self) -> Reader:
        """Random access: over ``data`` in a full check, over the open file otherwise."""
        if self.depth == "full":
            return BytesReader(self.data)
        self._open = self.source.open()
        return self._open

    @fact
    def size(self) -> int:
        """Number of bytes."""
        return self.reader.size

    @fact
    def sha256(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest()

    # -- header --------------------------------------------------------------------------

    @fact
    def format(self) -> str:
        """Format by the bytes. Raises `NotAnImage` for what is no image."""
        name = formats.sniff(self.reader.read(0, formats.HEAD))
        if name is None:
            from verify4k.formats.foreign import name_foreign

            raise name_foreign(self.reader)
        return name

    @fact
    def _module(self) -> ModuleType:
        return formats.load(self.format)

    @fact
    def header(self) -> Header:
        """Facts of the first few KB."""
        found: Header = self._module.header(self.reader)
        return found

    @property
    def stored(self) -> Size:
        """Width and height as coded."""
        return self.header.stored

    @property
    def displayed(self) -> Size:
        """Width and height as browsers show the picture: what "dimensions" means."""
        return self.header.displayed

    # -- container -----------------------------------------------------------------------

    @fact
    def walk(self) -> Walk:
        """Facts of the whole container."""
        self.data  # noqa: B018 - a walk reads everything: refused at header depth
        _ = self.header  # a broken header is the reason to give, not what follows from it
        found: Walk = self._module.walk(self.reader)
        return found

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Where metadata lies; also behind the pixels in a full check."""
        late = self.walk.blocks if self.depth == "full" else ()
        return self.header.blocks + late

    @property
    def orientation(self) -> int:
        """The Exif tag's value as written, also where viewers ignore it; 1 when absent."""
        late = self.walk.orientation if self.depth == "full" else None
        return self.header.orientation if late is None or self.header.orientation != 1 else late

    @property
    def frames(self) -> int:
        """How many frames play. Raises `BeyondDepth` where only the walk can count."""
        return _known(self.header.frames, lambda: self.walk.frames)

    @property
    def animated(self) -> bool:
        """Whether more than one frame plays."""
        return _known(self.header.animated, lambda: self.walk.animated)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where viewers differ, as sentences."""
        late = self.walk.disagreements if self.depth == "full" else ()
        return tuple(dict.fromkeys(self.header.disagreements + late))

    @fact
    def claims(self) -> tuple[Claim, ...]:
        """Sizes that metadata claims."""
        from verify4k.formats.claims import claims

        return tuple(claims(self.reader, self.header, self.blocks))

    @fact
    def icc_name(self) -> str | None:
        """The ICC profile's description; None without a profile."""
        from verify4k.formats.icc import profile_name, read_icc

        profile = read_icc(self.reader, [block for block in self.blocks if block.kind == "icc"])
        return None if profile is None else profile_name(profile) or ""

    # -- pixels --------------------------------------------------------------------------

    @fact
    def damage(self) -> tuple[str, ...]:
        """What is broken, as sentences; empty: intact to the last row."""
        found = dict.fromkeys(self.header.damage + self.walk.damage)
        if found:  # the walk may say with numbers what the header saw coming
            return tuple(s for s in found if not any(o != s and o.startswith(s) for o in found))
        check = getattr(self._module, "inflate", None)  # formats that can tell without pixels
        if check is not None:
            return tuple(check(self.reader, self.header, self.walk))
        try:
            self.pixels  # noqa: B018
        except Damaged as error:
            return (error.message,)
        return ()

    @fact
    def pixels(self) -> Pixels:
        """The first composited frame: the artifact's one decode."""
        found: Pixels = self._module.decode(self.data, self.header, colour=self.colour)
        return found

    @fact
    def alpha(self) -> Alpha:
        """Whether there is an alpha channel, and whether a pixel uses it."""
        if not self.header.alpha:
            return "none"
        if self.damage:
            raise BehindDamage("whether alpha is used cannot be told of a damaged picture")
        return "used" if self.pixels.alpha_used() else "opaque"

    @fact
    def rows_digest(self) -> str:
        """A digest of the first rows: different ones mean different pictures, equal ones may not."""
        if self.damage:
            raise BehindDamage("the pixels of a damaged picture cannot be compared")
        top = getattr(self._module, "top", None)  # formats that decode the first rows alone
        pixels = None if top is None else top(self.data, self.header, ROWS)
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
        from verify4k.analysis.native import analyse

        return analyse(self._whole().array(), format=self.format)

    @fact
    def padding(self) -> Padding | None:
        """A smaller picture on this canvas; None where the picture fills it."""
        from verify4k.analysis.padding import find

        return find(self._whole().array())

    @fact
    def blank(self) -> Blank | None:
        """The one colour that the picture has; None for a picture of something."""
        from verify4k.analysis.blank import blank

        return blank(self._whole().array())

    @fact
    def detail(self) -> Detail | None:
        """How much of the picture survives a half-size round trip."""
        from verify4k.analysis.detail import detail

        return detail(self._whole().array())

    def _whole(self) -> Pixels:
        if self.damage:
            raise BehindDamage("a damaged picture is not analysed")
        return self.pixels

    # -- beyond the file -----------------------------------------------------------------

    def beside(self, name: str) -> Size | None:
        """Displayed size of another file in the same folder; None when there is no such file."""
        source = self.source.beside(name)
        if source is None:
            return None
        other = Artifact(self.asset, source, "header")
        try:
            return other.displayed
        except Missing:
            return None
        except (NotAnImage, Damaged) as error:
            raise CannotRead(f"{ascii(name)[1:-1]} beside it cannot be read: {error.message}") from error
        finally:
            other.close()

    @fact
    def tags(self) -> tuple[str, ...]:
        """Names of all metadata tags, ``Group:Tag``, as ExifTool reads them."""
        if self._tools is None:
            raise CannotRead("no metadata reader is at hand")
        return self._tools.tags(self.source)

    # -- life ----------------------------------------------------------------------------

    def __enter__(self) -> Artifact:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file, its bytes and its pixels go; facts already told stay."""
        if self._open is not None:
            self._open.close()
            self._open = None
        for heavy in ("data", "reader", "pixels"):
            self.__dict__.pop(heavy, None)


def _known(value: T | None, ask: Callable[[], T | None]) -> T:
    if value is not None:
        return value
    found = ask()
    if found is None:
        raise CannotRead("the frames could not be counted")
    return found
