"""Takes the key and the prompt out of what a server says, before anyone else reads it.

Servers quote the prompt in refusals, cut, in other case, with letters and line breaks escaped, without
its accents, or its UTF-8 read as Latin-1. So letters and digits alone are compared, and every piece that
is long enough to tell something goes.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.net.exchange import Secret

STAND_IN = "<prompt>"
_PIECE = 12  # letters in a row that are too many to be a coincidence
_PIECE_WIDE = 5  # the same where a character is a word or a syllable
_LEAST = 3  # a shorter prompt is part of every sentence
_ESCAPES = re.compile(
    r"(?P<bytes>(?:\\+x[0-9a-fA-F]{2})+|(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<units>(?:\\+u[0-9a-fA-F]{4})+)"
    r"|(?P<entity>&#?\w{1,8};)"
    r"|\\+[nrtbf\"'/]|\\+"
)


class _Letter(NamedTuple):
    """A letter or digit in lower case, and the place in the text where it is written."""

    char: str
    start: int
    end: int


class _Pieces(NamedTuple):
    """Pieces of one spelling of the prompt; ``whole``: it is so short that only all of it tells something."""

    length: int
    whole: bool
    texts: frozenset[str]


class Scrubber:
    """Knows what must not be told about one request."""

    def __init__(self, prompt: str, secret: Secret | None = None) -> None:
        self._secret = secret
        spellings = dict.fromkeys((prompt, *_misread(prompt)))
        self._pieces = [pieces for each in spellings if (pieces := _pieces(each)).texts]

    def clean(self, text: str) -> str:
        """Return ``text`` without the key, the prompt and long pieces of it."""
        if self._secret is not None:
            text = self._secret.scrub(text)
        for start, end in reversed(self._spans(text) if self._pieces else []):
            text = text[:start] + STAND_IN + text[end:]
        return text

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the places of what has to go, joined where they meet."""
        letters = list(_letters(text))
        joined: list[tuple[int, int]] = []
        for start, end in sorted(span for pieces in self._pieces for span in _found(pieces, letters, text)):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return joined


def _misread(prompt: str) -> Iterator[str]:
    """Yield the prompt as a program shows it that takes letters apart, or its UTF-8 for something else."""
    yield unicodedata.normalize("NFD", prompt)
    for encoding in ("latin-1", "cp1252"):
        yield prompt.encode("utf-8", "ignore").decode(encoding, "ignore")


def _pieces(prompt: str) -> _Pieces:
    letters = "".join(letter.char for letter in _plain(prompt, 0))
    wide = sum(not char.isascii() for char in letters) * 2 > len(letters)
    enough = _PIECE_WIDE if wide else _PIECE
    length = min(len(letters), enough)
    places = range(len(letters) - length + 1) if length >= _LEAST else ()
    return _Pieces(length, len(letters) < enough, frozenset(letters[at : at + length] for at in places))


def _found(pieces: _Pieces, letters: list[_Letter], text: str) -> Iterator[tuple[int, int]]:
    joined = "".join(letter.char for letter in letters)
    for at in range(len(letters) - pieces.length + 1):
        if joined[at : at + pieces.length] not in pieces.texts:
            continue
        start, end = letters[at].start, letters[at + pieces.length - 1].end
        if not (pieces.whole and _inside_a_word(text, start, end)):
            yield start, end


def _letters(text: str) -> Iterator[_Letter]:
    """Yield letters and digits; what is escaped counts as what it stands for."""
    done = 0
    for found in _ESCAPES.finditer(text):
        yield from _plain(text[done : found.start()], done)
        for char in _meant(found):
            yield from (letter._replace(start=found.start(), end=found.end()) for letter in _plain(char, 0))
        done = found.end()
    yield from _plain(text[done:], done)


def _plain(text: str, offset: int) -> Iterator[_Letter]:
    """Yield letters and digits as they stand there, without accents, in lower case."""
    for at, char in enumerate(text, offset):
        bare = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
        for small in (bare[0] if len(bare) == 1 else char).casefold():
            if small.isalnum():
                yield _Letter(small, at, at + 1)


def _meant(found: re.Match[str]) -> str:
    """Return what a run of escapes stands for."""
    if found["entity"]:
        return html.unescape(found["entity"])
    if found["units"]:
        units = b"".join(bytes.fromhex(each) for each in re.findall("u(.{4})", found["units"]))
        return units.decode("utf-16-be", "replace")
    if found["bytes"]:
        data = bytes.fromhex("".join(re.findall("[x%](..)", found["bytes"])))
        try:
            return data.decode()
        except UnicodeDecodeError:  # Python writes small characters so
            return data.decode("latin-1")
    return ""


def _inside_a_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
