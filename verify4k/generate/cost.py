"""What a picture is expected to cost, before it is asked for; usage is read afterwards.

Prices are data (`verify4k.contract.prices`). Token formula: found by the community, it reproduces
the eleven published measurements. Where no figure is known there is no estimate, rather than a
wrong one; where a part is not known, the rest is what it costs at least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.contract.gemini import frame_tokens
from verify4k.contract.prices import CHECKED, PARTIAL_TOKENS, PER_PICTURE, PRICES
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.contract.model import Model
    from verify4k.contract.prices import Prices
    from verify4k.formats.facts import Size
    from verify4k.routes.protocol.envelopes import Tokens, Usage
    from verify4k.routes.protocol.profile import Profile

DATE = CHECKED
_MILLION = 1e6
_GRAIN = {"low": 16, "medium": 48, "high": 96}


class Estimate(NamedTuple):
    """Tokens and US dollars; None: unknown. ``at_least``: something unknown comes on top."""

    tokens: int | None
    dollars: float | None
    at_least: bool = False

    def times(self, pictures: int) -> Estimate:
        """Return what so many pictures cost."""
        tokens = None if self.tokens is None else self.tokens * pictures
        return Estimate(tokens, None if self.dollars is None else self.dollars * pictures, self.at_least)

    def halved(self) -> Estimate:
        """Return the price in a batch."""
        return self._replace(dollars=None if self.dollars is None else self.dollars / 2)

    def __str__(self) -> str:
        if self.dollars is None:
            return "no estimate"
        tokens = f"{self.tokens:,} tokens, " if self.tokens is not None else ""
        return f"{tokens}{'at least ' if self.at_least else ''}${self.dollars:.3f}"


class Paid(NamedTuple):
    """US dollars by the server's own count; None: unknown. ``at_least``: something unknown comes on top."""

    dollars: float | None
    at_least: bool = False


def output_tokens(size: Size, quality: str) -> int:
    """Return the output tokens of gpt-image-2 for one picture."""
    grain, short, long = _GRAIN[quality], min(size), max(size)
    short_grain = (2 * grain * short + long) // (2 * long)
    return -(-grain * short_grain * (2_000_000 + size.pixels) // 4_000_000)


def estimate(
    profile: Profile, model: Model, size: Size, quality: str, *, prompt: str, edit: bool
) -> Estimate:
    """Return what one answer costs by the profile's price, else by the tokens that its pictures need."""
    if profile.price is not None:
        return Estimate(None, profile.price * profile.outputs)
    if profile.billing == "per-image" and model.name in PER_PICTURE:
        return Estimate(None, PER_PICTURE[model.name].dollars).times(profile.outputs)
    prices = PRICES.get(model.name)
    named = frame_tokens(model.name, size)
    if named is not None and prices is not None:
        text = -(-len(prompt) // 3)
        dollars = (named * prices.image_out + text * prices.text_in) / _MILLION
        return Estimate(named, dollars, at_least=edit).times(profile.outputs)
    if profile.billing != "per-token" or quality not in model.priced or prices is None:
        return Estimate(None, None)
    tokens = output_tokens(size, quality) + PARTIAL_TOKENS * (profile.stream or 0)
    text = -(-len(prompt) // 3)  # three characters a token: rather too many than too few
    more = edit or profile.kind == "openai-responses"
    dollars = (tokens * prices.image_out + text * prices.text_in) / _MILLION
    return Estimate(tokens, dollars, at_least=more).times(profile.outputs)


def paid(profile: Profile, model: str, usage: Usage, *, edit: bool) -> Paid:
    """Return what the server's own count amounts to, where the model's prices are known."""
    if profile.price is not None:
        return Paid(profile.price * profile.outputs)
    if profile.billing == "per-image" and model in PER_PICTURE:
        return Paid(PER_PICTURE[model].dollars * profile.outputs)
    prices, tokens = PRICES.get(model), usage.picture
    if profile.billing != "per-token" or prices is None or not tokens.total_out:  # 0: not counted
        return Paid(None)
    into, out = _input(prices, tokens, edit=edit), _output(prices, tokens)
    # a Responses answer counts the picture's tokens apart; the text model's own come on top, at its price
    more = into.at_least or out.at_least or profile.kind == "openai-responses"
    return Paid(round((into.dollars or 0.0) + (out.dollars or 0.0), 6), more)


def _input(prices: Prices, tokens: Tokens, *, edit: bool) -> Paid:
    """Price what went in; tokens that no kind claims are text, or with an edit at least as dear."""
    total, text, image = tokens.total_in, tokens.text_in, tokens.image_in
    if text is None and image is None:  # pictures to edit may be among them
        return Paid((total or 0) * prices.text_in / _MILLION, at_least=edit or total is None)
    untold = total is None and (text is None or (image is None and edit))
    if text is None:
        text = max(0, (total or 0) - (image or 0))
    if image is None:
        image = max(0, (total or 0) - text)
    rest = max(0, (total or 0) - text - image)
    dollars = ((text + rest) * prices.text_in + image * prices.image_in) / _MILLION
    return Paid(dollars, at_least=untold or (edit and rest > 0))


def _output(prices: Prices, tokens: Tokens) -> Paid:
    """Price what came out; no picture has no tokens, so 0 of them says that nobody has counted."""
    total, text = tokens.total_out or 0, tokens.text_out or 0
    image = tokens.image_out or max(0, total - text)
    rest = max(0, total - text - image)
    dollars = (image * prices.image_out + text * (prices.text_out or 0.0)) / _MILLION
    return Paid(dollars, at_least=rest > 0 or not image or (text > 0 and prices.text_out is None))
