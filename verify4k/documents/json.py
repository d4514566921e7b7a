"""JSON to nodes with their places, strict: what is no JSON is refused where it stands.

The standard reader forgets positions, accepts NaN and equal keys, and recurses.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import NoReturn

from verify4k.documents.nodes import Items, Mistake, Node, Pairs, Place, Scalar
from verify4k.documents.text import MAX_DEPTH, Lines, quoted, refuse_control, unusable
from verify4k.errors import ManifestError

_STRINGS = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/|#[^\r\n]*", re.DOTALL)
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


def read_json(text: str, path: str, first: int = 1) -> Node:
    """Return the one value in ``text``; numbers, true, false and null stay as written.

    ``first``: the line of the file that the text begins in.
    """
    refuse_control(text, path, first)
    reader = _Reader(text, path, first)
    document = reader.document()
    if reader.mistakes:
        raise ManifestError(sorted(reader.mistakes, key=lambda mistake: mistake.place))
    return document


class _Reader:
    """One pass over the text."""

    def __init__(self, text: str, path: str, first: int) -> None:
        self.mistakes: list[Mistake] = []
        self._text = text
        self._at = 0
        self._lines = Lines(text, path, first)

    def document(self) -> Node:
        """Return the only value; nothing may follow it."""
        if not self._peek():
            self._stop("the manifest is empty", "`verify4k init` writes one from the images it finds")
        node = self._value(1)
        if self._peek():
            self._stop("text after the end of the document", "remove it")
        return node

    def _value(self, depth: int) -> Node:
        sign = self._peek()
        if depth > MAX_DEPTH:
            self._stop(f"nested more than {MAX_DEPTH} levels deep", "a manifest needs about five")
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._array(depth)
        return self._string() if sign == '"' else self._literal()

    def _object(self, depth: int) -> Pairs:
        place = self._take()
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while self._more("}", place, bool(pairs)):
            if self._peek() != '"':
                self._stop("a key in double quotes was expected", 'write "key": value')
            key = self._string()
            if self._peek() != ":":
                self._stop(f"a ':' was expected after the key {quoted(key.text)}", "")
            self._at += 1
            value = self._value(depth + 1)
            if key.text in pairs:
                line = pairs[key.text][0].place.line
                message = f"the key {quoted(key.text)} is given twice, here and on line {line}"
                self.mistakes.append(Mistake(key.place, message, "keep one of them"))
            pairs.setdefault(key.text, (key, value))
        return Pairs(place, tuple(pairs.values()))

    def _array(self, depth: int) -> Items:
        place = self._take()
        items: list[Node] = []
        while self._more("]", place, bool(items)):
            items.append(self._value(depth + 1))
        return Items(place, tuple(items))

    def _more(self, end: str, opened: Place, after_one: bool) -> bool:
        """Step over the comma or the closing sign; tell whether another value must follow."""
        sign = self._peek()
        if sign == end:
            self._at += 1
            return False
        if not after_one:
            return True
        if sign != ",":
            kind = "list" if end == "]" else "mapping"
            self._stop(f"',' or '{end}' was expected in the {kind} that begins on line {opened.line}", "")
        comma = self._take()
        if self._peek() == end:
            self.mistakes.append(Mistake(comma, f"a comma before '{end}'", "JSON allows none; remove it"))
            self._at += 1
            return False
        return True

    def _string(self) -> Scalar:
        place = self._lines.place(self._at)
        try:
            text, self._at = _STRINGS.raw_decode(self._text, self._at)
        except ValueError as error:
            self._at = min(getattr(error, "pos", self._at), len(self._text))
            self._stop(
                f"not a JSON string: {getattr(error, 'msg', error)}", "escape line breaks and backslashes"
            )
        if reason := unusable(text):
            self.mistakes.append(Mistake(place, reason, "no file name or option can hold it"))
        return Scalar(place, text, plain=False)

    def _literal(self) -> Scalar:
        word = _WORD.match(self._text, self._at)
        if word is None:
            self._stop("a value was expected here", "")
        if _LITERAL.fullmatch(word[0]) is None:
            self._stop(f"{quoted(word[0])} is no JSON value", "put text in double quotes")
        place = self._lines.place(self._at)
        self._at = word.end()
        return Scalar(place, word[0])

    def _take(self) -> Place:
        place = self._lines.place(self._at)
        self._at += 1
        return place

    def _peek(self) -> str:
        """Return the next sign, empty at the end; comments on the way are mistakes."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = self._at if match is None else match.end()
            comment = _COMMENT.match(self._text, self._at)
            if comment is None:
                return self._text[self._at : self._at + 1]
            self.mistakes.append(
                Mistake(self._lines.place(self._at), "JSON has no comments", "use YAML, or remove it")
            )
            self._at = comment.end()

    def _stop(self, message: str, hint: str) -> NoReturn:
        if self._at >= len(self._text) and self._text.strip():
            message = f"the document ends too early: {message}"
        self.mistakes.append(Mistake(self._lines.place(self._at), message, hint))
        raise ManifestError(sorted(self.mistakes, key=lambda mistake: mistake.place))
