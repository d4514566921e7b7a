"""The sizes attribute (HTML Living Standard, "sizes attributes"): how wide a picture is on one screen."""

from __future__ import annotations

import re

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(vw|px)", re.IGNORECASE)
_CONDITION = re.compile(r"\(\s*(min|max)-width\s*:\s*(\d+(?:\.\d+)?)px\s*\)", re.IGNORECASE)


def share_of_screen(sizes: str, screen: int) -> int | None:
    """Return the pixels across that a picture takes on a screen of ``screen`` CSS pixels.

    None for what cannot be told from the text: ``calc()``, other units, conditions other than a width.
    """
    for entry in sizes.split(","):
        *condition, length = entry.split() or [""]
        holds = _holds(" ".join(condition), screen)
        if holds is None:
            return None
        if holds:
            found = _LENGTH.fullmatch(length)
            if found is None:
                return None
            share = float(found[1]) * (screen / 100 if found[2].lower() == "vw" else 1)
            return max(1, round(min(screen, share)))  # of too many digits it is infinity
    return None


def _holds(condition: str, screen: int) -> bool | None:
    if not condition:
        return True
    found = _CONDITION.fullmatch(condition)
    if found is None:
        return None
    return screen >= float(found[2]) if found[1].lower() == "min" else screen <= float(found[2])
