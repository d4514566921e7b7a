"""What could not be read of a site: nobody knows what it promises, so that it is no pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import COMMAND_LINE, Place
from verify4k.report import Finding, Undecided

if TYPE_CHECKING:
    from verify4k.errors import NoPage

GATE = "readable"  # the rule that what does not answer leaves undecided, and what is not there breaks


def unread(url: str, reason: str, hint: str, place: Place) -> Undecided:
    """Return what the report says of a page, style sheet or other part; ``place``: what leads there."""
    return Undecided(url, GATE, reason, hint, place, url)


def no_page(url: str, error: NoPage) -> Finding:
    """Return what the report says of a page that is not there, or is something else: it is broken."""
    said = (error.said, "a page", error.actual, error.hint, "a TARGET")
    return Finding(url, GATE, "error", *said, Place(COMMAND_LINE, 1, 1), url, url=url)
