"""The first page of a TIFF as pixels, read by Pillow from a directory that we write ourselves.

The rewritten directory names only what decoding needs. So no odd tag, no chain of pages and
no orientation reaches Pillow, and deep or unusual samples can be asked for as plain bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats import tiff_ifd as ifd
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.tiff import page_samples
from verify4k.formats.tiff_walk import check_page

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from verify4k.formats.facts import Header
    from verify4k.pixels import Pixels

_KEEP = (
    *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325),
    *(332, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 532, 34675),
)
_SURE = (1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000)  # what every Pillow wheel decodes
_NOT_BYTES = (6, 7, 34676, 34677, 50001, 50002, 34887)  # compressed as pictures, not as bytes


def decode_page(data: bytes, header: Header) -> Pixels:
    """Decode with Pillow; samples it cannot show at their depth are unpacked here."""
    from verify4k.formats.decoding import guard_size

    guard_size(header.stored)
    page = ifd.first_directory(BytesReader(data))
    faults = check_page(page, first=True)
    if faults:
        raise Damaged(faults[0])
    samples, photometric = page_samples(page)
    bits = set(page.values(ifd.BITS)[:samples])
    plain = photometric in (0, 1, 2) and bits in ({8}, {16}) and set(page.values(ifd.SAMPLE_FORMAT)) <= {1}
    plain = plain and page.value(266, 1) == 1 and page.value(ifd.COMPRESSION, 1) not in _NOT_BYTES
    if plain and bits == {16} and samples > 1:
        return _unpack(data, page, header, samples)
    try:
        return _whole(data, page, header)
    except CannotRead:
        if not plain or samples > 16:
            raise
        return _unpack(data, page, header, samples)


def _whole(data: bytes, page: ifd.Directory, header: Header) -> Pixels:
    from verify4k.formats.decoding import DECODER_ERRORS, broken, open_with
    from verify4k.pixels import PillowPixels

    compression = page.value(ifd.COMPRESSION, 1)
    try:
        image = open_with("Tiff", rewrite(data, page, {}))
    except DECODER_ERRORS as error:
        raise CannotRead(f"this kind of TIFF is not supported: {str(error)!a}"[:200]) from error
    if image.size != header.stored:
        raise Damaged(f"the header promises {header.stored}, the decoder finds {Size(*image.size)}")
    try:
        image.load()
    except DECODER_ERRORS as error:
        if compression not in _SURE:
            raise CannotRead(f"TIFF compression {compression} is not supported") from error
        raise broken(error) from error
    return PillowPixels(image)


def _unpack(data: bytes, page: ifd.Directory, header: Header, samples: int) -> Pixels:
    """Let the decoder undo the compression only, and put samples together here."""
    import numpy as np

    from verify4k.pixels import ArrayPixels

    depth = header.bit_depth
    if page.value(ifd.PREDICTOR, 1) not in (1, 2):
        raise CannotRead("a TIFF with a floating-point predictor is not supported")
    if page.value(ifd.PLANAR, 1) == 2:
        planes = [_plane(data, page, header.stored, 1, depth, number) for number in range(samples)]
        array = np.concatenate(planes, axis=2)
    else:
        array = _plane(data, page, header.stored, samples, depth, None)
    colours = 3 if header.mode == "rgb" else 1
    kinds = page.values(ifd.EXTRA_SAMPLES) or (2,)
    keep = list(range(colours))
    if header.alpha:
        keep.append(colours + next((at for at, kind in enumerate(kinds) if kind in (1, 2)), 0))
    if page.value(ifd.PHOTOMETRIC, 1) == 0:
        array[..., 0] = ~array[..., 0]
    array = np.ascontiguousarray(array[..., keep])
    return ArrayPixels(array[..., 0] if len(keep) == 1 else array, alpha=header.alpha)


def _plane(
    data: bytes, page: ifd.Directory, size: Size, samples: int, depth: int, plane: int | None
) -> NDArray[Any]:
    """Return one plane (or all samples, interleaved), with the predictor undone."""
    import numpy as np

    tiled = ifd.TILE_OFFSETS in page.entries
    step = samples * depth // 8  # bytes a pixel
    tile = Size(page.value(ifd.TILE_WIDTH, size.width), page.value(ifd.TILE_LENGTH, size.height))
    image = _bytes(data, page, size, step, plane)
    kind = np.dtype(np.uint16 if depth == 16 else np.uint8).newbyteorder(
        "<" if page.order == "little" else ">"
    )
    array = np.asarray(image).reshape(size.height, size.width * step).view(kind)
    array = array.reshape(size.height, size.width, samples).astype(kind.newbyteorder("="))
    if page.value(ifd.PREDICTOR, 1) == 2:
        width = tile.width if tiled else size.width
        for at in range(0, size.width, width):  # differences start anew in every tile
            part = array[:, at : at + width]
            np.cumsum(part, axis=1, dtype=array.dtype, out=part)
    return array


def _bytes(data: bytes, page: ifd.Directory, size: Size, step: int, plane: int | None) -> Any:
    """Return a gray 8-bit picture, ``step`` pixels wide for one of the page's."""
    from verify4k.formats.decoding import DECODER_ERRORS, broken, open_with

    tiled = ifd.TILE_OFFSETS in page.entries
    changes: dict[int, tuple[int, ...]] = {
        ifd.WIDTH: (size.width * step,),
        ifd.BITS: (8,),
        ifd.PHOTOMETRIC: (1,),
        ifd.SAMPLES: (1,),
        ifd.PLANAR: (1,),
        ifd.PREDICTOR: (1,),
        ifd.EXTRA_SAMPLES: (),
        ifd.SAMPLE_FORMAT: (1,),
    }
    if tiled:
        changes[ifd.TILE_WIDTH] = (page.value(ifd.TILE_WIDTH, 1) * step,)
    if plane is not None:
        for tag in (ifd.TILE_OFFSETS, ifd.TILE_COUNTS) if tiled else (ifd.STRIP_OFFSETS, ifd.STRIP_COUNTS):
            values = page.values(tag)
            number = len(values) // page_samples(page)[0]
            changes[tag] = values[plane * number : (plane + 1) * number]
    try:
        image = open_with("Tiff", rewrite(data, page, changes))
        image.load()
    except DECODER_ERRORS as error:
        if page.value(ifd.COMPRESSION, 1) not in _SURE:
            raise CannotRead(f"TIFF compression {page.value(ifd.COMPRESSION, 1)} is not supported") from error
        raise broken(error) from error
    return image


def rewrite(data: bytes, page: ifd.Directory, changes: dict[int, tuple[int, ...]]) -> bytes:
    """Return the file with a new directory at its end: kept tags, with ``changes`` (() removes)."""
    order, big = page.order, page.big
    width = 8 if big else 4
    start = len(data) + (-len(data) % 8)
    tags = sorted((set(_KEEP) & page.entries.keys()) | {tag for tag, values in changes.items() if values})
    tags = [tag for tag in tags if changes.get(tag, (0,))]
    entry_size, count_size = (20, 8) if big else (12, 2)
    tail = start + count_size + len(tags) * entry_size + width
    body, extra = len(tags).to_bytes(count_size, order), b""
    for tag in tags:
        if tag in changes:
            kind, values = (16 if big else 4), changes[tag]
            value = b"".join(number.to_bytes(width, order) for number in values)
            count = len(values)
            if len(value) > width:
                extra, value = extra + value, (tail + len(extra)).to_bytes(width, order)
        else:
            entry = page.entries[tag]
            kind, count = entry.kind, entry.number
            value = data[entry.at : entry.at + width] if entry.inline else entry.at.to_bytes(width, order)
        body += tag.to_bytes(2, order) + kind.to_bytes(2, order) + count.to_bytes(width, order) + value
    head = data[:8] + start.to_bytes(8, order) if big else data[:4] + start.to_bytes(4, order)
    return b"".join((head, data[len(head) :], bytes(start - len(data)), body, bytes(width), extra))
