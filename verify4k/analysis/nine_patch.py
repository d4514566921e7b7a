"""The one-pixel frame of an Android nine-patch: what stretches, what holds content.

As AOSP's aapt2 reads it (tools/aapt2/compile/NinePatch.cpp): the upper left pixel says whether the rest of
the frame is clear or white; marks are black, or red at right and bottom, for optical bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_BLACK, _WHITE, _RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)
_SIDES = ("left", "top", "right", "bottom")


def faults(pixels: Pixels, *, alpha: bool) -> Iterator[str]:
    """Yield what is wrong with the frame, one sentence a side."""
    rgba = _rgba(pixels, alpha=alpha)
    height, width = rgba.shape[:2]
    if min(width, height) < 3:
        yield "there is no room for a frame and a picture"
        return
    corner = tuple(int(value) for value in rgba[0, 0])
    if corner[3] and corner != (*_WHITE, 255):
        yield "the upper left corner is neither clear nor white"
        return
    lines = dict(zip(_SIDES, (rgba[:, 0], rgba[0], rgba[:, -1], rgba[-1]), strict=True))
    for name, line in lines.items():
        yield from _side(name, line, clear=corner[3] == 0)


def _side(name: str, line: NDArray[np.uint8], *, clear: bool) -> Iterator[str]:
    opaque = line[:, 3] == 255
    black = opaque & (line[:, :3] == _BLACK).all(axis=1)
    plain = line[:, 3] == 0 if clear else opaque & (line[:, :3] == _WHITE).all(axis=1)
    bounds = (
        opaque & (line[:, :3] == _RED).all(axis=1) if name in ("right", "bottom") else np.zeros_like(black)
    )
    strange = np.flatnonzero(~(black | plain | bounds))
    if len(strange):
        colour = ", ".join(str(int(value)) for value in line[strange[0]])
        rest = "clear" if clear else "white"
        yield f"the {name} side is neither black nor {rest} at pixel {strange[0]} (RGBA {colour})"
        return
    if black[0] or black[-1]:
        yield f"the {name} side is marked in a corner"
    runs = int((np.diff(np.concatenate([[False], black]).astype(np.int8)) == 1).sum())
    if name in ("left", "top") and not runs:
        yield f"nothing on the {name} side says what stretches"
    if name in ("right", "bottom") and runs > 1:
        yield f"the {name} side marks {runs} places for content: one at most is read"


def _rgba(pixels: Pixels, *, alpha: bool) -> NDArray[np.uint8]:
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    eight = (full >> 8 if full.dtype.itemsize == 2 else full).astype(np.uint8)
    has = alpha and eight.shape[2] in (2, 4)
    colours, rest = (eight[..., :-1], eight[..., -1:]) if has else (eight, np.full_like(eight[..., :1], 255))
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    return np.concatenate([colours[..., :3], rest], axis=2)
