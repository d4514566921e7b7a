"""What people write who know another tool: words and ranges that have a name of their own here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 60
_NUMBER = r"\d+(?:\.\d+)?\s*[A-Za-z%]*"
_FROM_TO = rf"({_NUMBER})\s*(?:\.\.\.|-|\u2013|\u2026|\bto\b)\s*({_NUMBER})"
_BOUND = rf"(>=?|<=?|\u2265|\u2264)\s*({_NUMBER})|({_NUMBER})\s*\+"
# one of these stands in each
_MARKS = ("...", "-", "\u2013", "\u2026", "to", ">", "<", "\u2265", "\u2264", "+")

# an option of another tool -> what says it here, first the option
OPTIONS: Mapping[str, str] = {
    "transparent": "alpha",
    "transparency": "alpha",
    "opaque": "alpha",
    "has-alpha": "alpha",
    "dimensions": "size",
    "resolution": "size",
    "aspect": "ratio",
    "aspect-ratio": "ratio",
    "w": "width",
    "h": "height",
    "min-width": "width",
    "max-width": "width",
    "min-height": "height",
    "max-height": "height",
    "mp": "megapixels",
    "pixels": "megapixels",
    "file-size": "bytes",
    "filesize": "bytes",
    "weight": "bytes",
    "max-size": "bytes",
    "type": "format",
    "mime": "format",
    "mime-type": "format",
    "media-type": "format",
    "extension": "format",
    "colorspace": "icc",
    "colourspace": "icc",
    "color-space": "icc",
    "colour-space": "icc",
    "color-profile": "icc",
    "colour-profile": "icc",
    "profile": "icc",
    "srgb": "icc",
    "color": "mode",
    "colour": "mode",
    "color-mode": "mode",
    "colors": "mode",
    "depth": "bit-depth",
    "density": "dpi",
    "ppi": "dpi",
    "interlaced": "progressive",
    "interlace": "progressive",
    "chroma": "subsampling",
    "chroma-subsampling": "subsampling",
    "fps": "frame-time",
    "delay": "frame-time",
    "length": "duration",
    "repeat": "loop",
    "moving": "animation",
    "hash": "sha256",
    "checksum": "sha256",
    "digest": "sha256",
    "exif": "metadata",
    "gps": "metadata",
    "orientation": "turned",
    "rotation": "turned",
    "source": "from",
    "pot": "power-of-two",
    "9patch": "nine-patch",
    "border": "padding",
    "bleed": "edges",
    "full-bleed": "edges",
    "tiles": "grid",
    "upscaled": "native",
    "skip": "ignore",
}


def option_meant(word: str) -> str:
    """Return the option that another tool's word means here; an empty text for one that nobody uses."""
    return OPTIONS.get(word.strip().casefold().replace("_", "-").replace(" ", "-"), "")


_ANSWERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("no", "none", "false", "off", "never", "absent", "0"), ("forbidden",)),
    **dict.fromkeys(
        ("yes", "true", "on", "always", "must", "required", "embedded", "1"), ("required", "present")
    ),
    **dict.fromkeys(("maybe", "optional", "allowed", "either", "*"), ("allowed", "any")),
}


def answer_meant(text: str, words: tuple[str, ...]) -> str:
    """Return which of some words a yes, a no or a maybe means; an empty text where none of them does."""
    return next((word for word in _ANSWERS.get(text.strip().casefold(), ()) if word in words), "")


def range_meant(text: str) -> str:
    """Return ``600-700``, ``>=600``, ``600+`` as they are written here; an empty text for what is none."""
    if len(text) > _LONGEST or not any(mark in text for mark in _MARKS):
        return ""
    if found := re.fullmatch(_FROM_TO, text):
        return f"{found[1].strip()}..{found[2].strip()}"
    if found := re.fullmatch(_BOUND, text):
        above = found[1] is None or found[1] in (">", ">=", "\u2265")
        number = (found[2] or found[3]).strip()
        return f"{number}.." if above else f"..{number}"
    return ""
