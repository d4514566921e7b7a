"""What the bytes of one file tell: lazy facts, each computed once, the costly ones last.

Tiers: stat < header (a few KB) < walk (the whole container) < pixels (one decode).
Unknown raises `CannotRead`; absent is None. No fact has a "fine" default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from verify4k.artifacts.fact_cache import KEPT
from verify4k.artifacts.guard import untraced
from verify4k.artifacts.lazy import fact
from verify4k.errors import BehindDamage, BeyondDepth, CannotRead, Damaged, LimitHit, Verify4kError
from verify4k.files.source import LateReader, whole
from verify4k.formats.facts import UNKNOWN_SIZE, BytesReader, forget
from verify4k.formats.limits import DEFAULT, guard_metadata
from verify4k.formats.registry import HEAD, load, sniff

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from verify4k.artifacts.fact_cache import CachedFacts
    from verify4k.files.source import OpenReader, Source
    from verify4k.formats.facts import Block, Header, Inflated, Reader, Size, Walk
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels
    from verify4k.formats.registry import Parser

T = TypeVar("T")
Depth = Literal["header", "full"]
Alpha = Literal["none", "opaque", "used"]


class Content:
    """One file as it is. ``colour``: decode colour even where brightness would do."""

    def __init__(
        self, source: Source, depth: Depth = "full", *, colour: bool = False, limits: Limits = DEFAULT
    ) -> None:
        self.limits = limits
        self.source = source
        self.depth: Depth = depth
        self.colour = colour
        self.cached_facts: CachedFacts | None = None  # what earlier runs have measured of the same bytes
        self.failures: dict[str, Verify4kError] = {}
        self._open: OpenReader | None = None
        self._stored = b""  # the first frame, as `Inflated` has it

    # -- bytes ---------------------------------------------------------------------------

    @fact
    def data(self) -> bytes:
        """All bytes, from the one read that hash, facts and pixels share."""
        if self.depth == "header":
            raise BeyondDepth("the whole file was not read", "run without --depth header")
        return self.source.read_all()

    @fact
    def reader(self) -> Reader:
        """Random access: over ``data`` in a full check, over the file otherwise; opened when read."""
        cached = self.cached_facts
        if self.depth == "full" and (cached is None or not cached.fresh):
            return BytesReader(self.data, {})
        self._open = self.source.open() if cached is None else LateReader(self.source, cached.size)
        return self._open

    @property
    def fresh(self) -> bool:
        """Whether an earlier run has read the file as it still is: then not all of it is read again."""
        return self.cached_facts is not None and self.cached_facts.fresh

    @property
    def looked_into(self) -> bool:
        """Whether a rule has asked for anything that is in the file; what is fresh is not read for it."""
        asked = self.cached_facts is not None and (self.cached_facts.used or self.known("reader") is not None)
        return self.known("data") is not None or (self.fresh and bool(asked))

    @fact
    def size(self) -> int:
        """Number of bytes."""
        if self.reader.size == UNKNOWN_SIZE:
            raise BeyondDepth("the server does not say how long the body is", "run without --depth header")
        return self.reader.size

    @fact
    def sha256(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest()

    @fact
    def sha512(self) -> str:
        """SHA-512 of the bytes, hexadecimal."""
        import hashlib

        return hashlib.sha512(self.data).hexdigest()

    @fact
    def sha1(self) -> str:
        """SHA-1 of the bytes, hexadecimal: what older lists hold; finds accidents, binds nothing."""
        import hashlib

        return hashlib.sha1(self.data, usedforsecurity=False).hexdigest()

    @fact
    def md5(self) -> str:
        """MD5 of the bytes, hexadecimal: what DVC tracks; finds accidents, binds nothing."""
        import hashlib

        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()

    # -- header --------------------------------------------------------------------------

    @fact
    def format(self) -> str:
        """Format by the bytes. Raises `NotAnImage` for what is no image."""
        name = sniff(self.reader.read(0, HEAD))
        if name is None:
            from verify4k.formats.reading.foreign import name_foreign

            raise name_foreign(self.reader)
        return name

    @fact
    def _parser(self) -> Parser:
        return load(self.format)

    @fact
    def header(self) -> Header:
        """Facts of the first few KB."""
        found = self._parser.header(self.reader)
        guard_metadata(found.blocks, self.limits)
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
        header = self.header  # a broken one is the reason to give, not what follows from it
        found = self._parser.walk(self.reader)
        guard_metadata(header.blocks + found.blocks, self.limits)
        return found

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Where metadata lies; also behind the pixels in a full check."""
        late = self.walk.blocks if self.depth == "full" else ()
        return self.header.blocks + late

    @fact
    def metadata(self) -> tuple[Reader, tuple[Block, ...]]:
        """Where metadata can be read: in a copy with packed boxes opened, where there are any."""
        if not self.header.packed:
            return self.reader, self.blocks
        opened = BytesReader(self._open_up(self.everything()))
        return opened, self._parser.header(opened).blocks

    def everything(self) -> bytes:
        """Return all bytes, at header depth from the file that is open."""
        return self.data if self.depth == "full" else whole(self.reader)

    def plain(self) -> bytes:
        """Return all bytes with metadata that any tool can read. Raises `MissingTool`, `CannotRead`."""
        return self._open_up(self.everything()) if self.header.packed else self.everything()

    def _open_up(self, data: bytes) -> bytes:
        opened: Callable[[bytes], bytes] | None = self._parser.find("opened")
        if opened is None:
            raise CannotRead("metadata are packed in a way that is not known here")
        found = opened(data)
        guard_metadata(self._parser.header(BytesReader(found)).blocks, self.limits)
        return found

    @property
    def orientation(self) -> int:
        """The Exif tag's value as written, also where viewers ignore it; 1 when absent."""
        late = self.walk.orientation if self.depth == "full" else None
        return self.header.orientation if late is None or self.header.orientation != 1 else late

    @property
    def frames(self) -> int:
        """How many frames play. Raises `BeyondDepth` where only the walk can count."""
        return self._known(self.header.frames, lambda: self.walk.frames)

    @property
    def animated(self) -> bool:
        """Whether more than one frame plays."""
        return self._known(self.header.animated, lambda: self.walk.animated)

    @property
    def has_alpha(self) -> bool:
        """Whether any frame has alpha. Raises `BeyondDepth` where only the walk can tell."""
        return self._known(self.header.alpha, lambda: self.walk.alpha)

    def _known(self, value: T | None, ask: Callable[[], T | None]) -> T:
        if value is None and (value := ask()) is None:
            if self.walk.damage:
                raise BehindDamage("the frames of a damaged picture cannot be counted")
            raise CannotRead("the frames could not be counted")
        return value

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where viewers differ, as sentences."""
        late = self.walk.disagreements if self.depth == "full" else ()
        return tuple(dict.fromkeys(self.header.disagreements + late))

    # -- pixels --------------------------------------------------------------------------

    @fact
    def damage(self) -> tuple[str, ...]:
        """What is broken, as sentences; empty: intact to the last row."""
        found = dict.fromkeys(self.header.damage + self.walk.damage)
        if found:  # the walk may say with numbers what the header saw coming
            return tuple(s for s in found if not any(o != s and o.startswith(s) for o in found))
        inflate = self._parser.find("inflate")  # formats that can tell without pixels
        if inflate is not None:
            self.data  # noqa: B018 - all of it will be read
            inflated: Inflated = inflate(self.reader, self.limits)
            self._stored = inflated.stored
            return inflated.damage
        try:
            self._decoded()
        except Damaged as error:
            return (error.message,)
        return ()

    def _decoded(self) -> Pixels:
        """Return the picture in colour, or what of it the limits allow: whole it is either way."""
        try:
            return self.pixels
        except LimitHit:  # of a JPEG, brightness takes a third; where it is no less, this is told again
            return self.brightness

    @fact
    def pixels(self) -> Pixels:
        """The first composited frame: the artifact's one decode."""
        data, self._stored = self._stored or self.data, b""  # needed once: a frame's memory is not kept
        return self._parser.decode(data, self.header, colour=self.colour, limits=self.limits)

    @fact
    def brightness(self) -> Pixels:
        """The picture as it is decoded where nobody asks for colour: whoever asks, the same is measured.

        A JPEG's brightness is coded apart; made of decoded colours it would be a little off.
        """
        if not self.colour or self.format != "jpeg":
            return self.pixels
        return self._parser.decode(self.data, self.header, colour=False, limits=self.limits)

    @fact
    def alpha(self) -> Alpha:
        """Whether there is an alpha channel, and whether a pixel uses it."""
        if not self.has_alpha:
            return "none"
        if self.damage:
            raise BehindDamage("whether alpha is used cannot be told of a damaged picture")
        return "used" if self.pixels.alpha_used() else "opaque"

    # -- life ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, name: str) -> Any:
        """Return a fact that was asked for already; None for one that was not, or could not be had."""
        return self.__dict__.get(name)

    def close(self) -> None:
        """Let the file, its bytes and its pixels go; facts already told stay."""
        if self.cached_facts is not None and self.cached_facts.news:
            self.cached_facts.keep({name: self.__dict__[name] for name in KEPT if name in self.__dict__})
        forget(self.known("reader"))
        if self._open is not None:
            self._open.close()
            self._open = None
        for error in self.failures.values():
            untraced(error)
        for heavy in ("data", "reader", "pixels", "brightness"):
            self.__dict__.pop(heavy, None)
        self._stored = b""
