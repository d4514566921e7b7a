"""TIFF samples of any width as arrays: the decoder undoes the compression, we do the rest.

Pillow has no mode for gray with alpha at 16 bits, for RGB at 4 or 32, for CMYK at 2, and it
drops RGBA at 16 bits to 8. As a gray 8-bit picture whose pixels are bytes it reads them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import YCBCR, is_tiled, page_samples, piece_tags, sampled
from verify4k.formats.tiff.rewrite import rewrite

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from PIL.ImageFile import ImageFile

    from verify4k.formats.facts import Header
    from verify4k.formats.pixels import Pixels

SURE = (1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000)  # what every Pillow wheel decodes
_NOT_BYTES = (2, 3, 4, 6, 7, 32771, 34661, 34676, 34677, 50001, 50002, 34887)  # coded as pictures
_UNSIGNED, _FLOAT = 1, 3
_LIMIT_SAMPLES = 16
_BLOCK = 1 << 22  # bits that are unpacked at once, a byte each


def can_unpack(page: ifd.Directory) -> bool:
    """Whether `unpack` knows these samples."""
    samples, photometric = page_samples(page)
    bits, formats = set(page.values(ifd.BITS)[:samples] or (1,)), set(page.values(ifd.SAMPLE_FORMAT)) or {1}
    return (
        (photometric in (0, 1, 2, 5) or _differences(page, photometric))
        and samples <= _LIMIT_SAMPLES
        and len(bits) == 1
        and page.value(ifd.COMPRESSION, 1) not in _NOT_BYTES
        and ((formats == {_UNSIGNED} and max(bits) <= 32) or (formats == {_FLOAT} and bits <= {16, 32, 64}))
    )


def _differences(page: ifd.Directory, photometric: int) -> bool:
    """Whether it is brightness and colour differences in planes of their own, each as fine as the other."""
    apart = page.value(ifd.PLANAR, 1) == 2 and page_samples(page)[0] >= 3
    bytes_each = set(page.values(ifd.BITS)) == {8}
    return photometric == YCBCR and apart and bytes_each and sampled(page) == (1, 1)


def unpack(data: bytes, page: ifd.Directory, header: Header) -> Pixels:
    """Return colours and alpha as 8-bit samples, or as 16-bit ones where they are deeper."""
    import numpy as np
    from PIL import Image

    from verify4k.formats.pixels import ArrayPixels, PillowPixels

    samples, photometric = page_samples(page)
    if page.value(ifd.PLANAR, 1) == 2 and samples > 1:
        planes = [_plane(data, page, header, 1, number) for number in range(samples)]
        array = np.concatenate(planes, axis=2)
    else:
        array = _plane(data, page, header, samples, None)
    colours = {2: 3, 5: 4, YCBCR: 3}.get(photometric, 1)
    picture = array[..., :colours]
    if photometric == YCBCR:
        picture = np.asarray(Image.fromarray(np.ascontiguousarray(picture), "YCbCr").convert("RGB"))
    if photometric == 0:
        picture = ~picture
    elif photometric == 5:
        full = np.iinfo(array.dtype).max
        black = (full - picture[..., 3:]).astype(np.uint32)
        picture = ((full - picture[..., :3]) * black // full).astype(array.dtype)
    if header.alpha:
        kinds = page.values(ifd.EXTRA_SAMPLES)
        extra = next((at for at, kind in enumerate(kinds) if kind in (1, 2)), 0)
        picture = np.concatenate((picture, array[..., colours + extra, None]), axis=2)
    picture = np.ascontiguousarray(picture)
    picture = picture[..., 0] if picture.shape[2] == 1 else picture
    if picture.dtype == np.uint8:  # held as Pillow's own pictures are, so that they compare
        return PillowPixels(Image.fromarray(picture))
    return ArrayPixels(picture, alpha=bool(header.alpha))


def _plane(data: bytes, page: ifd.Directory, header: Header, samples: int, plane: int | None) -> NDArray[Any]:
    """Return one plane (or all samples, interleaved) as 8 or 16-bit numbers."""
    import numpy as np

    bits, size = page.value(ifd.BITS, 1), header.stored
    step = samples * bits
    tiled = is_tiled(page)
    if tiled and (page.value(ifd.TILE_WIDTH, 1) * step) % 8:
        raise CannotRead("tiles that end inside a byte are not supported")
    row = -(-size.width * step // 8)
    floating = page.value(ifd.PREDICTOR, 1) == 3
    # bytes of a floating-point row are spread over the whole tile, its unused part as well
    edge = page.value(ifd.TILE_WIDTH, 1) * step // 8 if tiled and floating else row
    whole = -(-row // edge) * edge
    rows = np.asarray(_bytes(data, page, step, whole, plane)).reshape(size.height, whole)
    if bits in (8, 16, 32, 64):
        kind = "f" if page.value(ifd.SAMPLE_FORMAT, 1) == _FLOAT else "u"
        order = "<" if page.order == "little" else ">"
        if kind == "f" and floating:
            rows, order = _undo_float_predictor(rows, edge, samples, bits // 8), ">"
            rows = np.ascontiguousarray(rows[:, :row])
        array = rows.view(f"{order}{kind}{bits // 8}").reshape(size.height, size.width, samples)
        array = array.astype(array.dtype.newbyteorder("="))
        _undo_predictor(array, page, tiled=tiled)
        return _scale(array, bits)
    if page.value(ifd.PREDICTOR, 1) != 1:
        raise CannotRead(f"a TIFF predictor over {bits}-bit samples is not supported")
    return _split(rows, size.width * samples, bits).reshape(size.height, size.width, samples)


def _undo_predictor(array: NDArray[Any], page: ifd.Directory, *, tiled: bool) -> None:
    """Section 14: samples are differences to their left neighbour; every tile starts anew."""
    import numpy as np

    predictor = page.value(ifd.PREDICTOR, 1)
    if predictor == 1 or (predictor == 3 and array.dtype.kind == "f"):
        return
    if predictor != 2 or array.dtype.kind != "u":
        raise CannotRead(f"TIFF predictor {predictor} is not supported for these samples")
    width = page.value(ifd.TILE_WIDTH, 1) if tiled else array.shape[1]
    for at in range(0, array.shape[1], width):
        part = array[:, at : at + width]
        np.cumsum(part, axis=1, dtype=array.dtype, out=part)


def _undo_float_predictor(rows: NDArray[Any], width: int, samples: int, size: int) -> NDArray[Any]:
    """Adobe's TIFF technical note 3: bytes of equal weight stand together, then differ."""
    import numpy as np

    result = np.empty_like(rows)
    for at in range(0, rows.shape[1], width):
        part = rows[:, at : at + width].reshape(len(rows), -1, samples)
        summed = np.cumsum(part, axis=1, dtype=np.uint8).reshape(len(rows), size, -1)
        result[:, at : at + width] = summed.transpose(0, 2, 1).reshape(len(rows), -1)
    return result


def _scale(array: NDArray[Any], bits: int) -> NDArray[Any]:
    """Make 8 or 16 bits of it; what was below full stays below full."""
    import numpy as np

    if array.dtype.kind == "f":
        with np.errstate(all="ignore"):  # half floats overflow, and any may hold infinity
            wide = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
            low, high = min(0.0, float(wide.min())), max(1.0, float(wide.max()))  # light may exceed white
            deep: NDArray[Any] = ((wide - low) / (high - low) * 65535).astype(np.uint16)
        return deep
    if bits <= 16:
        return array
    return np.where(array == 0xFFFFFFFF, 65535, np.minimum(array >> 16, 65534)).astype(np.uint16)


def _split(rows: NDArray[Any], count: int, bits: int) -> NDArray[Any]:
    """Split rows of bytes into ``count`` numbers of ``bits`` bits, most significant first."""
    import numpy as np

    target = np.uint8 if bits <= 8 else np.uint16
    full, most = (1 << bits) - 1, int(np.iinfo(target).max)
    weights = (1 << np.arange(bits - 1, -1, -1)).astype(np.uint64)
    result = np.empty((len(rows), count), dtype=target)
    height = max(1, _BLOCK // max(1, rows.shape[1] * 8))
    for at in range(0, len(rows), height):
        single = np.unpackbits(rows[at : at + height], axis=1)[:, : count * bits]
        numbers = single.reshape(-1, count, bits) @ weights
        result[at : at + height] = numbers * np.uint64(most) // np.uint64(full)
    return result


def _bytes(data: bytes, page: ifd.Directory, step: int, row: int, plane: int | None) -> ImageFile:
    """Return a gray 8-bit picture: ``row`` bytes a row, ``step`` bits for one of the page's pixels."""
    from verify4k.formats.decoding import DECODER_ERRORS, broken, open_with

    tiled = is_tiled(page)
    changes: dict[int, tuple[int, ...]] = {
        ifd.WIDTH: (row,),
        ifd.BITS: (8,),
        ifd.PHOTOMETRIC: (1,),
        ifd.SAMPLES: (1,),
        ifd.PLANAR: (1,),
        ifd.PREDICTOR: (1,),
        ifd.EXTRA_SAMPLES: (),
        ifd.SAMPLE_FORMAT: (1,),
    }
    if tiled:
        changes[ifd.TILE_WIDTH] = (page.value(ifd.TILE_WIDTH, 1) * step // 8,)
    if plane is not None:
        for tag in piece_tags(page):
            values = page.values(tag)
            number = len(values) // page_samples(page)[0]
            changes[tag] = values[plane * number : (plane + 1) * number]
    try:
        image = open_with("Tiff", rewrite(data, page, changes))
        image.load()
    except DECODER_ERRORS as error:
        compression = page.value(ifd.COMPRESSION, 1)
        if compression not in SURE:
            raise CannotRead(f"TIFF compression {compression} is not supported") from error
        raise broken(error) from error
    return image
