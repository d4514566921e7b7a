"""The srcset attribute (HTML Living Standard, "parse a srcset attribute"): URLs with width or density."""

from __future__ import annotations

import re

from verify4k.named_tuple import NamedTuple

_NUMBER = re.compile(r"(?a)\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?")  # "valid floating-point number"
_SPACE = " \t\n\f\r"
_DENSEST = 1e6  # pixels a pixel of the page: 1e999x is infinity, and no screen's


class Candidate(NamedTuple):
    """One image source. ``width``: pixels (``800w``); ``density``: pixels a CSS pixel (``2x``)."""

    url: str
    width: int | None = None
    density: float | None = None


def parse_srcset(text: str) -> list[Candidate]:
    """Return the candidates in order; one with descriptors that mean nothing is left out, as browsers do."""
    found: list[Candidate] = []
    at = 0
    while True:
        while at < len(text) and text[at] in _SPACE + ",":
            at += 1
        if at >= len(text):
            return found
        start = at
        while at < len(text) and text[at] not in _SPACE:
            at += 1
        url = text[start:at]
        if url.endswith(","):
            found.append(Candidate(url.rstrip(",")))
            continue
        end = _end_of_descriptors(text, at)
        candidate = _described(url, text[at:end].split())
        if candidate is not None:
            found.append(candidate)
        at = end + 1


def _end_of_descriptors(text: str, at: int) -> int:
    """Return where the next comma outside of parentheses stands."""
    depth = 0
    for index in range(at, len(text)):
        if text[index] == "(":
            depth += 1
        elif text[index] == ")" and depth:
            depth -= 1
        elif text[index] == "," and not depth:
            return index
    return len(text)


def _described(url: str, descriptors: list[str]) -> Candidate | None:
    """Return the candidate; None where a descriptor means nothing, stands twice, or is a height alone."""
    found: dict[str, str] = {}
    for each in descriptors:
        number, unit = each[:-1], each[-1]
        if unit not in "wxh" or unit in found or not _NUMBER.fullmatch(number):
            return None
        found[unit] = number
    for unit in ("w", "h"):
        if unit in found and not (found[unit].isdigit() and int(found[unit][:20])):
            return None
    width = int(found["w"][:20]) if "w" in found else None
    density = float(found["x"]) if "x" in found else None
    if (density is not None and (width or not 0 < density <= _DENSEST)) or ("h" in found and not width):
        return None
    return Candidate(url, width, density)
