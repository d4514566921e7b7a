"""Which pictures Google's Gemini models make: shapes by tier of size, with the tokens that each tier costs.

A request names a shape and a tier, never pixels, and 4K of 16:9 is 5504x3072, not 3840x2160. As read on
`CHECKED` in https://ai.google.dev/gemini-api/docs/image-generation (aspect ratios and image size) and
https://ai.google.dev/gemini-api/docs/pricing; where two pages differ the dearer figure is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKED = "2026-11-26"

_PRO = {  # shape -> 1K, 2K, 4K
    "1:1": ((1024, 1024), (2048, 2048), (4096, 4096)),
    "2:3": ((848, 1264), (1696, 2528), (3392, 5056)),
    "3:2": ((1264, 848), (2528, 1696), (5056, 3392)),
    "3:4": ((896, 1200), (1792, 2400), (3584, 4800)),
    "4:3": ((1200, 896), (2400, 1792), (4800, 3584)),
    "4:5": ((928, 1152), (1856, 2304), (3712, 4608)),
    "5:4": ((1152, 928), (2304, 1856), (4608, 3712)),
    "9:16": ((768, 1376), (1536, 2752), (3072, 5504)),
    "16:9": ((1376, 768), (2752, 1536), (5504, 3072)),
    "21:9": ((1584, 672), (3168, 1344), (6336, 2688)),
}
_LONG = {
    "1:4": ((512, 2048), (1024, 4096), (2048, 8192)),
    "4:1": ((2048, 512), (4096, 1024), (8192, 2048)),
    "1:8": ((384, 3072), (768, 6144), (1536, 12288)),
    "8:1": ((3072, 384), (6144, 768), (12288, 1536)),
}
_FIRST = {
    "1:1": ((1024, 1024),),
    "2:3": ((832, 1248),),
    "3:2": ((1248, 832),),
    "3:4": ((864, 1184),),
    "4:3": ((1184, 864),),
    "4:5": ((896, 1152),),
    "5:4": ((1152, 896),),
    "9:16": ((768, 1344),),
    "16:9": ((1344, 768),),
    "21:9": ((1536, 672),),
}
_REPORTED = {Size(512, 2064): ("1:4", "1K")}  # what comes for 1:4 at 1K: googleapis/js-genai#1682
_TIERS = ("1K", "2K", "4K")


class Frame(NamedTuple):
    """What a request names instead of pixels; ``tier`` is empty where the model has only one."""

    shape: str
    tier: str
    tokens: int


def _frames(
    shapes: Mapping[str, tuple[tuple[int, int], ...]], tokens: tuple[int, ...], *, tiers: bool
) -> dict[Size, Frame]:
    return {
        Size(*edges): Frame(shape, _TIERS[number] if tiers else "", tokens[number])
        for shape, sizes in shapes.items()
        for number, edges in enumerate(sizes)
    }


_OF_PRO = _frames(_PRO, (1120, 1120, 2000), tiers=True)
_OF_FLASH = _frames({**_PRO, **_LONG}, (1120, 1680, 2520), tiers=True)
_OF_FLASH |= {size: Frame(*named, _OF_FLASH[Size(512, 2048)].tokens) for size, named in _REPORTED.items()}

FRAMES: dict[str, dict[Size, Frame]] = {
    "gemini-3-pro-image": _OF_PRO,
    "gemini-3-pro-image-preview": _OF_PRO,
    "gemini-3.1-flash-image": _OF_FLASH,
    "gemini-3.1-flash-image-preview": _OF_FLASH,
    "gemini-2.5-flash-image": _frames(_FIRST, (1290,), tiers=False),
}


def frame(model: str, size: Size) -> Frame | None:
    """Return what to name for ``size``; None where the model does not make it."""
    return FRAMES.get(model, {}).get(size)


def frame_tokens(model: str, size: Size) -> int | None:
    """Return the output tokens of one picture; None where they are not known."""
    found = frame(model, size)
    return found.tokens if found else None
