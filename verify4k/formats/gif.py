"""GIF: the logical screen, every block, every frame's LZW data to its last pixel.

GIF89a specification. The frame count needs the whole file, so a header leaves it to the
walk. Depth is 8: the colour table holds 8 bits a channel, whatever its length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import Block, BytesReader, Header, Size, Walk, Window, timing_of
from verify4k.formats.limits import DEFAULT, guard, guard_frames, guard_size, guard_work
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

    from verify4k.formats.facts import Reader, Timing
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format("gif", suffixes=(".gif",), media_types=("image/gif",), magic=(b"GIF87a", b"GIF89a"))


_LIMIT_STEPS = 2_000_000  # blocks and sub-blocks: a second or two; real files have a few thousand
_LIMIT_FRAMES = 32_768  # frames whose places are kept; further ones are only counted
_XMP_TRAILER = 258  # XMP specification, part 3, 1.1.2: lets decoders skip text as if it were sub-blocks
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_APPLICATIONS = {b"ICCRGBG1012": "icc", b"XMP DataXMP": "xmp", b"C2PA_GIF\1\0\0": "c2pa"}


class Frame(NamedTuple):
    """One image: its place on the screen, and where its colours and LZW data lie."""

    x: int
    y: int
    size: Size
    interlaced: bool
    colours: tuple[int, int]  # offset and number of bytes; (0, 0): the global table
    transparent: int | None
    code_size: int
    data: tuple[int, int]  # first sub-block, first byte after the terminator


class _Scan:
    """What the blocks have told so far."""

    def __init__(self, screen: Size, colours: tuple[int, int]) -> None:
        self.screen = screen
        self.colours = colours
        self.at = sum(colours)
        self.disposal = 0  # 2: its place is cleared afterwards, 3: what was there before comes back
        self.cleared: tuple[int, int, int, int] | None = None
        self.alpha = False  # of any frame
        self.transparent: int | None = None  # of the control extension that waits for its image
        self.delay = 0.0  # milliseconds, of the control extension that waits for its image
        self.delays: list[float] = []
        self.plays = 1  # rounds; 0: for ever
        self.frames: list[Frame] = []
        self.count = 0
        self.steps = 0
        self.blocks: list[Block] = []
        self.early = 0  # blocks before the first image: those that a header sees
        self.damage: list[str] = []
        self.warnings: list[str] = []
        self.ended = False


def header(reader: Reader) -> Header:
    """Return what stands before the first image's data."""
    scan = _scan(Window(reader, 1024), first_only=True)
    first = scan.frames[0] if scan.frames else None
    return Header(
        format="gif",
        stored=scan.screen,
        displayed=scan.screen,
        bit_depth=8,
        mode="palette",
        alpha=scan.alpha or (None if first is not None else False),
        frames=None,
        animated=None,
        blocks=tuple(scan.blocks),
        damage=tuple(scan.damage),
        progressive=first is not None and first.interlaced,
    )


def walk(reader: Reader) -> Walk:
    """Visit every block up to the trailer."""
    scan = _scan(Window(reader))
    damage = tuple(dict.fromkeys(scan.damage))
    end = scan.at if scan.ended else None
    return Walk(
        damage=damage,
        warnings=tuple(dict.fromkeys(scan.warnings)),
        end=end,
        trailing=0 if end is None else reader.size - end,
        trailing_kind="" if end is None else trailing_kind(reader, end),
        frames=None if damage else max(1, scan.count),  # what is missing may be frames
        animated=None if damage and scan.count < 2 else scan.count > 1,
        alpha=scan.alpha,
        blocks=tuple(scan.blocks[scan.early :]),
    )


def timing(reader: Reader) -> Timing | None:
    """Return the delays of all images; None for a single one."""
    scan = _scan(Window(reader))
    if scan.count > len(scan.delays):
        raise LimitHit(f"{scan.count} frames are more than the {_LIMIT_FRAMES} whose delays are kept")
    return timing_of(scan.delays, scan.plays) if scan.count > 1 else None


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode every frame's LZW data; compose the first frame on its screen."""
    from PIL import Image

    from verify4k.formats.decoding import as_damage
    from verify4k.formats.pixels import PillowPixels

    guard(header, len(data), limits)
    scan = _scan(Window(BytesReader(data)))
    if not scan.frames:
        raise Damaged(scan.damage[0] if scan.damage else "there is no image in the file")
    if scan.count > len(scan.frames):
        raise LimitHit(f"{scan.count} frames are more than the {_LIMIT_FRAMES} that are decoded")
    guard_frames(scan.count, limits)
    guard_work(sum(frame.size.pixels for frame in scan.frames), limits)
    first = None
    for frame in scan.frames:
        guard_size(frame.size, limits)
        start, end = frame.data
        with as_damage():
            # Pillow's own LZW decoder: an error when codes end before the last pixel
            args = (frame.code_size, int(frame.interlaced), -1)
            picture = Image.frombytes("L", frame.size, data[start:end], "gif", args)
        first = first or _compose(picture, frame, scan, data)
    assert first is not None  # noqa: S101 - there is at least one frame
    return PillowPixels(first)


def _compose(picture: Image, frame: Frame, scan: _Scan, data: bytes) -> Image:
    """Give indices their colours; what the first frame leaves uncovered is transparent."""
    from PIL import Image

    offset, length = frame.colours if frame.colours[1] else scan.colours
    if length:
        picture.putpalette(data[offset : offset + length])
        if frame.transparent is not None:
            picture.info["transparency"] = frame.transparent
    if frame.size == scan.screen:
        return picture
    canvas = Image.new("RGBA", scan.screen)
    canvas.paste(picture.convert("RGBA"), (frame.x, frame.y))
    return canvas


def _scan(window: Window, *, first_only: bool = False) -> _Scan:
    """Visit blocks in order; ``first_only``: up to the first image descriptor."""
    head = window.at(0, 13)
    if len(head) < 13:
        raise Damaged("the file ends inside the GIF screen descriptor")
    screen = Size(int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))
    if 0 in screen:
        raise Damaged(f"the logical screen measures {screen}")
    colours = 3 << ((head[10] & 7) + 1) if head[10] & 0x80 else 0
    scan = _Scan(screen, (13, colours))
    while not (scan.ended or scan.damage or (first_only and scan.frames)):
        _visit(window, scan, head_only=first_only)
    return scan


def _visit(window: Window, scan: _Scan, *, head_only: bool) -> None:
    """GIF89a, appendix B: extensions, images, the trailer."""
    _count_step(scan)
    lead = window.at(scan.at, 1)
    if lead == b"\x2c":
        _visit_image(window, scan, head_only=head_only)
    elif lead == b"\x21":
        _visit_extension(window, scan)
    elif lead == b"\x3b":
        scan.at += 1
        scan.ended = True
        if not scan.frames:
            scan.damage.append("there is no image in the file")
    elif lead == b"\0":
        scan.at += 1  # a terminator too many; every decoder skips it
        scan.warnings.append("a stray NUL stands between two blocks")
    elif not lead:
        scan.damage.append("truncated: the file ends before the GIF trailer")
    else:
        scan.damage.append(f"a block starts with 0x{lead[0]:02x}, which GIF does not know")


def _count_step(scan: _Scan) -> None:
    """A file of one-byte blocks would keep a run busy for minutes."""
    scan.steps += 1
    if scan.steps > _LIMIT_STEPS:
        raise LimitHit(f"the file has more than {_LIMIT_STEPS} blocks")


def _visit_image(window: Window, scan: _Scan, *, head_only: bool) -> None:
    head = window.at(scan.at, 10)
    if len(head) < 10:
        scan.damage.append("truncated: the file ends inside an image descriptor")
        return
    x, y, width, height = (int.from_bytes(head[at : at + 2], "little") for at in (1, 3, 5, 7))
    length = 3 << ((head[9] & 7) + 1) if head[9] & 0x80 else 0
    at = scan.at + 10 + length
    code_size = window.at(at, 1)
    size = Size(width, height)
    if 0 in size:
        scan.damage.append(f"a frame measures {size}")
    elif x + width > scan.screen.width or y + height > scan.screen.height:
        scan.damage.append(f"a frame of {size} at {x},{y} lies outside the screen of {scan.screen}")
    if not scan.frames:
        scan.early = len(scan.blocks)
    end = at + 1
    if not head_only:
        end = _skip(window, scan, at + 1)
    colours = (scan.at + 10, length)
    data = (at + 1, end)
    code = code_size[0] if code_size else 0
    scan.count += 1
    place = (x, y, x + width, y + height)
    scan.alpha = scan.alpha or scan.transparent is not None or _uncovered(scan, place)
    if scan.count <= _LIMIT_FRAMES:
        frame = Frame(x, y, size, bool(head[9] & 0x40), colours, scan.transparent, code, data)
        scan.frames.append(frame)
        scan.delays.append(scan.delay)
    scan.delay = 0.0
    scan.cleared = place if scan.disposal == 2 or (scan.disposal == 3 and scan.count == 1) else None
    scan.at, scan.transparent, scan.disposal = end, None, 0


def _uncovered(scan: _Scan, place: tuple[int, int, int, int]) -> bool:
    """Whether this frame leaves transparent what the screen shows: nothing yet, or what was cleared."""
    bare = (0, 0, *scan.screen) if scan.count == 1 else scan.cleared
    return bare is not None and not (
        place[0] <= bare[0] and place[1] <= bare[1] and place[2] >= bare[2] and place[3] >= bare[3]
    )


def _skip(window: Window, scan: _Scan, at: int) -> int:
    """Skip sub-blocks from ``at``; return the first byte after their terminator."""
    while True:
        _count_step(scan)
        length = window.at(at, 1)
        if not length:
            scan.damage.append("truncated: the file ends inside a block's data")
            return min(at, window.size)
        at += 1 + length[0]
        if length == b"\0":
            return at


def _visit_extension(window: Window, scan: _Scan) -> None:
    head = window.at(scan.at, 14)
    at = scan.at + 2
    if head[1:3] == b"\xf9\x04" and len(head) > 6:
        scan.transparent = head[6] if head[3] & 1 else None
        scan.disposal = head[3] >> 2 & 7
        scan.delay = int.from_bytes(head[4:6], "little") * 10.0
    if head[1:3] == b"\xff\x0b" and head[3:14] in _LOOPS:
        body = window.at(scan.at + 14, 4)
        if body[:2] == b"\3\1":  # browsers play once more than the number of repeats; none is for ever
            repeats = int.from_bytes(body[2:4], "little")
            scan.plays = repeats + 1 if repeats else 0
    kind = _APPLICATIONS.get(head[3:14]) if head[1:3] == b"\xff\x0b" else None
    end = _skip(window, scan, at)
    if kind == "xmp":
        if end - _XMP_TRAILER > at + 12:
            scan.blocks.append(Block("xmp", at + 12, end - _XMP_TRAILER - at - 12))
    elif kind is not None:
        piece = at + 12
        while piece < end - 1:
            (length,) = window.at(piece, 1) or b"\0"
            scan.blocks.append(Block(kind, piece + 1, length))
            piece += 1 + length
    scan.at = end
