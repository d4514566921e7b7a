"""What a container parser reports: frozen facts from bytes, and the seam it reads through.

Every format module (``png``, ``jpeg``, ...) offers three functions:

``header(reader) -> Header``
    A few KB, nothing decoded. Raises `Damaged` where the header itself is broken.
``walk(reader) -> Walk``
    The whole container, still nothing decoded: damage, trailing bytes, late metadata.
    Never raises `Damaged`: damage is what it returns.
``decode(data, header, colour, limits) -> Pixels``
    The first composited frame, every frame where that is what integrity means.
    Raises `Damaged`, `LimitHit` or `MissingTool`.

Formats that need them offer more: ``inflate(reader, limits) -> Inflated`` where damage can be told
without pixels, ``top`` (PNG), ``opened(data) -> bytes`` where metadata are packed and ``profile(data) ->
bytes`` where only a decoder gives the ICC profile out, ``density(reader) -> Density | None`` where the
container has a field for it, ``timing(reader) -> Timing | None`` of an animation, ``pictures(reader)``:
the size of every picture inside, and ``gain_map(reader, end) -> bool``, where ``end()`` tells where the
first picture ends. ``sampling(reader) -> str`` says how coarse the colours are ("4:2:0"; "": whole, as in
formats without it; `CannotRead`: not told). ``quantiser(reader) -> int | None``: how coarsely a lossy
codec quantised, on a scale of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
UNKNOWN_SIZE = 1 << 40  # what a `Reader` says where nobody has told how long the body is


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def turned(self) -> Size:
        """Width and height exchanged: what a quarter turn makes of it."""
        return Size(self.height, self.width)

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.width * self.height


class Sentence(str):
    """A sentence about damage that has a fix of its own; others are mended by fetching the file again."""

    __slots__ = ("fix",)

    fix: str

    def __new__(cls, text: str, fix: str) -> Sentence:
        """Say ``text``; ``fix`` is what to do."""
        made = super().__new__(cls, text)
        made.fix = fix
        return made

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, str]]:
        """Travel between processes with the fix: `str` alone would leave it behind."""
        return Sentence, (str(self), self.fix)


class Reader(Protocol):
    """Random access to bytes: a file, a byte string, a body behind a URL. ``size`` may be `UNKNOWN_SIZE`."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at ``offset``; fewer than ``length`` only at the end, b"" past it."""


class Block(NamedTuple):
    """Where one piece of metadata lies. ``deflated``: zlib-compressed (PNG iCCP, iTXt).

    A piece split over several segments (JPEG ICC, extended XMP) is several blocks of one
    kind, in the order in which they are to be joined.
    """

    kind: str  # "exif" (starts at the TIFF header), "xmp", "icc", "c2pa"
    offset: int
    length: int
    deflated: bool = False


class Density(NamedTuple):
    """Pixels per inch across and down, which field says so, and how near two values of it can be."""

    source: str
    across: float
    down: float
    step: float = 0.0

    def __str__(self) -> str:
        same = round(self.across, 1) == round(self.down, 1)
        return f"{self.across:.4g}" if same else f"{self.across:.4g}x{self.down:.4g}"


class Timing(NamedTuple):
    """How an animation plays: milliseconds of its shortest and longest frame, and of one round."""

    frames: int
    shortest: float
    longest: float
    total: float
    plays: int  # rounds; 0: for ever


def timing_of(delays: list[float], plays: int) -> Timing | None:
    """Sum up the delays (milliseconds); None without frames."""
    return Timing(len(delays), min(delays), max(delays), sum(delays), plays) if delays else None


class Header(NamedTuple):
    """Facts that the first few KB tell (`semantics`: docs/facts.md)."""

    format: str
    stored: Size
    displayed: Size
    bit_depth: int
    mode: str  # "gray", "rgb", "palette", "cmyk"
    alpha: bool | None = False  # a channel exists, used or not; None: only the walk can tell
    orientation: int = 1  # the Exif tag as written; 1 when absent or not 1-8
    frames: int | None = 1  # None: only the walk can count them
    animated: bool | None = False  # None: only the walk can tell
    blocks: tuple[Block, ...] = ()
    disagreements: tuple[str, ...] = ()  # sentences: where viewers show different pictures
    scans: int = 1  # JPEG: how many scans follow, for the work limit (0: not counted)
    damage: tuple[str, ...] = ()  # sentences: damage seen on the way to these facts
    colours: str = ""  # what is declared besides ICC: "" nothing, "sRGB", or a name for it
    coded_icc: bool = False  # a profile that only the decoder gives out (JPEG XL)
    packed: bool = False  # metadata that stay closed until `opened` (JPEG XL's Brotli boxes)
    progressive: bool | None = False  # shown coarse first: several scans, interlaced; None: not told here
    unsized: str = ""  # a sentence where the file declares no size and browsers choose one (SVG)


class Inflated(NamedTuple):
    """What inflating all pixel data without decoding tells.

    damage: sentences; empty: every row is there.
    stored: the first frame as a file of the same format that holds its pixel data as inflated, so that a
        decoder need not inflate them again; empty where that is not to be had or would not pay.
    """

    damage: tuple[str, ...] = ()
    stored: bytes = b""


class Walk(NamedTuple):
    """Facts that only the whole container tells. ``end``: first byte after the image."""

    damage: tuple[str, ...] = ()  # sentences; any makes the image damaged
    warnings: tuple[str, ...] = ()  # sentences: ancillary CRCs, NUL padding
    end: int | None = None  # None when damage hides it
    trailing: int = 0  # bytes after ``end`` that nothing declares
    trailing_kind: str = ""  # "", "nul", "fill", "zip", "data", ... what they look like
    frames: int | None = None  # how many an animation plays; None: as the header says
    animated: bool | None = None
    alpha: bool = False  # alpha that begins behind what the header saw
    blocks: tuple[Block, ...] = ()  # metadata that lies behind the pixels
    disagreements: tuple[str, ...] = ()
    orientation: int | None = None  # of Exif behind the pixels, where browsers ignore it


class BytesReader:
    """A `Reader` over bytes that are already in memory. ``parsed``: a place for what `once` keeps."""

    __slots__ = ("data", "parsed", "size")

    def __init__(self, data: bytes, parsed: dict[Any, Any] | None = None) -> None:
        self.data = data
        self.size = len(data)
        self.parsed = parsed

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice; never raises."""
        return self.data[offset : offset + length]

    def close(self) -> None:
        """Nothing is held open."""


def once(reader: Reader, parse: Callable[[Reader], T]) -> T:
    """Return ``parse(reader)``, kept for the next one who asks where ``reader.parsed`` is a place to keep it.

    What is kept may hold the reader, so whoever gives it a place has to call `forget`.
    """
    kept: dict[Any, Any] | None = getattr(reader, "parsed", None)
    if kept is None:
        return parse(reader)
    if parse not in kept:
        kept[parse] = parse(reader)
    found: T = kept[parse]
    return found


def forget(reader: Reader | None) -> None:
    """Let go of what `once` has kept: a circle would hold all bytes of a file until Python looks for it."""
    kept: dict[Any, Any] | None = getattr(reader, "parsed", None)
    if kept is not None:
        kept.clear()


class Window:
    """Small reads through one buffer; it grows while they run on, and starts small after a jump."""

    __slots__ = ("_base", "_data", "_reader", "_step", "size")

    def __init__(self, reader: Reader, first: int = 4096) -> None:
        self._reader = reader
        self._step = first
        self._base = 0
        self._data = reader.read(0, first)
        self.size = reader.size

    def at(self, offset: int, length: int) -> bytes:
        """Return the bytes at ``offset``; fewer than ``length`` only at the end."""
        start = offset - self._base
        if start >= 0 and start + length <= len(self._data):
            return self._data[start : start + length]
        if offset + length > self.size:
            length = max(0, self.size - offset)
            if start >= 0 and start + length <= len(self._data):
                return self._data[start : start + length]
        runs_on = 0 <= start <= len(self._data) + 1024
        self._step = min(self._step * 2, 65536) if runs_on else 4096
        self._base = offset
        self._data = self._reader.read(offset, max(length, self._step))
        return self._data[:length]
