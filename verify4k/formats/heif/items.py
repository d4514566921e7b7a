"""Facts about the primary item of a HEIF ``meta`` box: size, depth, alpha, metadata.

ISO/IEC 23008-12, section 6. Only the primary item counts: thumbnails, gain maps (``tmap``
and what it refers to) and further images may be larger, and nobody sees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Block, Size
from verify4k.formats.metadata.exif import read_exif
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.reading.isobmff import Meta

_ALPHA = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
_DERIVED = (b"grid", b"iden", b"iovl")
_EXIF_LIMIT = 65536
_SAMPLING = ("", "4:2:2", "4:2:0")  # colours halved in none, one, both directions


class Coding(NamedTuple):
    """How the samples of an item are coded. ``sampling``: of colours, "" where whole; None: not told."""

    depth: int
    gray: bool
    sampling: str | None = None


def size_of(meta: Meta, item: int) -> Size:
    """Return the ``ispe`` of an item; every image item has to have one (6.5.3)."""
    for _, body in meta.of(item, b"ispe"):
        size = Size(int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"))
        if len(body) >= 12 and 0 not in size:
            return size
        raise Damaged("the ispe property of an image has no size")
    raise Damaged("an image item has no ispe property")


def turns(meta: Meta, item: int) -> int:
    """Return ``irot`` and ``imir`` as the Exif orientation that has the same effect."""
    angle, axis = 0, None
    for number in meta.owned.get(item, ()):
        box, body = meta.properties[number - 1] if 0 < number <= len(meta.properties) else (None, b"")
        if box is None or not body:
            continue
        if box.kind == b"irot":
            # a turn after a mirror is the opposite turn before it
            angle = body[0] & 3 if axis is None else -body[0] & 3
        elif box.kind == b"imir":
            axis = body[0] & 1
    if axis is None:
        return (1, 8, 3, 6)[angle]
    return ((4, 5, 2, 7), (2, 7, 4, 5))[axis][angle]


def coded_item(meta: Meta, item: int) -> int:
    """Follow ``dimg`` from a derived image to the first coded image under it."""
    for _ in range(4):
        sources = meta.referred(b"dimg", item)
        if item not in meta.items or meta.items[item].kind not in _DERIVED or not sources:
            break
        item = sources[0]
    return item


def read_coding(kind: bytes, config: bytes) -> Coding | None:
    """Read av1C (AV1-ISOBMFF, 2.3.3) or hvcC (14496-15, 8.3.2.1)."""
    if kind == b"av1C" and len(config) >= 4:
        flags = config[2]
        depth = (12 if flags & 0x20 else 10) if flags & 0x40 else 8
        across, down = flags >> 3 & 1, flags >> 2 & 1
        return Coding(depth, bool(flags & 0x10), _SAMPLING[across + down])
    if kind == b"hvcC" and len(config) >= 19:
        return Coding(8 + (config[17] & 7), config[16] & 3 == 0, ("", "4:2:0", "4:2:2", "")[config[16] & 3])
    return None


def coding_of(meta: Meta, item: int) -> Coding:
    """Depth and greyness: by the codec configuration, else by ``pixi``."""
    coded = coded_item(meta, item)
    for kind in (b"av1C", b"hvcC"):
        for _, body in meta.of(coded, kind):
            coding = read_coding(kind, body)
            if coding is not None:
                return coding
    for source in (item, coded):
        for _, body in meta.of(source, b"pixi"):
            if len(body) >= 6:
                return Coding(max(body[5 : 5 + body[4]] or b"\0"), body[4] == 1)
    kind = meta.items[coded].kind if coded in meta.items else b""
    raise CannotRead(f"an image coded as {kind.decode('latin-1')!a} is not supported")


def alpha_item(meta: Meta, item: int) -> int | None:
    """Return the alpha plane of an item, or of the first tile of a grid (6.6.2.1, MIAF 7.3.5)."""
    tiles = meta.referred(b"dimg", item) if meta.items[item].kind == b"grid" else ()
    for target in (item, *tiles[:1]):
        for source in meta.referring(b"auxl", target):
            for _, body in meta.of(source, b"auxC"):
                if body[4:].split(b"\0")[0] in _ALPHA:
                    return source
    return None


def blocks_of(reader: Reader, meta: Meta, item: int) -> list[Block]:
    """Return where ICC, Exif and XMP of an item lie."""
    found = []
    for owner in dict.fromkeys((item, coded_item(meta, item))):
        for box, body in meta.of(owner, b"colr"):
            if body[:4] in (b"prof", b"rICC"):
                found.append(Block("icc", box.body + 4, box.end - box.body - 4))
        if found:
            break
    described = [source for kind, source, targets in meta.references if kind == b"cdsc" and item in targets]
    for source in described or [number for number in meta.items if not meta.references]:
        entry = meta.items.get(source)
        if entry is None:
            continue
        pieces = extents_of(meta, source)
        if entry.kind == b"Exif" and pieces:
            found += _exif(reader, pieces)
        elif entry.kind == b"mime" and entry.content == b"application/rdf+xml":
            found += [Block("xmp", offset, length) for offset, length in pieces]
    return found


def colours_of(meta: Meta, item: int) -> str:
    """Return what ``nclx`` declares (23008-12, 6.5.5; 14496-12, 12.1.5): see `Header.colours`."""
    for owner in dict.fromkeys((item, coded_item(meta, item))):
        for _, body in meta.of(owner, b"colr"):
            if body[:4] == b"nclx" and len(body) >= 8:
                from verify4k.formats.metadata.cicp import declared

                return declared(int.from_bytes(body[4:6], "big"), int.from_bytes(body[6:8], "big"))
    return ""


def extents_of(meta: Meta, item: int) -> list[tuple[int, int]]:
    """Return an item's extents as offsets into the file; those it cannot place are left out."""
    place = meta.places.get(item)
    if place is None or place.method > 1 or (place.method == 1 and meta.idat is None):
        return []
    base = meta.idat.body if place.method == 1 and meta.idat is not None else 0
    return [(base + offset, length) for offset, length in place.extents]


def _exif(reader: Reader, pieces: list[tuple[int, int]]) -> list[Block]:
    """Annex A.2.1: four bytes say how far the TIFF header is away."""
    offset, length = pieces[0]
    skip = 4 + int.from_bytes(reader.read(offset, 4), "big")
    if skip > length:
        return []
    rest = [Block("exif", at, size) for at, size in pieces[1:]]
    return [Block("exif", offset + skip, length - skip), *rest]


def orientation_of(reader: Reader, blocks: list[Block], applied: int) -> tuple[int, list[str]]:
    """Return the Exif orientation, and a sentence where it differs from ``irot``/``imir``."""
    data = b"".join(
        reader.read(block.offset, min(block.length, _EXIF_LIMIT))
        for block in blocks[:64]
        if block.kind == "exif"
    )
    orientation = read_exif(data).orientation if data else 1
    if orientation in (1, applied):
        return orientation, []
    return orientation, [
        f"Exif orientation {orientation} beside irot/imir that amount to {applied}: browsers ignore Exif here"
    ]


def cropped(meta: Meta, item: int, size: Size) -> Size | None:
    """Return the size after ``clap``, ``irot`` and ``imir`` in their order; None without a sound ``clap``."""
    found = None
    for number in meta.owned.get(item, ()):
        box, body = meta.properties[number - 1] if 0 < number <= len(meta.properties) else (None, b"")
        if box is not None and box.kind == b"irot" and body and body[0] & 1:
            size, found = size.turned, None if found is None else found.turned
        elif box is not None and box.kind == b"clap":
            numbers = [int.from_bytes(body[at : at + 4], "big") for at in range(0, 16, 4)]
            if len(body) < 32 or 0 in numbers:
                return None
            found = Size(-(-numbers[0] // numbers[1]), -(-numbers[2] // numbers[3]))
            if found.width > size.width or found.height > size.height:
                return None
    return found


def clap_disagreement(meta: Meta, item: int, size: Size) -> list[str]:
    """Clean aperture (6.5.9): some viewers crop to it, others show everything."""
    for _, body in meta.of(item, b"clap"):
        numbers = [int.from_bytes(body[at : at + 4], "big") for at in range(0, 16, 4)]
        if len(body) < 32 or 0 in numbers:
            return ["a clap property makes no sense: viewers differ"]
        cropped = Size(numbers[0] // numbers[1], numbers[2] // numbers[3])
        if cropped != size:
            return [f"a clap property crops {size} to {cropped} in some viewers"]
    return []
