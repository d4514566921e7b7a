"""Guess which known word a misspelt one was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 300  # words that are compared letter by letter: no table of options is longer
_SHORT = 6  # letters: one wrong one of them weighs more
_LONGEST = 64  # comparing costs the square of the length, and no option name is longer


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """Return the one of ``choices`` most like ``word``, or None when none is near."""
    known = list(choices)
    wanted = _folded(word)
    for choice in known:
        if _folded(choice) == wanted:
            return choice
    for choice in known:  # the right letters in the wrong order: pgn is png, not pnm
        if sorted(_folded(choice)) == sorted(wanted):
            return choice
    if len(word) > _LONGEST or len(known) > _MOST:
        return None
    import difflib  # only on the way to an error message

    cutoff = 0.6 if len(wanted) < _SHORT else 0.7  # interlaced is no tolerance
    near = difflib.get_close_matches(wanted, [_folded(choice) for choice in known], n=1, cutoff=cutoff)
    return next((choice for choice in known if near and _folded(choice) == near[0]), None)


def _folded(word: str) -> str:
    return word.strip().casefold().replace("_", "-").replace(" ", "-")
