"""The standard HTML parser, with an end to what never ends."""

from __future__ import annotations

from html.parser import HTMLParser

from verify4k.documents.nodes import Mistake, Place
from verify4k.errors import ManifestError

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
