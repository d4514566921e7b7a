"""WebP's chunks in order: what they tell of the canvas, the frames and the metadata (RFC 9649, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import Block, Size
from verify4k.formats.webp.frames import Chunk, Frame, chunks, read_bitstream, read_frame

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_ANIMATION, _XMP, _EXIF, ALPHA, _ICC = 0x02, 0x04, 0x08, 0x10, 0x20
_BLOCKS = {b"ICCP": ("icc", _ICC), b"EXIF": ("exif", _EXIF), b"XMP ": ("xmp", _XMP), b"C2PA": ("c2pa", 0)}
_HEADER_CHUNKS = 512  # a header stops counting here; the walk counts on
_LIMIT_CHUNKS = 500_000  # a second or so


class Scan:
    """What chunk headers have told so far."""

    def __init__(self, end: int) -> None:
        self.end = end  # by the RIFF header
        self.extended = False
        self.flags = 0
        self.canvas: Size | None = None
        self.first: Frame | None = None
        self.frames = 0
        self.alpha = False  # of any frame of an animation
        self.cleared: Frame | None = None  # the last frame, where its place is cleared
        self.still = False  # an image chunk outside any ANMF was seen
        self.alpha_chunk = False  # ALPH before a still VP8 chunk
        self.animated = False  # an ANIM chunk was seen
        self.complete = False
        self.early: int | None = None  # how many blocks a header sees; None: all
        self.blocks: list[Block] = []
        self.damage: list[str] = []
        self.warnings: list[str] = []

    @property
    def animation(self) -> bool:
        """Whether VP8X announces one."""
        return bool(self.flags & _ANIMATION)


def scan_chunks(reader: Reader, *, header_only: bool) -> Scan:
    """Visit chunks in order; a header gives up after the first few hundred."""
    head = reader.read(0, 12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise Damaged("the file ends inside the RIFF header")
    size = int.from_bytes(head[4:8], "little")
    scan = Scan(8 + size)
    if scan.end > reader.size:
        scan.damage.append(f"truncated: {scan.end} bytes promised, {reader.size} there")
    elif size & 1 and reader.read(scan.end, 1) == b"\0":
        scan.end += 1  # a writer that does not count the last padding byte
    end = min(scan.end, reader.size)
    at = 12
    for number, chunk in enumerate(chunks(reader, 12, end)):
        if number == _HEADER_CHUNKS:
            scan.early = len(scan.blocks)
            if header_only:
                return scan
        if number == _LIMIT_CHUNKS:
            raise LimitHit(f"the file has more than {_LIMIT_CHUNKS} chunks")
        _visit(reader, scan, chunk, first=number == 0)
        if chunk.end > scan.end:
            scan.damage.append(f"the {ascii_kind(chunk.kind)} chunk is longer than the RIFF container")
        at = chunk.end + (chunk.length & 1)
    if at < scan.end <= reader.size:
        scan.warnings.append(f"{scan.end - at} bytes inside the RIFF container belong to no chunk")
    elif at == scan.end + 1:
        scan.warnings.append("the padding byte after the last chunk is missing")
    _judge(scan)
    scan.complete = scan.end <= reader.size
    return scan


def ascii_kind(kind: bytes) -> str:
    """Show a chunk's name so that nothing in it can reach a terminal."""
    return ascii(kind.decode("latin-1"))


def _visit(reader: Reader, scan: Scan, chunk: Chunk, *, first: bool) -> None:
    kind = chunk.kind
    if kind == b"VP8X" and first:
        _visit_canvas(reader, scan, chunk)
    elif kind in (b"VP8 ", b"VP8L"):
        _visit_still(reader, scan, chunk)
    elif kind == b"ALPH":
        scan.alpha_chunk = scan.alpha_chunk or not scan.still
    elif kind == b"ANIM":
        scan.animated = True
        if chunk.length < 6:
            scan.damage.append("the ANIM chunk is too short")
    elif kind == b"ANMF":
        _visit_frame(reader, scan, chunk)
    elif kind in _BLOCKS:
        _visit_block(reader, scan, chunk)
    if first and kind not in (b"VP8X", b"VP8 ", b"VP8L"):
        scan.damage.append(f"the first chunk is {ascii_kind(kind)}, not VP8X, VP8 or VP8L")


def _visit_canvas(reader: Reader, scan: Scan, chunk: Chunk) -> None:
    """RFC 9649, 2.7: flags, three reserved bytes, 24-bit width and height minus one."""
    body = reader.read(chunk.at, min(10, chunk.length))
    if len(body) < 10:
        scan.damage.append("the VP8X chunk is too short")
        return
    scan.extended = True
    scan.flags = body[0]
    scan.canvas = Size(int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
    if scan.canvas.pixels >= 1 << 32:
        scan.damage.append(f"the canvas of {scan.canvas} is larger than WebP allows")


def _visit_still(reader: Reader, scan: Scan, chunk: Chunk) -> None:
    if scan.still or scan.animation:
        scan.warnings.append(f"a further {ascii_kind(chunk.kind)} chunk is ignored")
        return
    scan.still = True
    frame = read_bitstream(reader, chunk)
    scan.first = frame
    if frame.fault:
        scan.damage.append(frame.fault)
    if scan.canvas is None:
        scan.canvas = frame.size
    elif frame.size is not None and frame.size != scan.canvas:
        scan.damage.append(f"the canvas measures {scan.canvas}, the image on it {frame.size}")


def _visit_frame(reader: Reader, scan: Scan, chunk: Chunk) -> None:
    if not (scan.animation and scan.animated):
        scan.damage.append("an animation frame without an announced animation")
        return
    frame = read_frame(reader, chunk)
    scan.frames += 1
    if scan.first is None:
        scan.first = frame
    if frame.fault:
        scan.damage.append(frame.fault)
    scan.alpha = scan.alpha or frame.alpha or _uncovered(scan, frame)
    scan.cleared = frame if frame.clears else None
    canvas = scan.canvas
    if frame.size is None or canvas is None:
        return
    if frame.x + frame.size.width > canvas.width or frame.y + frame.size.height > canvas.height:
        scan.damage.append(f"an animation frame lies outside the canvas of {canvas}")


def _uncovered(scan: Scan, frame: Frame) -> bool:
    """Whether a frame leaves transparent what the canvas shows: nothing yet, or what was cleared."""
    bare = Frame(scan.canvas, alpha=False) if scan.frames == 1 else scan.cleared
    if bare is None or bare.size is None or frame.size is None:
        return False
    return not (
        frame.x <= bare.x
        and frame.y <= bare.y
        and frame.x + frame.size.width >= bare.x + bare.size.width
        and frame.y + frame.size.height >= bare.y + bare.size.height
    )


def _visit_block(reader: Reader, scan: Scan, chunk: Chunk) -> None:
    """Metadata: the first of a kind counts (RFC 9649, 2.7.1.4-5)."""
    name, flag = _BLOCKS[chunk.kind]
    if any(block.kind == name for block in scan.blocks) or chunk.end > reader.size:
        return
    at, length = chunk.at, chunk.length
    if name == "exif" and reader.read(at, 6) == b"Exif\0\0":
        at, length = at + 6, max(0, length - 6)  # written by tools that come from JPEG
    scan.blocks.append(Block(name, at, length))
    if flag and not scan.flags & flag:
        scan.warnings.append(f"the {ascii_kind(chunk.kind)} chunk is not announced by VP8X")


def _judge(scan: Scan) -> None:
    """What only the end of the walk can tell."""
    if scan.animation and not scan.frames:
        scan.damage.append("an animation is announced and has no frames")
    if not scan.animation and not scan.still:
        scan.damage.append("there is no image data")
    if scan.extended and scan.flags & ALPHA and not scan.animation and not has_alpha(scan):
        scan.warnings.append("VP8X announces alpha and there is none")


def has_alpha(scan: Scan) -> bool:
    """Alpha of the picture, or of any frame seen: its own, or canvas that it leaves uncovered."""
    frame = scan.first
    if frame is None:
        return False
    return frame.alpha or scan.alpha_chunk if scan.still else scan.alpha
