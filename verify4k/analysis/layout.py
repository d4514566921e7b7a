"""Where the art lies on its canvas: corners, edges, the box around it, the frame of a nine-patch.

A picture comes as height x width (x channels), uint8 or uint16. Art is what differs from a background
that the outermost pixels agree on: transparency, or one flat colour. Where they do not agree there is
nothing to tell it from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median
from verify4k.analysis.results import Art, EdgeAlpha

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

    Array = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_FLAT = 24  # levels from the background's colour, or a corner's
_RINGING = 72  # the same where a codec lost detail: colour bleeds over a few pixels
_SHARP = 40  # levels by which art has to stand out from the corners, within a few pixels
_CLEAR = 8  # alpha below which a pixel shows nothing
_AGREE = 0.97  # share of the outermost pixels that have to have the background's colour
_SOFT = 4  # pixels that an anti-aliased boundary may take


def _eight(pixels: Pixels) -> Array:
    """(height, width, channels), 8 bits."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    return (full >> 8).astype(np.uint8) if full.dtype.itemsize == 2 else full.astype(np.uint8, copy=False)


def _split(pixels: Pixels, *, alpha: bool) -> tuple[Array, Array | None]:
    full = _eight(pixels)
    return (full[..., :-1], full[..., -1]) if alpha and full.shape[2] in (2, 4) else (full, None)


def _border(plane: Array) -> Array:
    """The outermost pixels of a plane, in one line."""
    rest = plane[1:-1]
    return np.concatenate([plane[0], plane[-1], rest[:, 0], rest[:, -1]])


def edges(pixels: Pixels, *, alpha: bool) -> EdgeAlpha:
    """How opaque corners and outermost pixels are."""
    opacity = _split(pixels, alpha=alpha)[1]
    if opacity is None:
        return EdgeAlpha((255, 255), (255, 255))
    corners, border = opacity[:: max(1, len(opacity) - 1), :: max(1, opacity.shape[1] - 1)], _border(opacity)
    return EdgeAlpha((int(corners.min()), int(corners.max())), (int(border.min()), int(border.max())))


def art(pixels: Pixels, *, alpha: bool, lossy: bool = False) -> Art | None:
    """Where the art is; None where no background tells it, or where there is nothing else.

    ``lossy``: a codec left traces of the art around it.
    """
    mask = _art_mask(pixels, _RINGING if lossy else _FLAT, alpha=alpha)
    if mask is None or not mask.any():
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = mask.shape
    left = mask[rows].argmax(axis=1)
    right = width - 1 - mask[rows, ::-1].argmax(axis=1)
    across = np.maximum(np.abs(left + 0.5 - width / 2), np.abs(right + 0.5 - width / 2))
    reach = float(np.hypot(across, rows + 0.5 - height / 2).max())
    x, y = int(columns[0]), int(rows[0])
    return Art((x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1), reach)


def _art_mask(pixels: Pixels, level: int, *, alpha: bool) -> Mask | None:
    colours, opacity = _split(pixels, alpha=alpha)
    if opacity is not None:
        border = _border(opacity)
        if float((border < _CLEAR).mean()) >= _AGREE:
            clear: Mask = opacity >= _CLEAR
            return clear
        if border.min() < 255:
            return None
    outer = _border(colours)
    background = median(outer, axis=0).astype(np.int16)
    if float((_apart(outer, background) <= _FLAT).mean()) < _AGREE:
        return None
    different: Mask = _apart(colours, background) > level
    return different


def _apart(colours: Array, colour: NDArray[np.int16]) -> NDArray[np.int16]:
    """The largest difference of any channel."""
    apart: NDArray[np.int16] = np.abs(colours.astype(np.int16) - colour).max(axis=-1)
    return apart


def rounded(pixels: Pixels, *, alpha: bool) -> int | None:
    """Radius of corners that are baked in: four alike, each cut off by an arc; None where they are square."""
    colours, opacity = _split(pixels, alpha=alpha)
    if opacity is not None:  # what shows nothing has one colour, whatever its channels say
        colours = np.dstack([np.where(opacity[..., None] < _CLEAR, 0, colours), opacity])
    radii = []
    for down in (1, -1):
        for across in (1, -1):
            radius = _corner(colours[::down, ::across])
            if radius is None:
                return None
            radii.append(radius)
    return int(median(radii)) if max(radii) <= 1.25 * min(radii) + 2 else None


def _corner(colours: Array) -> int | None:
    """Radius of the arc that cuts off the upper left corner; None where none does."""
    height, width = colours.shape[:2]
    half = min(height, width) // 2
    colour = colours[0, 0].astype(np.int16)
    across, down = _run(colours[0], colour), _run(colours[:, 0], colour)
    diagonal = np.arange(half)
    depth = _run(colours[diagonal, diagonal], colour)
    if across is None or down is None or depth is None:
        return None
    if not 3 <= min(across[0], down[0]) <= max(across[1], down[1]) <= half:
        return None
    radius = (across[1] + down[1]) / 2
    # a circle's arc meets the diagonal at 0.29 of its radius, Apple's at less; a straight cut at half
    arc = abs(across[1] - down[1]) <= 0.2 * radius + 1 and 0.08 * radius <= depth[1] <= 0.42 * radius + 1
    return round(radius) if arc else None


def _run(line: Array, colour: NDArray[np.int16]) -> tuple[int, int] | None:
    """How many pixels keep the colour, and where art stands half out of it; None where none does, sharply."""
    apart = _apart(line, colour)
    if not (apart > _FLAT).any():
        return None
    run = int((apart > _FLAT).argmax())
    soft = apart[
        run : run + _SOFT + int((2 * run) ** 0.5)
    ]  # where an arc leaves the edge, it fades over so many
    return (run, run + int((soft * 2 >= soft.max()).argmax())) if int(soft.max()) >= _SHARP else None
