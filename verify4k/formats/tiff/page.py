"""What one page of a TIFF says of its size and samples."""

from __future__ import annotations

from verify4k.errors import Damaged
from verify4k.formats.facts import Size
from verify4k.formats.tiff import ifd

_JPEG = (6, 7)
YCBCR = 6
_SUBSAMPLING = 530


def page_size(page: ifd.Directory) -> Size:
    """Return width and length; both tags are required."""
    size = Size(page.value(ifd.WIDTH, 0), page.value(ifd.LENGTH, 0))
    if 0 in size:
        raise Damaged(f"the page measures {size}")
    return size


def page_samples(page: ifd.Directory) -> tuple[int, int]:
    """Return samples per pixel, and the photometric interpretation or the likeliest one."""
    compression = page.value(ifd.COMPRESSION, 1)
    photometric = page.value(ifd.PHOTOMETRIC, -1)
    colour = compression in _JPEG and photometric in (2, 6)
    samples = page.value(ifd.SAMPLES, 3 if colour else max(1, len(page.values(ifd.BITS))))
    if not samples:
        raise Damaged("a pixel has no samples")
    if photometric < 0:
        photometric = 2 if samples >= 3 else 1
    return samples, photometric


def sampled(page: ifd.Directory) -> tuple[int, int]:
    """Return how many pixels across and down have one pair of colour differences; 1, 1: each its own."""
    if page.value(ifd.PHOTOMETRIC, 1) != YCBCR or page.value(ifd.COMPRESSION, 1) in _JPEG:
        return 1, 1
    told = page.values(_SUBSAMPLING)
    across, down = told[:2] if len(told) >= 2 else (2, 2)  # section 21: where the tag is absent
    return max(1, across), max(1, down)


def is_tiled(page: ifd.Directory) -> bool:
    """Whether the pixels are tiles: also where their places stand under StripOffsets, as libtiff reads it."""
    sized = ifd.TILE_WIDTH in page.entries and ifd.TILE_LENGTH in page.entries
    return sized or ifd.TILE_OFFSETS in page.entries


def piece_tags(page: ifd.Directory) -> tuple[int, int]:
    """Return the tags of offsets and byte counts of tiles or strips."""
    if ifd.TILE_OFFSETS in page.entries:
        return ifd.TILE_OFFSETS, ifd.TILE_COUNTS
    return ifd.STRIP_OFFSETS, ifd.STRIP_COUNTS
