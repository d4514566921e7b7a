"""Named sizes as dated data: what people mean by "4k landscape", all of them requestable.

Each is legal for gpt-image-2 and later on its date (a test checks it), so a manifest that uses
the name can both be generated and be checked. 1920x1080 has no name here on purpose: it is not
on the 16-pixel grid, so ``fhd-landscape`` is the smallest legal size that covers it.
"""

from __future__ import annotations

from typing import NamedTuple

from verify4k.formats.facts import Size

_RULES = "size rules of gpt-image-2, openai/openai-openapi f85dbe22"


class Preset(NamedTuple):
    """A named size: when it was settled, what it rests on, and what it is for."""

    name: str
    size: Size
    date: str
    source: str
    use: str


def _named(name: str, width: int, height: int, use: str) -> Preset:
    return Preset(name, Size(width, height), "2026-11-22", _RULES, use)


_ALL = (
    _named("4k-landscape", 3840, 2160, "UHD 4K, the largest 16:9 picture that can be requested"),
    _named("4k-portrait", 2160, 3840, "UHD 4K upright, the largest 9:16 picture"),
    _named("4k-square", 2880, 2880, "the largest square: exactly the 8,294,400 pixels of UHD 4K"),
    _named("4k-photo", 3504, 2336, "the largest 3:2 picture, for prints and photo frames"),
    _named("2k-preview", 2560, 1440, "QHD, the largest size that is not experimental"),
    _named("2k-portrait", 1440, 2560, "QHD upright, the largest 9:16 size that is not experimental"),
    _named("2k-square", 1920, 1920, "a square of exactly 2560x1440's pixels: not experimental"),
    _named("fhd-landscape", 1920, 1088, "covers 1920x1080, which is not on the 16-pixel grid"),
    _named("fhd-portrait", 1088, 1920, "covers 1080x1920, which is not on the 16-pixel grid"),
    _named("mobile-hero", 1152, 2048, "9:16 exactly, for the first screen of a phone"),
    _named("wide-banner", 3072, 1024, "3:1, the widest shape that can be requested"),
    _named("social-card", 1200, 640, "covers link previews of 1200x630"),
    _named("square", 1024, 1024, "the square that every image model makes"),
    _named("landscape", 1536, 1024, "the 3:2 landscape that every image model makes"),
    _named("portrait", 1024, 1536, "the 2:3 portrait that every image model makes"),
)
PRESETS: dict[str, Preset] = {preset.name: preset for preset in _ALL}


def preset(name: str) -> Preset | None:
    """Return the named size, or None when there is none of that name."""
    return PRESETS.get(name)


def names() -> tuple[str, ...]:
    """Return all names, largest intents first."""
    return tuple(PRESETS)


def fitting(size: Size) -> tuple[str, ...]:
    """Return the names of exactly this size."""
    return tuple(name for name, one in PRESETS.items() if one.size == size)
