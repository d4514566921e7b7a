"""One colour, or nearly: a render that came out empty, a placeholder, a fully transparent layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median
from verify4k.analysis.results import NEAR_COLOUR, Blank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

_UNSEEN = 2  # 8-bit levels of alpha, below 1 %: nobody sees what is under them
_BLANK_SHARE = 0.9995  # of the pixels looked at
_LOOKED = 1 << 18  # pixels looked at, evenly spread
_GLANCED = 1024  # and of these at first


def _sampled_pixels(pixels: Pixels) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """(rows, columns, channels): an even sample of about _LOOKED pixels."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    step = max(1, int(np.sqrt(full.shape[0] * full.shape[1] / _LOOKED)))
    return full[step // 2 :: step, step // 2 :: step]


def blank(pixels: Pixels) -> Blank | None:
    """What the one colour is, or None for a picture."""
    spread = _sampled_pixels(pixels)
    if not spread.size:
        return None
    unit = 1 if spread.dtype.itemsize == 1 else 257
    if _surely_varied(spread, NEAR_COLOUR * unit, _UNSEEN * unit):
        return None
    sample = spread.reshape(-1, spread.shape[2])
    colour = median(sample, axis=0)
    clear = float((sample[:, -1] <= _UNSEEN * unit).mean()) if sample.shape[1] in (2, 4) else 0.0
    if clear >= _BLANK_SHARE:
        how = "nearly" if sample[:, -1].any() else "fully"
        text = f"every pixel is {how} transparent" if clear == 1.0 else f"nothing on {_percent(clear)} of it"
        return Blank(tuple(int(c) // unit for c in colour), clear, text, clear=True)
    near = (np.abs(sample - colour) <= NEAR_COLOUR * unit).all(axis=1)
    share = float(near.mean())
    if share < _BLANK_SHARE:
        return None
    named = tuple(int(c) // unit for c in colour)
    text = f"one colour, {named}" if share == 1.0 else f"one colour, {named}, on {_percent(share)} of it"
    return Blank(named, share, text)


def _percent(share: float) -> str:
    """Rounded down: 100 % is said of all pixels only."""
    return f"{int(share * 10_000) / 100:.2f}%"


def _surely_varied(sample: NDArray[np.uint8] | NDArray[np.uint16], near: int, unseen: int) -> bool:
    """Whether so many of a few pixels are unlike each other that the picture cannot be blank.

    Of a blank sample only so many may be elsewhere, were they all among these few: the others lie within
    ``near`` of one colour, twice that apart at most.
    """
    step = max(1, int(np.sqrt(sample.shape[0] * sample.shape[1] / _GLANCED)))
    few = np.sort(sample[::step, ::step].reshape(-1, sample.shape[2]).astype(np.int32), axis=0)
    outside = int((1 - _BLANK_SHARE) * sample.shape[0] * sample.shape[1]) + 1
    if len(few) <= outside:
        return False
    if sample.shape[2] in (2, 4) and few[len(few) - 1 - outside, -1] <= unseen:
        return False
    together = few[len(few) - 1 - outside :] - few[: outside + 1]
    return bool((together.min(axis=0) > 2 * near).any())
