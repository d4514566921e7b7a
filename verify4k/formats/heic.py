"""HEIC: HEIF boxes around HEVC, decoded by pillow-heif (an extra)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged, MissingTool
from verify4k.formats.facts import BytesReader
from verify4k.formats.heif import container
from verify4k.formats.heif.brands import recognize
from verify4k.formats.limits import DEFAULT, guard
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from verify4k.formats.facts import Header, Reader, Size
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels
    from verify4k.formats.reading.isobmff import Meta

FORMAT = Format(
    "heic",
    suffixes=(".heic", ".heics", ".heif", ".heifs", ".hif"),
    media_types=("image/heic", "image/heic-sequence", "image/heif", "image/heif-sequence"),
    recognize=recognize,
)

walk, timing, gain_map = container.walk, container.timing, container.gain_map
sampling = container.sampling


def header(reader: Reader) -> Header:
    """Return the primary item's facts."""
    from verify4k.formats.heif.header import read_header

    return read_header(reader, "heic")


def quantiser(reader: Reader) -> int | None:
    """Return how coarsely the primary item is quantised, 0 to 51; None where it does not tell."""
    from verify4k.formats.heif.hevc_quantiser import quantiser as slice_quantiser

    return slice_quantiser(reader)


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of the picture, and of its gain map where there is one."""
    from verify4k.formats.heif.gain_map import heif_pictures

    return heif_pictures(reader, "heic")


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the primary item, in stored orientation."""
    from verify4k.formats.heif.header import read_parts
    from verify4k.formats.heif.items import coded_item, turns

    guard(header, len(data), limits)
    parts = read_parts(BytesReader(data))
    if parts.meta is None:
        raise CannotRead("a HEIC sequence without a still picture is not decoded")
    item = parts.meta.items.get(coded_item(parts.meta, parts.meta.primary))
    if item is None:
        raise Damaged("the primary item does not exist, or is made of items that do not")
    kind = item.kind
    if kind == b"av01":  # a file of brand mif1 may hold AV1; libavif wants to see its own brand
        from verify4k.formats.avif import decode as decode_av1

        return decode_av1(b"".join((data[:8], b"avif", data[12:])), header, colour=colour, limits=limits)
    if kind not in (b"hvc1", b"hev1"):
        raise CannotRead(f"an image coded as {kind.decode('latin-1')!a} is not supported")
    others = {
        size for item in parts.meta.items if item != parts.meta.primary for size in _sizes(parts.meta, item)
    }
    return _decode(data, header, turns(parts.meta, parts.meta.primary), others)


def _sizes(meta: Meta, item: int) -> tuple[Size, ...]:
    """Sizes that another item would show: a decoder that picks it is not the one to say what is damaged."""
    from verify4k.formats.heif.items import size_of

    with suppress(Damaged):
        size = size_of(meta, item)
        return size, size.turned
    return ()


def _decode(data: bytes, header: Header, applied: int, others: set[Size]) -> Pixels:
    try:
        import pillow_heif
    except ImportError as error:
        raise MissingTool("HEIC needs pillow-heif", 'pip install "verify4k[heic]"') from error
    from verify4k.formats.decoding import DECODER_ERRORS, broken, refused
    from verify4k.formats.pixels import ArrayPixels

    try:
        import numpy as np

        # 16 bits are needed where almost opaque has to be told from opaque, and cost twice the memory
        opened = pillow_heif.open_heif(data, convert_hdr_to_8bit=not header.alpha)
        picture = opened[opened.primary_index]
        array = np.asarray(picture)
    except MemoryError as error:
        raise broken(error) from error
    except DECODER_ERRORS as error:
        raise refused(error) from error
    height, width = array.shape[:2]
    if (width, height) != header.displayed:
        if (width, height) in others:
            raise CannotRead(f"the decoder shows another item ({width}x{height}) than the primary one")
        raise Damaged(f"the header promises {header.displayed}, the decoder finds {width}x{height}")
    if array.dtype.itemsize == 2:
        # samples stand in the upper bits: repeat them below, so that full is 65535
        array = array | (array >> header.bit_depth)
    return ArrayPixels(_unturn(array, applied), alpha=picture.mode.split(";")[0] in ("RGBA", "LA", "RGBa"))


def _unturn(array: NDArray[Any], applied: int) -> NDArray[Any]:
    """Undo ``irot`` and ``imir``, given as the Exif orientation of the same effect."""
    import numpy as np

    quarter_turns = {3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}.get(applied, 0)
    if applied in (2, 4, 5, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(np.rot90(array, quarter_turns))
