"""Takes the key and the prompt out of what a server says, before anyone else reads it.

Servers quote the prompt in refusals, cut, in other case, with letters and line breaks escaped (twice, too),
without its accents, its UTF-8 read as Latin-1, or in base64. So letters and digits alone are compared, and
every piece that is long enough to tell something goes. So it is with the key: what is shown of a message is
cut before this sees it, and the cut may go through the key. A few letters of it, as servers show them, stay.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.net.exchange import Secret

STAND_IN = "<prompt>"
_PIECE = 12  # letters in a row that are too many to be a coincidence
_PIECE_WIDE = 5  # the same where a character is a word or a syllable
_PIECE_KEY = 10  # servers show fewer letters of a key
_LEAST = 3  # a shorter prompt is part of every sentence
_ESCAPES = re.compile(
    r"(?P<bytes>(?:\\+x[0-9a-fA-F]{2})+|(?:%(?:25)*[0-9A-Fa-f]{2})+)"
    r"|(?P<units>(?:\\+u[0-9a-fA-F]{4})+)"
    r"|&(?:amp;)*(?P<entity>#?\w{1,8};)"
    r"|\\+[nrtbf\"'/]|\\+"
)
_BYTES = re.compile(r"(?:x|%(?:25)*)([0-9a-fA-F]{2})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_TO_STANDARD = str.maketrans("-_", "+/")


class _Letter(NamedTuple):
    """A letter or digit in lower case, and the place in the text where it is written."""

    char: str
    start: int
    end: int


class _Pieces(NamedTuple):
    """Pieces of one spelling of a secret; ``whole``: it is so short that only all of it tells something."""

    length: int
    whole: bool
    texts: frozenset[str]
    stand_in: str = STAND_IN


class _Span(NamedTuple):
    """A place in the text, and what stands there instead."""

    start: int
    end: int
    stand_in: str


class Scrubber:
    """Knows what must not be told about one request, or about several that went out together."""

    def __init__(self, prompt: str, secret: Secret | None = None, *further: str) -> None:
        self._secret = secret
        spellings = dict.fromkeys(each for one in (prompt, *further) for each in (one, *_misread(one)))
        found = [_pieces(each) for each in spellings]
        if secret is not None:
            found.append(_pieces_of_key(secret))
        self._pieces = [pieces for pieces in found if pieces.texts]

    def clean(self, text: str) -> str:
        """Return ``text`` without key and prompt, and without long pieces of either."""
        if self._secret is not None:
            text = self._secret.scrub(text)
        for start, end, stand_in in reversed(self._spans(text)):
            text = text[:start] + stand_in + text[end:]
        return text

    def _spans(self, text: str) -> list[_Span]:
        """Return the places of what has to go, joined where they meet."""
        letters = list(_letters(text))
        spans = [span for pieces in self._pieces for span in _found(pieces, letters, text)]
        joined: list[_Span] = []
        for span in sorted([*spans, *self._encoded(text)]):
            if joined and span.start <= joined[-1].end:
                joined[-1] = joined[-1]._replace(end=max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return joined

    def _encoded(self, text: str) -> Iterator[_Span]:
        """Yield what is secret in base64."""
        for run in _BASE64.finditer(text):
            whole = run[0].translate(_TO_STANDARD)[: len(run[0]) // 4 * 4]
            plain = base64.b64decode(whole).decode("utf-8", "replace")
            letters = list(_letters(plain))
            for pieces in self._pieces:
                if not pieces.whole and next(_found(pieces, letters, plain), None):
                    yield _Span(run.start(), run.end(), pieces.stand_in)


def _misread(prompt: str) -> Iterator[str]:
    """Yield the prompt as a program shows it that takes letters apart, or its UTF-8 for something else.

    What looks like an escape in it, a path of Windows say, is read as one where it is quoted as it stands.
    """
    if _ESCAPES.search(prompt):
        yield "".join(letter.char for letter in _letters(prompt))
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


def _pieces_of_key(secret: Secret) -> _Pieces:
    """Return pieces of a key; a shorter key goes only as it is written, by `Secret.scrub`."""
    letters = "".join(letter.char for letter in _plain(secret.reveal(), 0))
    texts = frozenset(letters[at : at + _PIECE_KEY] for at in range(len(letters) - _PIECE_KEY + 1))
    return _Pieces(_PIECE_KEY, whole=False, texts=texts, stand_in=repr(secret))


def _found(pieces: _Pieces, letters: list[_Letter], text: str) -> Iterator[_Span]:
    joined = "".join(letter.char for letter in letters)
    for at in range(len(letters) - pieces.length + 1):
        if joined[at : at + pieces.length] not in pieces.texts:
            continue
        start, end = letters[at].start, letters[at + pieces.length - 1].end
        if not (pieces.whole and _inside_a_word(text, start, end)):
            yield _Span(start, end, pieces.stand_in)


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
        return html.unescape(f"&{found['entity']}")
    if found["units"]:
        units = b"".join(bytes.fromhex(each) for each in re.findall("u(.{4})", found["units"]))
        return units.decode("utf-16-be", "replace")
    if found["bytes"]:
        data = bytes.fromhex("".join(_BYTES.findall(found["bytes"])))
        try:
            return data.decode()
        except UnicodeDecodeError:  # Python writes small characters so
            return data.decode("latin-1")
    return ""


def _inside_a_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
