"""TIFF of brightness and two colour differences (TIFF 6, section 21), outside of JPEG.

libtiff converts them, and asks nobody whether strips hold what they promise. Read as plain bytes they have
to: a strip is rows of units, each of which has some pixels' brightness and one pair of differences.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import is_tiled, piece_tags, sampled
from verify4k.formats.tiff.rewrite import rewrite

if TYPE_CHECKING:
    from verify4k.formats.facts import Size

_DEFLATE = 8

Changes = dict[int, tuple[int, ...]]


def prepare(data: bytes, page: ifd.Directory, size: Size) -> tuple[bytes, Changes]:
    """Return the file as libtiff can be given it, and tags to change, once every strip is whole.

    Pillow reads plain strips itself, as if colours were never subsampled, and hands deflated ones to libtiff.
    Raises `CannotRead` for what neither knows, `Damaged` for a strip that holds too little.
    """
    across, down = sampled(page)
    if {across, down} - {1, 2, 4} or set(page.values(ifd.BITS)) != {8}:
        raise CannotRead(f"a TIFF of colours that are sampled {across}x{down} is not supported")
    if page.value(ifd.PLANAR, 1) == 2:
        raise CannotRead("a TIFF of colour differences in planes of their own is not supported")
    changes: Changes = {}
    if page.value(ifd.COMPRESSION, 1) == 1:
        data, changes = _deflated(data, page)
    _read_all(rewrite(data, page, {**changes, **_as_bytes(page, size, across, down)}))
    return data, changes


def _deflated(data: bytes, page: ifd.Directory) -> tuple[bytes, Changes]:
    places, lengths = piece_tags(page)
    offsets, counts = page.values(places), page.values(lengths)
    if len(counts) < len(offsets):
        raise CannotRead("a TIFF of colour differences does not say how long its strips are")
    if sum(counts) > len(data):  # or packing them would take many times the file
        raise CannotRead("the strips of a TIFF of colour differences lie upon each other")
    pieces = [zlib.compress(data[at : at + count], 1) for at, count in zip(offsets, counts, strict=False)]
    starts, end = [], len(data)
    for piece in pieces:
        starts.append(end)
        end += len(piece)
    told = {places: tuple(starts), lengths: tuple(map(len, pieces)), ifd.COMPRESSION: (_DEFLATE,)}
    return b"".join((data, *pieces)), told


def _as_bytes(page: ifd.Directory, size: Size, across: int, down: int) -> Changes:
    """Return the tags of a gray picture whose pixels are the bytes of all units."""
    unit = across * down + 2
    gray: Changes = {
        ifd.WIDTH: (-(-size.width // across) * unit,),
        ifd.LENGTH: (-(-size.height // down),),
        ifd.BITS: (8,),
        ifd.PHOTOMETRIC: (1,),
        ifd.SAMPLES: (1,),
    }
    if is_tiled(page):
        gray[ifd.TILE_WIDTH] = (page.value(ifd.TILE_WIDTH, 0) // across * unit,)
        gray[ifd.TILE_LENGTH] = (page.value(ifd.TILE_LENGTH, 0) // down,)
    else:
        rows = min(page.value(ifd.ROWS_PER_STRIP, size.height) or size.height, size.height)
        gray[ifd.ROWS_PER_STRIP] = (-(-rows // down),)
    return gray


def _read_all(data: bytes) -> None:
    from verify4k.formats.decoding import DECODER_ERRORS, broken, open_with, our_limits

    try:
        image = open_with("Tiff", data)
        with our_limits:
            image.load()
    except (MemoryError, OSError) as error:
        raise broken(error) from error
    except DECODER_ERRORS as error:
        raise CannotRead(f"this kind of TIFF is not supported: {str(error)!a}"[:200]) from error
