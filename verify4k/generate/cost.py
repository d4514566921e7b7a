"""What a picture is expected to cost, before it is asked for; usage is read afterwards.

Prices: developers.openai.com model pages, 2026-11 (output $30, image input $8, text $5 per
million tokens). Token formula: found by the community, it reproduces the eleven published
measurements. Where no figure is known there is no estimate, rather than a wrong one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from verify4k.contract.model import Model
    from verify4k.formats.facts import Size
    from verify4k.routes.protocol.envelopes import Usage
    from verify4k.routes.protocol.profile import Profile

DATE = "2026-11-22"
_OUTPUT, _TEXT = 30, 5  # millionths of a dollar a token
_GRAIN = {"low": 16, "medium": 48, "high": 96}


class Estimate(NamedTuple):
    """Tokens and US dollars; None: unknown. ``at_least``: something unknown comes on top."""

    tokens: int | None
    dollars: float | None
    at_least: bool = False

    def __str__(self) -> str:
        if self.dollars is None:
            return "no estimate"
        tokens = f"{self.tokens:,} tokens, " if self.tokens is not None else ""
        return f"{tokens}{'at least ' if self.at_least else ''}${self.dollars:.3f}"


def output_tokens(size: Size, quality: str) -> int:
    """Return the output tokens of gpt-image-2 for one picture."""
    grain, short, long = _GRAIN[quality], min(size), max(size)
    short_grain = (2 * grain * short + long) // (2 * long)
    return -(-grain * short_grain * (2_000_000 + size.pixels) // 4_000_000)


def estimate(
    profile: Profile, model: Model, size: Size, quality: str, *, prompt: str, edit: bool
) -> Estimate:
    """Return what one picture costs by the profile's price, else by the tokens it needs."""
    if profile.price is not None:
        return Estimate(None, profile.price * profile.outputs)
    if profile.billing != "per-token" or quality not in model.priced:
        return Estimate(None, None)
    tokens = output_tokens(size, quality)
    text = -(-len(prompt) // 3)  # three characters a token: rather too many than too few
    more = edit or profile.kind == "openai-responses"
    return Estimate(tokens, (tokens * _OUTPUT + text * _TEXT) / 1e6, at_least=more)


def paid(profile: Profile, usage: Usage) -> float | None:
    """Return what the server's own count amounts to, where the price is known."""
    if profile.price is not None:
        return profile.price * profile.outputs
    if profile.billing != "per-token" or usage.output_tokens is None:
        return None
    if profile.kind == "openai-responses":
        return None  # what is counted there is the text model's, at its own prices; not the picture
    return round((usage.output_tokens * _OUTPUT + (usage.input_tokens or 0) * _TEXT) / 1e6, 6)
