"""Patterns with captures: ``art/{name}-{theme}.png`` finds files, and says what each name says."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CAPTURE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")
_PIECE = re.compile(r"(\{[A-Za-z][A-Za-z0-9_]*\}|(?<![^/])\*\*(?:/|\Z)|\*|\?|\[!?\]?[^\]/]*\])")
_WILD = frozenset("*?[")
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}  # as `verify4k.files.patterns` reads them


class CapturePattern(NamedTuple):
    """A path with captures and wildcards.

    Args:
        text: as written.
        names: the captures, in order, each once.
        values: captures whose values are given; others match any text without a slash.
    """

    text: str
    names: tuple[str, ...]
    values: Mapping[str, Sequence[str]]

    @property
    def wild(self) -> bool:
        """Whether there are wildcards beside the captures."""
        return not _WILD.isdisjoint(_CAPTURE.sub("", self.text))

    @property
    def glob(self) -> str:
        """The pattern that finds every candidate."""
        return _CAPTURE.sub("*", self.text)

    def match(self, target: str) -> dict[str, str] | None:
        """Return what a target says for each capture; None for a target that does not fit."""
        found = re.fullmatch(self._regex(), target)
        return None if found is None else found.groupdict()

    def fill(self, said: Mapping[str, str]) -> str:
        """Return the target in which captures have these values; wildcards stay as they are."""
        return _CAPTURE.sub(lambda match: said[match[1]], self.text)

    def _regex(self) -> str:
        seen: set[str] = set()

        def group(name: str) -> str:
            if name in seen:
                return f"(?P={name})"
            seen.add(name)
            given = self.values.get(name)
            inner = (
                "[^/]+?" if given is None else "|".join(map(re.escape, sorted(given, key=len, reverse=True)))
            )
            return f"(?P<{name}>{inner})"

        return "".join(
            group(piece[1:-1]) if _CAPTURE.fullmatch(piece) else _MEANS.get(piece) or _plain(piece)
            for piece in _PIECE.split(self.text)
        )


def _plain(piece: str) -> str:
    """Return the expression of text, or of one character of a set like ``[!0-9]``."""
    if not _PIECE.fullmatch(piece):
        return re.escape(piece)
    return translate(piece).removeprefix("(?s:").rpartition(")")[0]


def read_pattern(text: str, values: Mapping[str, Sequence[str]]) -> CapturePattern:
    """Return a pattern; values of captures that it does not have are the caller's to refuse."""
    return CapturePattern(text, tuple(dict.fromkeys(_CAPTURE.findall(text))), values)
