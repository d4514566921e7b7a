"""JavaScript and TypeScript, read and never run: the literal values that stand behind a key.

Enough of the grammar (ECMA-262, 12) to tell strings, templates, regular expressions and comments
from code. What is no literal is told as code: nobody here knows what it would be when it runs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Items, Scalar
from verify4k.documents.text import Lines
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place

_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\r\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<string>\"(?:[^\"\\\r\n]|\\.)*(?:\"|(?=[\r\n])|\\?\Z)|'(?:[^'\\\r\n]|\\.)*(?:'|(?=[\r\n])|\\?\Z))"
    r"|(?P<template>`(?:[^`\\]|\\.)*(?:`|\\?\Z))"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<word>[A-Za-z_$][\w$]*)"
    r"|(?P<sign>\.\.\.|=>|.)",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.){0,200}\]){1,200}/\w*")
_BEFORE_REGEX = frozenset({"return", "typeof", "case", "in", "of", "void", "delete", "await", "=>", "..."})
_CLOSED = frozenset(")]}")
_ENDS = frozenset({",", "}", ")", ";", ""})
_MOST = 16  # values of one key: more than two is more than anybody asks for
_WHOLE = re.compile(r"\d+(?:_\d+)*")


class Token(NamedTuple):
    """One piece of the text. ``kind``: string, template, number, word, sign or regex."""

    kind: str
    text: str
    offset: int


class Code(NamedTuple):
    """A value that only running the file would tell."""

    place: Place


_NOTHING = Token("end", "", 0)


def tokens(text: str) -> list[Token]:
    """Split ``text``; spaces and comments are left out. What cannot be split is a sign of its own."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        regex = _REGEX.match(text, at) if text[at] == "/" and _regex_may_begin(found) else None
        if regex is not None and text[at + 1 : at + 2] not in ("/", "*"):
            found.append(Token("regex", regex[0], at))
            at = regex.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None:  # the last alternative takes every character
            break
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return found


def _regex_may_begin(before: list[Token]) -> bool:
    """Whether a slash here begins a regular expression: behind a value it divides."""
    if not before:
        return True
    last = before[-1]
    return last.text in _BEFORE_REGEX or (last.kind == "sign" and last.text not in _CLOSED)


class Script:
    """A file's text, to be asked for the values of its keys."""

    def __init__(self, text: str, path: str) -> None:
        self._tokens = tokens(text)
        self._lines = Lines(text, path)

    def values(self, key: str) -> list[Scalar | Items | Code]:
        """Return what every ``key: ...`` and ``.key = ...`` states, in order.

        A name stands for the one literal that this file gives it (``const SIZES = [640]``).
        """
        return [self._value(at) for at in self._starts(key)[:_MOST]]

    def opens_object(self, key: str) -> bool:
        """Whether every value of ``key`` is written as an object, where it is stated at all."""
        return all(self._at(at).text == "{" for at in self._starts(key))

    def place(self, key: str) -> Place:
        """Return where the first value of ``key`` stands; the file's beginning where there is none."""
        starts = self._starts(key)
        return self._lines.place(self._at(starts[0]).offset if starts else 0)

    def _starts(self, key: str) -> list[int]:
        found = []
        for at, token in enumerate(self._tokens):
            name = token.text[1:-1] if token.kind == "string" else token.text
            if name != key or token.kind not in ("word", "string"):
                continue
            before, after = self._at(at - 1).text if at else "", self._at(at + 1).text
            stated = (after == ":" and before in "{,") or (after == "=" and before == ".")
            if stated:
                found.append(at + 2)
            elif token.kind == "word" and before in ("{", ",") and after in (",", "}"):
                found.append(at)  # the shorthand {images}
        return found

    def _at(self, index: int) -> Token:
        return self._tokens[index] if 0 <= index < len(self._tokens) else _NOTHING

    def _value(self, at: int, *, named: bool = True) -> Scalar | Items | Code:
        token = self._at(at)
        place = self._lines.place(token.offset)
        if token.text == "[":
            return self._list(at, place)
        if token.kind in ("string", "number") or token.text in ("true", "false"):
            return _scalar(token, place) if self._ends(at + 1) else Code(place)
        if token.kind == "word" and named and self._ends(at + 1):
            given = [
                index + 2
                for index, each in enumerate(self._tokens)
                if each.text == token.text and self._at(index + 1).text == "="
            ]
            if len(given) == 1:
                return self._value(given[0], named=False)
        return Code(place)

    def _list(self, at: int, place: Place) -> Items | Code:
        found = []
        at += 1
        while self._at(at).text != "]":
            token = self._at(at)
            if token.kind not in ("string", "number") or self._at(at + 1).text not in (",", "]"):
                return Code(place)
            found.append(_scalar(token, self._lines.place(token.offset)))
            at += 2 if self._at(at + 1).text == "," else 1
        return Items(place, tuple(found)) if self._ends(at + 1) else Code(place)

    def _ends(self, at: int) -> bool:
        """Whether a value is over before ``at``: TypeScript's ``as const`` changes none."""
        token = self._at(at)
        if token.text in _ENDS or (token.text == "as" and self._at(at + 1).text == "const"):
            return True
        before = self._at(at - 1)
        # without a semicolon, a new line with a word or a comment begins another statement
        return (
            token.kind == "word"
            and self._lines.place(token.offset).line > self._lines.place(before.offset).line
        )


def _scalar(token: Token, place: Place) -> Scalar:
    if token.kind == "string":
        return Scalar(place, re.sub(r"\\(.)", r"\1", token.text[1:-1]), plain=False)
    return Scalar(place, token.text.replace("_", "") if _WHOLE.fullmatch(token.text) else token.text)
