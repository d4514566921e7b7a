"""The text of a manifest: its encoding, the characters it may not hold, and its lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Place
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 64
_REPORTED = 20  # a binary file would give thousands

# What YAML calls not printable, and its rarer line breaks, which editors do not count as lines. To compile
# such patterns takes longer than to see that a text does not need them.
UNWELCOME = "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
_HALF = "[\ud800-\udfff]"
_WHITE = dict.fromkeys(map(ord, "\t\n\r"))  # what a text may hold that is not printable
_BREAK = re.compile("\r\n|\n|\r")
_BOMS = (
    (b"\xff\xfe\0\0", ""),
    (b"\0\0\xfe\xff", ""),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_SAVE = "save it as UTF-8"


class Lines:
    """Where the lines of a text begin, to turn an offset into a place."""

    def __init__(self, text: str, path: str, first: int = 1) -> None:
        self.path = path
        self._before = first - 1  # lines
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def place(self, offset: int) -> Place:
        """Return the place of the character at ``offset``."""
        line = bisect_right(self._starts, offset)
        return Place(self.path, self._before + line, offset - self._starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; past the end, that of the last line."""
        return self._starts[min(line - self._before, len(self._starts)) - 1] + column - 1


def decode(data: bytes, path: str) -> str:
    """Return the text of ``data``: UTF-8, or UTF-16 with a byte order mark."""
    bom, encoding = encoding_of(data, path)
    data = data[bom:]
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding)
        place = Lines(before, path).place(len(before))
        kind = "UTF-8" if encoding == "utf-8" else "UTF-16"
        byte = data[error.start]
        message, hint = f"not {kind} text: byte 0x{byte:02x} at offset {error.start}", _SAVE
        if error.start <= 1 and byte in b"\x89\x8b\xff":
            hint = "is this really the manifest? it looks like an image or an archive"
        raise ManifestError([Mistake(place, message, hint)]) from error


def encoding_of(head: bytes, path: str, what: str = "manifest") -> tuple[int, str]:
    """Return how long the byte order mark is, and what is encoded how behind it. Raises for UTF-32."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            if not encoding:
                raise ManifestError([Mistake(Place(path, 1, 1), f"the {what} is UTF-32", _SAVE)])
            return len(bom), encoding
    return 0, "utf-8"


def refuse_control(text: str, path: str, first: int = 1) -> None:
    """Raise when ``text``, from line ``first``, holds characters that no editor shows."""
    if text.translate(_WHITE).isprintable() or re.search(UNWELCOME, text) is None:
        return
    mistakes = list(_controls(text, Lines(text, path, first)))
    raise ManifestError(mistakes)


def _controls(text: str, lines: Lines) -> Iterator[Mistake]:
    for count, match in enumerate(re.finditer(UNWELCOME, text)):
        place = lines.place(match.start())
        if count == _REPORTED:
            yield Mistake(place, "more control characters from here on", "is this really the manifest?")
            return
        code = ord(match[0])
        if code == 0:
            yield Mistake(place, "a NUL character", "save it as UTF-8; is this really a text file?")
        else:
            hint = f'remove it, or write "\\u{code:04x}" in double quotes'
            yield Mistake(place, f"an invisible control character, U+{code:04X}", hint)


def unusable(text: str) -> str:
    """Say why ``text`` cannot be a value in a manifest; empty when it can."""
    if "\0" in text:
        return "a NUL character in a value"
    if not text.isascii() and re.search(_HALF, text):
        return "half of a surrogate pair in a value"
    return ""


def quoted(text: str) -> str:
    """Return ``text`` in double quotes for a message, cut when it is long."""
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}..."'
