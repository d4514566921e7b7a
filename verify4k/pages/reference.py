"""One mention of a picture on a page, and what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place
    from verify4k.pages.fitting import Marks


class Shape(NamedTuple):
    """Width to height, as attributes state them in CSS pixels."""

    width: int
    height: int


class Reference(NamedTuple):
    """What one place of a page says of one picture; empty fields say nothing.

    Args:
        url: as written, relative to the page or to a base.
        place: of the tag or the rule.
        size: exact sizes, any of which will do (icons, Open Graph, JSON-LD), as ``WxH``.
        width: the exact width in pixels (a ``w`` descriptor of a srcset).
        least: the fewest pixels of width that fill the place without enlargement.
        shape: the shape that the place has.
        format: the formats that a ``type`` announces.
        marks: what selectors can tell of the tag, where style sheets may fit the picture into its place.
    """

    url: str
    place: Place
    size: tuple[str, ...] = ()
    width: int | None = None
    least: int | None = None
    shape: Shape | None = None
    format: tuple[str, ...] = ()
    marks: Marks | None = None
