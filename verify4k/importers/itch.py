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
from verify4k.options.presets import preset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_FOLDERS = ("itch", "itch.io", "itchio")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif")
_FORMATS = ("png", "jpeg", "gif")


def recognizes(name: str, head: bytes) -> bool:
    """By the folder's name and a cover in it."""
    if head or not os.path.isdir(name) or os.path.basename(os.path.abspath(name)).lower() not in _FOLDERS:
        return False
    return any(map(_is_cover, os.listdir(name)))


def promises(source: Source) -> Iterator[Promise]:
    """Yield the covers."""
    place, cover = Place(source.name, 1, 1), _cover()
    for target in pictures_below(source.path, suffixes=_SUFFIXES):
        if _is_cover(target):
            yield Promise(target, place, cover)


def _cover() -> dict[str, Value]:
    """Return what is promised of a cover, by the table of sizes."""
    best, least = preset("itch-cover"), preset("itch-cover-smallest")
    if best is None or least is None:
        raise AssertionError("the table of itch.io has a cover")
    return {
        "width": f"{least.size.width}..",
        "height": f"{least.size.height}..",
        "ratio": f"{best.size.width}:{best.size.height}",
        "format": list(_FORMATS),
        "animation": "allowed",
    }


def _is_cover(target: str) -> bool:
    stem, suffix = os.path.splitext(target.rpartition("/")[2].lower())
    return suffix in _SUFFIXES and "cover" in re.findall(r"[a-z]+", stem)
