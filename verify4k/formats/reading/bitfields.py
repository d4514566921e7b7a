"""Bitmaps whose colours are bit fields of any width, with alpha where a mask says so.

Pillow knows a few sets of masks and drops one-bit alpha; browsers read them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from verify4k.formats.facts import Size
    from verify4k.formats.pixels import Pixels


def unpack(
    data: bytes, start: int, size: Size, bits: int, masks: tuple[int, int, int, int], *, upwards: bool
) -> Pixels:
    """Decode uncompressed rows at ``start``, each padded to four bytes; ``upwards``: the last row first."""
    import numpy as np
    from PIL import Image

    from verify4k.formats.pixels import PillowPixels

    stride = (size.width * bits + 31) // 32 * 4
    kind = "<u2" if bits == 16 else "<u4"
    rows = np.frombuffer(data, "u1", stride * size.height, start).reshape(size.height, stride)
    samples = rows[:, : size.width * bits // 8].copy().view(kind)
    wanted = masks if masks[3] else masks[:3]
    picture = np.empty((size.height, size.width, len(wanted)), dtype=np.uint8)
    for number, mask in enumerate(wanted):
        picture[..., number] = _channel(samples, mask)
    if upwards:
        picture = picture[::-1]
    return PillowPixels(Image.fromarray(np.ascontiguousarray(picture)))


def _channel(samples: NDArray[Any], mask: int) -> NDArray[Any] | int:
    """Scale one field to 8 bits: full stays 255, what is below full stays below."""
    if not mask:
        return 0
    low = (mask & -mask).bit_length() - 1
    full = mask >> low
    if full & (full + 1):
        raise CannotRead(f"a bit field with gaps (0x{mask:08x}) is not supported")
    found = (samples & mask) >> low
    scaled: NDArray[Any] = found.astype("u8") * 255 // full
    return scaled
