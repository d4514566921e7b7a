"""The whole of a TIFF: directories, strips and tiles inside the file, and nothing behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Size, Walk
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import is_tiled, page_samples, page_size, piece_tags, sampled

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_LIMIT_PAGES = 10_000
_BOUNDARY = 16
_BLOCKS = b"GDAL_STRUCTURAL_METADATA_SIZE="  # behind the header of a cloud optimized GeoTIFF
_REPEATED = b"\nBLOCK_TRAILER=LAST_4_BYTES_REPEATED\n"
_LIMIT_DEPTH = 4  # Exif and SubIFD levels
_POINTERS = (ifd.SUB_IFDS, ifd.EXIF_IFD, 34853, 40965)  # ... GPS, interoperability
# data that these tags point at is not described in the directory: where the file ends is unknown
_OPAQUE = frozenset({37500, 50740, 519, 520, 521})


def walk(reader: Reader) -> Walk:
    """Check the first page strictly, and that every further page is inside the file."""
    reader = Peek(reader, 4096)
    damage: list[str] = []
    ends = [8]
    known = True
    try:
        first = ifd.first_directory(reader)
        damage += check_page(first, first=True)
        known = _collect(first, ends, 0)
        for page in ifd.further_directories(first, _LIMIT_PAGES):
            damage += check_page(page, first=False)
            known = _collect(page, ends, 0) and known
    except Damaged as error:
        damage.append(error.message)
    if not damage and max(ends) > reader.size:
        damage.append(
            f"truncated: the directory names data up to {max(ends) - reader.size} bytes after the file"
        )
    if damage:
        return Walk(damage=tuple(dict.fromkeys(damage)))
    end = max(ends) if known else reader.size
    end += _block_trailer(reader, end)
    # padded to a word's boundary; Pillow pads a file of several pages to 16 bytes
    padding = reader.read(end, _BOUNDARY)
    if len(padding) in {-end % 2, -end % _BOUNDARY} and not padding.strip(b"\0"):
        end += len(padding)
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def _block_trailer(reader: Reader, end: int) -> int:
    """Return how many bytes of a cloud optimized GeoTIFF repeat those that end its last block."""
    start = reader.read(0, 512)
    if not start[8:].startswith(_BLOCKS) and not start[16:].startswith(_BLOCKS):  # BigTIFF's header is longer
        return 0
    again = reader.read(end, 4)
    return 4 if _REPEATED in start and len(again) == 4 and again == reader.read(end - 4, 4) else 0


def check_page(page: ifd.Directory, *, first: bool) -> list[str]:
    """Return what is wrong with where a page's pixels lie."""
    tiled, (places, lengths) = is_tiled(page), piece_tags(page)
    offsets = page.values(places)
    if not offsets:
        return ["the page has no pixel data"] if first else []
    size = page_size(page)
    wanted = _pieces(page, size, tiled=tiled)
    if len(offsets) < len(wanted):
        return [f"{len(wanted)} strips or tiles are needed, {len(offsets)} are there"]
    counts = page.values(lengths)
    if not counts:
        counts = tuple(wanted)  # libtiff estimates them as well
    if len(counts) < len(wanted):
        return [f"{len(wanted)} strips or tiles are needed, {len(counts)} have a length"]
    plain = page.value(ifd.COMPRESSION, 1) == 1
    for offset, count, need in zip(offsets, counts, wanted, strict=False):
        if offset + count > page.reader.size:
            return [
                f"truncated: a strip or tile ends {offset + count - page.reader.size} bytes after the file"
            ]
        if not offset or not count:
            return ["a strip or tile has no data"]
        if plain and count < need:
            return [f"a strip or tile of {count} bytes holds less than the {need} promised"]
    return []


def _pieces(page: ifd.Directory, size: Size, *, tiled: bool) -> list[int]:
    """Return the uncompressed length of every strip or tile that the page needs."""
    samples, _ = page_samples(page)
    bits = page.values(ifd.BITS)[:samples] or (1,)
    total = sum(bits) if len(bits) == samples else bits[0] * samples
    across, down = sampled(page)
    if (across, down) != (1, 1):  # units of brightness and one pair of differences
        unit = (across * down + 2) * bits[0]
        size, total = Size(-(-size.width // across), -(-size.height // down)), unit
    planes = [total]
    if page.value(ifd.PLANAR, 1) == 2:
        planes = list(bits) if len(bits) == samples else [bits[0]] * samples
    if tiled:
        width, length = page.value(ifd.TILE_WIDTH, 0) // across, page.value(ifd.TILE_LENGTH, 0) // down
        if not width or not length:
            raise Damaged("the page's tiles have no size")
        number = -(-size.width // width) * -(-size.height // length)
        _bound(number * len(planes))
        return [-(-width * plane // 8) * length for plane in planes for _ in range(number)]
    rows = -(-(page.value(ifd.ROWS_PER_STRIP, 0) or size.height * down) // down)
    rows = min(rows, size.height)
    _bound(-(-size.height // rows) * len(planes))
    return [
        -(-size.width * plane // 8) * min(rows, size.height - at)
        for plane in planes
        for at in range(0, size.height, rows)
    ]


def _bound(number: int) -> None:
    if number > 1_000_000:
        raise Damaged(f"{number} strips or tiles are needed, more than any file has")


def _collect(page: ifd.Directory, ends: list[int], depth: int) -> bool:
    """Add where everything a directory names ends; False where it names things nobody can follow."""
    ends.append(page.end)
    known = not _OPAQUE.intersection(page.entries)
    for entry in page.entries.values():
        if not entry.inline:
            ends.append(entry.at + entry.length)
        known = known and entry.length > 0
    for place, length in (
        (ifd.STRIP_OFFSETS, ifd.STRIP_COUNTS),
        (ifd.TILE_OFFSETS, ifd.TILE_COUNTS),
        (513, 514),
    ):
        offsets, counts = page.values(place), page.values(length)
        known = known and len(offsets) == len(counts)
        ends += [offset + count for offset, count in zip(offsets, counts, strict=False)]
    for tag in _POINTERS:
        for offset in page.values(tag)[:16]:
            if depth >= _LIMIT_DEPTH:
                return False
            inner = ifd.read_directory(page.reader, page.order, offset, big=page.big)
            known = _collect(inner, ends, depth + 1) and known
    return known
