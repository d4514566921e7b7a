"""A picture in little: mean colour and opacity of at most 64x64 cells, as the picture is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float32]

EDGE = 64


class Glance(NamedTuple):
    """What is kept of a picture to compare it with another one.

    Args:
        size: displayed width and height in pixels.
        light: rows x columns x 3, uint8, colour times opacity.
        raw: the same without opacity: also what transparent pixels hide; ``light`` itself where opaque.
        alpha: rows x columns, uint8; None: opaque.
    """

    size: tuple[int, int]
    light: NDArray[np.uint8]
    raw: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None


def glance(array: NDArray[Any], *, alpha: bool, orientation: int = 1) -> Glance:
    """Reduce pixels to cells.

    Args:
        array: height x width (x channels), uint8 or uint16; with ``alpha`` the last channel is opacity.
        alpha: whether there is opacity below full.
        orientation: how the array is to be turned to be as shown (Exif 2.32, tag 274).
    """
    if array.dtype.itemsize == 2:
        array = (array >> 8).astype(np.uint8)
    planes = array[..., None] if array.ndim == 2 else array
    channels = planes.shape[2]
    colours = planes[..., : channels - 1] if channels in (2, 4) else planes
    opacity = planes[..., -1] if alpha and channels in (2, 4) else None
    raw = _cells(colours)
    if opacity is None:
        light, cells = raw, None
    else:
        cells = _cells(opacity[..., None])[..., 0]
        weight = opacity[..., None].astype(np.uint16)
        light = _cells(((colours.astype(np.uint16) * weight + 127) // 255).astype(np.uint8))
    height, width = array.shape[:2]
    return Glance(
        (height, width) if orientation > 4 else (width, height),
        as_shown(light, orientation),
        as_shown(raw, orientation),
        None if cells is None else as_shown(cells, orientation),
    )


def as_shown(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn rows x columns as an Exif orientation says."""
    if orientation > 4:
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 7, 6):
        array = array[:, ::-1]
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return np.ascontiguousarray(array)


def _cells(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average over at most 64x64 cells of equal size; three channels where there are colours."""
    from PIL import Image

    height, width, channels = planes.shape
    size = (min(width, EDGE), min(height, EDGE))
    flat = np.ascontiguousarray(planes[..., 0] if channels == 1 else planes[..., :3])
    small = np.asarray(Image.fromarray(flat).resize(size, Image.Resampling.BOX))
    if small.ndim == 2:
        return small[..., None]
    return small


def resized(cells: Cells, columns: int, rows: int) -> Cells:
    """Average or spread cells over another grid, each channel by itself."""
    from PIL import Image

    if cells.ndim == 2:
        if cells.shape == (rows, columns):
            return cells
        kernel = Image.Resampling.BOX
        return np.asarray(Image.fromarray(cells).resize((columns, rows), kernel), dtype=np.float32)
    return np.stack([resized(cells[..., i], columns, rows) for i in range(cells.shape[2])], axis=-1)


def part(seen: Glance, box: tuple[float, float, float, float], size: tuple[int, int]) -> Glance:
    """Return what would be seen of a part alone: left, top, right, bottom in cells; its size in pixels."""

    def cut(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        from PIL import Image

        if cells.ndim == 3:
            return np.stack([cut(cells[..., i]) for i in range(cells.shape[2])], axis=-1)
        kernel = Image.Resampling.BOX
        return np.asarray(Image.fromarray(cells).resize(cells.shape[::-1], kernel, box))

    return Glance(size, cut(seen.light), cut(seen.raw), None if seen.alpha is None else cut(seen.alpha))
