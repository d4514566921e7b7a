"""A folder of pictures for a page on itch.io: the cover is large enough and of the shape that is shown.

A folder is known by its name (`itch`, `itch.io`) and a picture called `cover` in it, whatever else its name
says: `cover.png`, `hero-cover-630x500.gif`. itch.io asks for a cover of 315x250 or more, recommends 630x500,
welcomes animated GIFs, and says no more about pictures: screenshots, banner and background promise nothing.
The sizes are those of `verify4k size --list --for itch`, with their date and source.

    verify4k init --from itch=store/itch
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Place
from verify4k.importers import Promise, pictures_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.importers import Source

_FOLDERS = ("itch", "itch.io", "itchio")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif")
_COVER = {
    "width": "315..",
    "height": "250..",
    "ratio": "63:50",
    "format": ["png", "jpeg", "gif"],
    "animation": "allowed",
}


def recognizes(name: str, head: bytes) -> bool:
    """By the folder's name and a cover in it."""
    if head or not os.path.isdir(name) or os.path.basename(os.path.abspath(name)).lower() not in _FOLDERS:
        return False
    return any(map(_is_cover, os.listdir(name)))


def promises(source: Source) -> Iterator[Promise]:
    """Yield the covers."""
    place = Place(source.name, 1, 1)
    for target in pictures_below(source.path, suffixes=_SUFFIXES):
        if _is_cover(target):
            yield Promise(target, place, dict(_COVER))


def _is_cover(target: str) -> bool:
    stem, suffix = os.path.splitext(target.rpartition("/")[2].lower())
    return suffix in _SUFFIXES and "cover" in re.findall(r"[a-z]+", stem)
