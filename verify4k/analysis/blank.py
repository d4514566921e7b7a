"""One colour, or nearly: a render that came out empty, a placeholder, a fully transparent layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_NEAR_COLOUR = 3  # 8-bit levels from the commonest colour, what a lossy codec adds to one colour
_BLANK_SHARE = 0.9995  # of the pixels looked at
_LOOKED = 1 << 18  # pixels looked at, evenly spread


@dataclass(frozen=True, slots=True)
class Blank:
    """colour: 8-bit channels as stored. share: of the pixels within a few levels of it."""

    colour: tuple[int, ...]
    share: float
    sentence: str


def _sampled_pixels(pixels: Pixels) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """(count, channels): an even sample of about _LOOKED pixels."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    step = max(1, int(np.sqrt(full.shape[0] * full.shape[1] / _LOOKED)))
    return full[step // 2 :: step, step // 2 :: step].reshape(-1, full.shape[2])


def blank(pixels: Pixels) -> Blank | None:
    """What the one colour is, or None for a picture."""
    sample = _sampled_pixels(pixels)
    if not sample.size:
        return None
    unit = 1 if sample.dtype.itemsize == 1 else 257
    colour = np.median(sample, axis=0)
    if sample.shape[1] in (2, 4) and float((sample[:, -1] == 0).mean()) >= _BLANK_SHARE:
        return Blank(tuple(int(c) // unit for c in colour), 1.0, "every pixel is fully transparent")
    near = (np.abs(sample - colour) <= _NEAR_COLOUR * unit).all(axis=1)
    share = float(near.mean())
    if share < _BLANK_SHARE:
        return None
    named = tuple(int(c) // unit for c in colour)
    text = f"one colour, {named}" if share == 1.0 else f"one colour, {named}, on {share:.2%} of the picture"
    return Blank(named, share, text)
