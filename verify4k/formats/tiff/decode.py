"""The first page of a TIFF as pixels: by Pillow where it has a mode for them, by hand elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.limits import DEFAULT, guard
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import YCBCR, page_samples, piece_tags
from verify4k.formats.tiff.rewrite import rewrite
from verify4k.formats.tiff.sampled import prepare
from verify4k.formats.tiff.samples import SURE, can_unpack, unpack
from verify4k.formats.tiff.walk import check_page

if TYPE_CHECKING:
    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels
    from verify4k.formats.tiff.sampled import Changes

_JPEG = (6, 7)
_LIMIT_SAMPLES = 6  # Pillow knows no more, and says so on stderr


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode with Pillow; samples it cannot show at their depth are unpacked here."""
    guard(header, len(data), limits)
    page = ifd.first_directory(BytesReader(data))
    faults = check_page(page, first=True)
    if faults:
        raise Damaged(faults[0])
    samples, _ = page_samples(page)
    unpackable = can_unpack(page)
    # Pillow drops these to 8 bits, or mistakes planes for modes
    if unpackable and samples > 1 and (header.bit_depth > 8 or page.value(ifd.PLANAR, 1) == 2):
        return unpack(data, page, header)
    try:
        return _whole(data, page, header, samples)
    except CannotRead:
        if not unpackable:
            raise
        return unpack(data, page, header)


def _whole(data: bytes, page: ifd.Directory, header: Header, samples: int) -> Pixels:
    from verify4k.formats.decoding import DECODER_ERRORS, broken, open_with, our_limits, refused
    from verify4k.formats.pixels import PillowPixels

    compression = page.value(ifd.COMPRESSION, 1)
    if samples > _LIMIT_SAMPLES:
        raise CannotRead(f"a TIFF of {samples} samples a pixel is not supported")
    # one sample has one plane, whatever the tag says; Pillow takes the tag at its word
    changes: Changes = {ifd.PLANAR: (1,)} if samples == 1 else {}
    if page.value(ifd.PHOTOMETRIC, 1) == YCBCR and samples > 1 and compression not in _JPEG:
        data, changes = prepare(data, page, header.stored)
    try:
        image = open_with("Tiff", rewrite(data, page, changes))
    except DECODER_ERRORS as error:
        raise CannotRead(f"this kind of TIFF is not supported: {str(error)!a}"[:200]) from error
    if image.size != header.stored:
        raise Damaged(f"the header promises {header.stored}, the decoder finds {Size(*image.size)}")
    try:
        with our_limits:
            image.load()
    except (MemoryError, OSError) as error:
        if compression in _JPEG and _unusual(data, page):
            raise refused(error) from error
        if compression not in SURE:
            raise CannotRead(f"TIFF compression {compression} is not supported") from error
        raise broken(error) from error
    except DECODER_ERRORS as error:  # a mode that it has not, an option that it does not know
        raise CannotRead(f"this kind of TIFF is not supported: {str(error)!a}"[:200]) from error
    return PillowPixels(image)


def _unusual(data: bytes, page: ifd.Directory) -> bool:
    """Whether the JPEG streams inside are of a kind that the decoder need not know."""
    from verify4k.formats.jpeg.walk import read_structure

    if page.value(ifd.PHOTOMETRIC, 1) == YCBCR and page.value(ifd.PLANAR, 1) == 2:
        return True  # streams of each plane, perhaps subsampled: no decoder agrees with another
    offsets, counts = (page.values(tag) for tag in piece_tags(page))
    for at, length in zip(offsets[:1], counts[:1], strict=False):
        frame = read_structure(BytesReader(data[at : at + length])).frame
        return frame is not None and frame.process != ""
    return False
