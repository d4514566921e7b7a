"""Takes the key and the prompt out of what a server says, before anyone else reads it.

Servers quote the prompt in refusals, cut, in other case, with line breaks escaped. So letters and
digits alone are compared, and every piece that is long enough to tell something goes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.net.exchange import Secret

STAND_IN = "<prompt>"
_PIECE = 12  # letters in a row that are too many to be a coincidence
_PIECE_WIDE = 5  # the same where a character is a word or a syllable
_LEAST = 3  # a shorter prompt is part of every sentence
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrtbf\"'/\\])|&#?\w{1,8};|%[0-9A-Fa-f]{2}")


class Scrubber:
    """Knows what must not be told about one request."""

    def __init__(self, prompt: str, secret: Secret | None = None) -> None:
        self._secret = secret
        letters = "".join(char for char in prompt.casefold() if char.isalnum())
        wide = sum(not char.isascii() for char in letters) * 2 > len(letters)
        self._whole = len(letters) < (_PIECE_WIDE if wide else _PIECE)
        self._length = len(letters) if self._whole else (_PIECE_WIDE if wide else _PIECE)
        pieces = range(len(letters) - self._length + 1)
        useful = self._length >= _LEAST
        self._pieces = {letters[at : at + self._length] for at in pieces} if useful else set()

    def clean(self, text: str) -> str:
        """Return ``text`` without the key, the prompt and long pieces of it."""
        if self._secret is not None:
            text = self._secret.scrub(text)
        spans = list(self._spans(text)) if self._pieces else []
        for start, end in reversed(spans):
            text = text[:start] + STAND_IN + text[end:]
        return text

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the places of what has to go, joined where they meet."""
        places = _letters(text)
        letters = "".join(char for char, _ in places)
        spans: list[tuple[int, int]] = []
        for at in range(len(letters) - self._length + 1):
            if letters[at : at + self._length] not in self._pieces:
                continue
            start, end = places[at][1], places[at + self._length - 1][1] + 1
            if self._whole and _inside_a_word(text, start, end):
                continue
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans


def _letters(text: str) -> list[tuple[str, int]]:
    """Return letters and digits in lower case with their places; escapes are no letters."""
    hidden = {at for found in _ESCAPE.finditer(text) for at in range(*found.span())}
    return [
        (small, at)
        for at, char in enumerate(text)
        if at not in hidden
        for small in char.casefold()
        if small.isalnum()
    ]


def _inside_a_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
