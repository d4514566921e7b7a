"""What the attributes of an `img`, a `source` or a preload say of the pictures that they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.formats.registry import media_types
from verify4k.pages.reference import Reference, Shape
from verify4k.pages.srcset import parse_srcset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Place

_LAZY_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy")
LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_FIT = re.compile(r"(?:^|;)\s*object-fit\s*:\s*([a-z-]+)", re.IGNORECASE)


def of_image(given: dict[str, str], place: Place) -> Iterator[Reference]:
    """An image's candidates: its attributes state a shape, and a width where nothing else does."""
    width, height = pixels(given.get("width", "")), pixels(given.get("height", ""))
    fit = _FIT.search(given.get("style", ""))
    fits = fit[1].lower() if fit else "fill"
    shape = Shape(width, height) if width and height and fits == "fill" else None
    if fits not in ("fill", "cover"):
        width = None
    form = announced(given)
    lazy = _lazily(given)
    if lazy is not None:
        yield from (Reference(each.url, place) for each in parse_srcset(given.get("srcset", "")))
        if given.get("src", "").strip():
            yield Reference(given["src"].strip(), place)
        given = lazy
    candidates = parse_srcset(given.get("srcset", ""))
    for each in candidates:
        least = int(width * (each.density or 1)) if width and each.width is None else None
        yield Reference(each.url, place, width=each.width, least=least, shape=shape, format=form)
    source = given.get("src", "").strip()
    if source and all(each.url != source for each in candidates):
        # beside a srcset, src is what browsers of old get: it need not fill the place
        yield Reference(source, place, least=None if candidates else width, shape=shape, format=form)


def _lazily(given: dict[str, str]) -> dict[str, str] | None:
    """Return the src and srcset that a script puts in the place of a stand-in; None where none does."""
    source = next((given[key].strip() for key in _LAZY_SOURCES if given.get(key)), "")
    candidates = next((given[key] for key in LAZY_SETS if given.get(key)), "")
    if "." not in source and "/" not in source:  # a word for a script, not a picture
        source = ""
    shown = given.get("src", "").strip() or given.get("srcset", "").strip()
    stands_in = not shown or shown.lower().startswith("data:") or "lazy" in given.get("class", "").lower()
    return {"src": source, "srcset": candidates} if stands_in and (source or candidates) else None


def announced(given: dict[str, str]) -> tuple[str, ...]:
    """Return the format that a tag's ``type`` announces, if any."""
    form = media_types().get(given.get("type", "").partition(";")[0].strip().lower())
    return (form,) if form else ()


def pixels(text: str) -> int | None:
    """Read an HTML dimension in pixels; percentages say nothing of pixels."""
    text = text.strip().removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**6 else None
