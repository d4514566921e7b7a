"""What a million tokens of each model cost, in US dollars: dated data, each with its source.

`CHECKED` is when every line was last compared with its source, ``read`` when the source was published or
read. A model that is not listed has no known price, and neither has a kind of token that is None: a figure
that only memory has stands nowhere here. Where two pages differ the dearer figure is taken.
"""

from __future__ import annotations

from verify4k.named_tuple import NamedTuple

CHECKED = "2026-11-27"


class Source(NamedTuple):
    """Where a figure stands, and the date of that page."""

    address: str
    read: str


class Prices(NamedTuple):
    """US dollars a million tokens, by kind. None: nobody has said."""

    text_in: float
    image_in: float
    image_out: float
    text_out: float | None
    source: Source


_MODELS = "https://developers.openai.com/api/docs/models"

# $5, $8 and $30 stand on OpenAI's own page; that 2 and 2.5 cost the same, in Apidog's reading of their prices
_26 = Prices(5, 8, 30, None, Source(f"{_MODELS}/gpt-image-2.6-sunburst", "2026-11"))
_25 = Prices(5, 8, 30, None, Source("https://apidog.com/blog/gpt-image-2-5-api/", "2026-09-09"))
# $8 and $32 by LLM Reference, $5 and $10 by APIYI: OpenAI's own page is not at hand
_15 = Prices(
    5, 8, 32, 10, Source("https://www.llmreference.com/model/gpt-image-1.5/openai-api", "2026-05-10")
)
_MINI = Prices(2, 2.5, 8, None, Source(f"{_MODELS}/gpt-image-1-mini", "2026-11"))
_FIRST = Prices(5, 10, 40, None, Source(f"{_MODELS}/gpt-image-1", "2026-11"))

_GOOGLE = "https://ai.google.dev/gemini-api/docs/pricing"
_PRO = Prices(2, 2, 120, 12, Source(_GOOGLE, "2026-09-20"))
# pictures out cost $60 wherever one looks; text costs half of this on one of Google's pages
_FLASH = Prices(0.5, 0.5, 60, 3, Source(_GOOGLE, "2026-03"))
# $0.30 and $30 (1290 tokens, $0.039 a picture) as software of that month quotes Google's page
_FLASH_25 = Prices(0.3, 0.3, 30, None, Source(_GOOGLE, "2026-02"))

PRICES: dict[str, Prices] = {
    "gpt-image-2": _25,
    "gpt-image-2-2026-04-21": _25,
    "gpt-image-2.5-sunburst": _25,
    "gpt-image-2.5-sunburst-2026-09-08": _25,
    "gpt-image-2.5-flare": _25,
    "gpt-image-2.5-flare-2026-09-08": _25,
    "gpt-image-2.6-sunburst": _26,
    "gpt-image-2.6-flare": _26,
    "gpt-image-1.5": _15,
    "gpt-image-1.5-2025-12-16": _15,
    "gpt-image-1-mini": _MINI,
    "gpt-image-1": _FIRST,
    "gemini-3-pro-image": _PRO,
    "gemini-3-pro-image-preview": _PRO,
    "gemini-3.1-flash-image": _FLASH,
    "gemini-3.1-flash-image-preview": _FLASH,
    "gemini-2.5-flash-image": _FLASH_25,
}


class PerPicture(NamedTuple):
    """US dollars a picture, where that is billed."""

    dollars: float
    source: Source


_ARK = Source("https://docs.byteplus.com/en/docs/ModelArk/1544106", "2026-04-30")
PER_PICTURE: dict[str, PerPicture] = {
    "seedream-4-5-251128": PerPicture(0.04, _ARK),
    "seedream-4-0-250828": PerPicture(0.03, _ARK),
}

# further output tokens for each partial picture of a stream, by Apidog's reading of OpenAI's guide
PARTIAL_TOKENS = 100
PARTIAL_SOURCE = Source("https://apidog.com/blog/gpt-image-2-5-api/", "2026-09-09")
