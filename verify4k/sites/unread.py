"""What could not be read of a site: nobody knows what it promises, so that it is no pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.report import Undecided

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place

_GATE = "readable"  # the rule that what does not answer leaves undecided


def unread(url: str, reason: str, hint: str, place: Place) -> Undecided:
    """Return what the report says of a page, style sheet or other part; ``place``: what leads there."""
    return Undecided(url, _GATE, reason, hint, place, url)
