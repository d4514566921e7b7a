"""The standard HTML parser, with an end to what never ends, and attributes as browsers read them."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from html.parser import HTMLParser

from verify4k.documents.nodes import Mistake, Place
from verify4k.errors import ManifestError

_NAME = re.compile(r"<[a-zA-Z][^\t\n\r\f />]*")
_ATTRIBUTE = re.compile(
    r"[\t\n\r\f /]*([^\t\n\r\f />][^\t\n\r\f />=]*)"  # a name; what stands before it separates
    r"(?:[\t\n\r\f ]*=[\t\n\r\f ]*(\"[^\"]*\"|'[^']*'|[^\t\n\r\f >]*))?"
)
_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?)(=?)")
_ENDLESS = 200  # pages in use have a few, browsers read on behind them


class Bounded(HTMLParser):
    """Gives up on what never ends: the standard parser looks for each such end through all the rest."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self._endless = 0

    def place(self) -> Place:
        """Return where the tag stands that is being read."""
        line, column = self.getpos()
        return Place(self._name, line, column + 1)

    def attributes(self, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        """Return the attributes of the tag that is being read; of equal ones the first counts.

        ``attrs``: as the standard parser has them, which before Python 3.14 takes `&section=2` for a sign.
        """
        text = self.get_starttag_text() or ""
        if "&" in text:
            attrs = _read_again(text)
        return {key: value or "" for key, value in reversed(attrs)}

    def _counted(self, end: int) -> int:
        self._endless += end < 0
        if self._endless > _ENDLESS:
            said = f"more than {_ENDLESS} tags or comments of this page never end"
            raise ManifestError([Mistake(self.place(), said, "look at what it really is")])
        return end

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Read a comment; return where it ends, -1: nowhere."""
        return self._counted(super().parse_comment(i, report))

    def parse_html_declaration(self, i: int) -> int:
        """Read a declaration; return where it ends, -1: nowhere."""
        try:
            return self._counted(super().parse_html_declaration(i))
        except AssertionError:  # what older Pythons make of `<![1`, which browsers take for a comment
            return self._counted(self.parse_bogus_comment(i))

    def parse_pi(self, i: int) -> int:
        """Read a processing instruction; return where it ends, -1: nowhere."""
        return self._counted(super().parse_pi(i))

    def parse_starttag(self, i: int) -> int:
        """Read a start tag; return where it ends, -1: nowhere."""
        return self._counted(super().parse_starttag(i))

    def parse_endtag(self, i: int) -> int:
        """Read an end tag; return where it ends, -1: nowhere."""
        return self._counted(super().parse_endtag(i))


def _read_again(text: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    name = _NAME.match(text)
    at = name.end() if name else len(text)
    while attribute := _ATTRIBUTE.match(text, at):
        key, value = attribute.groups()
        if value and value[0] in "'\"" and value[0] == value[-1]:
            value = value[1:-1]
        found.append((key.lower(), None if value is None else _REFERENCE.sub(_meant, value)))
        at = attribute.end()
    return found


def _meant(found: re.Match[str]) -> str:
    """Return what a character reference in an attribute means (HTML Living Standard, 13.2.5.73).

    One without its semicolon before a letter, a digit or `=` means itself: it is a parameter of a URL.
    """
    name, equals = found[1], found[2]
    if name.startswith("#"):
        return unescape(f"&{name}") + equals
    if equals and not name.endswith(";"):
        return found[0]
    return html5.get(name, f"&{name}") + equals
