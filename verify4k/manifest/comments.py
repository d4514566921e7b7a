"""Ignores as comments on a manifest's lines: ``# verify4k: ignore[RULE@SHA256] why``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Items, Mistake, Pairs, Place, Scalar
from verify4k.documents.read import read_document
from verify4k.documents.text import Lines, decode
from verify4k.errors import ManifestError
from verify4k.model import Ignore
from verify4k.options.kinds import shown
from verify4k.options.unknown import unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.documents.nodes import Node

_MARK = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*verify4k:[ \t]*ignore\b([^\r\n]*)", re.MULTILINE)
_BODY = re.compile(r"[ \t]*\[([^\[\]]*)\](.*)")
_ITEM = re.compile(r"([^\s@]+)(?:@([0-9a-fA-F]{12,64}))?")
_FORM = "# verify4k: ignore[RULE@SHA256] why it is fine   (32 to 64 digits of the file's SHA-256)"
_READINGS = 60  # of the whole document, to tell comments from texts that quote one
_TOLD = 20  # mistakes in comments


class Comments:
    """The ignore comments of a manifest by line, until an entry takes them."""

    def __init__(self, found: dict[int, tuple[Ignore, ...]], mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        self._found = found
        self._owners: dict[int, Place] = {}

    def of(self, key: Scalar, value: Node) -> tuple[Ignore, ...]:
        """Return the ignores on the lines of an entry; an entry begins where its key stands."""
        if not self._found:
            return ()
        taken: list[Ignore] = []
        for line in sorted({key.place.line, *_lines(value)} & self._found.keys()):
            if line in self._owners:
                self.mistakes.append(
                    Mistake(
                        self._found[line][0].place,
                        "several entries stand on the line of this ignore comment",
                        "give each entry a line of its own, or an ignore: option",
                    )
                )
            self._owners.setdefault(line, key.place)
            taken += self._found[line]
        return tuple(taken)

    def left_over(self) -> Iterator[Mistake]:
        """Give a mistake for each comment that no entry stands beside."""
        for line, ignores in self._found.items():
            if line not in self._owners:
                yield Mistake(
                    ignores[0].place,
                    "this ignore comment stands on no entry's line",
                    "put it at the end of the line that promises the file",
                )


def read_comments(data: bytes, name: str, document: Node, rules: tuple[str, ...]) -> Comments:
    """Find the comments in a manifest that has been read.

    What looks like one may be text (a prompt that quotes it): a comment is what makes no
    difference to the document when it is taken out.
    """
    text = decode(data, name)
    lines = Lines(text, name)
    marks = _comments(text, list(_MARK.finditer(text)), lines, document)
    found: dict[int, tuple[Ignore, ...]] = {}
    mistakes: list[Mistake] = []
    for mark in marks:
        place = lines.place(mark.start())
        if len(mistakes) == _TOLD:
            mistakes.append(Mistake(place, "more ignore comments that say nothing from here on", _FORM))
            break
        try:
            found[place.line] = tuple(_ignores(mark[1], place, rules))
        except ManifestError as error:
            mistakes += error.mistakes
    return Comments(found, mistakes)


def _comments(text: str, marks: list[re.Match[str]], lines: Lines, document: Node) -> list[re.Match[str]]:
    """Return the marks that are comments: halves are looked at apart where one holds a text."""
    found: list[re.Match[str]] = []
    waiting = [marks] if marks else []
    readings = 0
    while waiting:
        group = waiting.pop()
        readings += 1
        if readings > _READINGS:
            message = "too many texts from here on look like ignore comments"
            hint = "write exceptions as ignore: options, or the texts without '# verify4k: ignore'"
            raise ManifestError([Mistake(lines.place(group[0].start()), message, hint)])
        if _idle(text, group, lines.path, document):
            found += group
        elif len(group) > 1:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
    return found


def _idle(text: str, marks: Iterable[re.Match[str]], name: str, document: Node) -> bool:
    parts, at = [], 0
    for mark in marks:
        parts.append(text[at : mark.start()])
        at = mark.end()
    try:
        return read_document("".join([*parts, text[at:]]).encode(), name) == document
    except ManifestError:
        return False


def _ignores(body: str, place: Place, rules: tuple[str, ...]) -> Iterator[Ignore]:
    match = _BODY.fullmatch(body)
    reason = match[2].strip() if match else ""
    if match is None or not reason:
        what = "names no rule" if match is None else "gives no reason"
        raise ManifestError([Mistake(place, f"this ignore comment {what}", _FORM)])
    for text in match[1].split(","):
        item = _ITEM.fullmatch(text.strip())
        if item is None:
            raise ManifestError([Mistake(place, f"{shown(text.strip())} is no RULE or RULE@SHA256", _FORM)])
        if item[1] not in rules:
            raise ManifestError([unknown_key(Scalar(place, item[1]), rules, "rule")])
        yield Ignore(item[1], reason, item[2].lower() if item[2] else None, place, comment=True)


def _lines(node: Node) -> Iterator[int]:
    yield node.place.line
    if isinstance(node, Items):
        for item in node.items:
            yield from _lines(item)
    elif isinstance(node, Pairs):
        for key, value in node.pairs:
            yield key.place.line
            yield from _lines(value)
