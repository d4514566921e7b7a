"""What a million tokens of each model cost, in US dollars, as read on `CHECKED`; change it with its sources.

A model that is not listed has no known price, and neither has a kind of token that is None.
"""

from __future__ import annotations

from typing import NamedTuple

CHECKED = "2026-11-26"


class Prices(NamedTuple):
    """US dollars a million tokens, by kind. None: nobody has said."""

    text_in: float
    image_in: float
    image_out: float
    text_out: float | None
    source: str


_PAGES = "https://developers.openai.com/api/docs/models (2026-11)"
_OLDER = "https://platform.openai.com/docs/pricing (2026), as quoted by LiteLLM's table of prices"

_SECOND = Prices(text_in=5, image_in=8, image_out=30, text_out=None, source=_PAGES)
_15 = Prices(text_in=5, image_in=8, image_out=32, text_out=10, source=_OLDER)
_MINI = Prices(text_in=2, image_in=2.5, image_out=8, text_out=None, source=_OLDER)
_FIRST = Prices(text_in=5, image_in=10, image_out=40, text_out=None, source=_OLDER)

_GOOGLE = "https://ai.google.dev/gemini-api/docs/pricing (2026-11)"
_PRO = Prices(text_in=2, image_in=2, image_out=120, text_out=12, source=_GOOGLE)
_FLASH = Prices(text_in=0.5, image_in=0.5, image_out=60, text_out=3, source=_GOOGLE)

PRICES: dict[str, Prices] = {
    "gpt-image-2": _SECOND,
    "gpt-image-2-2026-04-21": _SECOND,
    "gpt-image-2.5-sunburst": _SECOND,
    "gpt-image-2.5-sunburst-2026-09-08": _SECOND,
    "gpt-image-2.5-flare": _SECOND,
    "gpt-image-2.5-flare-2026-09-08": _SECOND,
    "gpt-image-2.6-sunburst": _SECOND,
    "gpt-image-2.6-flare": _SECOND,
    "gpt-image-1.5": _15,
    "gpt-image-1.5-2025-12-16": _15,
    "gpt-image-1-mini": _MINI,
    "gpt-image-1": _FIRST,
    "gemini-3-pro-image": _PRO,
    "gemini-3-pro-image-preview": _PRO,
    "gemini-3.1-flash-image": _FLASH,
    "gemini-3.1-flash-image-preview": _FLASH,
    "gemini-2.5-flash-image": Prices(text_in=0.3, image_in=0.3, image_out=30, text_out=2.5, source=_GOOGLE),
}

# US dollars a picture, where that is billed: https://docs.byteplus.com/en/docs/ModelArk/1544106 (2026-11)
PER_PICTURE: dict[str, float] = {"seedream-4-5-251128": 0.04, "seedream-4-0-250828": 0.03}

# further output tokens for each partial picture: https://developers.openai.com/api/docs/guides/image-generation
PARTIAL_TOKENS = 100
