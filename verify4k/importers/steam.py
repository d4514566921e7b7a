"""A folder of pictures for Steam's store and library: each has the size that its name's slot demands.

A picture is known by the words of its name, however they are joined and whatever else stands there:
`header_capsule.png`, `store-capsule-main-1232x706.png`, `library_hero_german.jpg`. Slots: header, small,
main and vertical capsule; page background; library capsule, header, hero and logo; community icon;
event cover and header; screenshots (`screenshot*`, or a folder `screenshots`). Others promise nothing, nor
do those whose name states another size (`header-capsule-460x215.png`, the half of today's). The sizes are
those of `verify4k size --list --for steam`, with their date and source.

    verify4k init --from steam=store/steam
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Place
from verify4k.importers import Promise, pictures_below
from verify4k.options.presets import preset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.building import Value
    from verify4k.importers import Source

# words of a name -> the slot's size and what else it demands; the first whose words are all there
_SLOTS: tuple[tuple[tuple[str, ...], str, Mapping[str, Value]], ...] = (
    (("library", "capsule"), "steam-library-capsule", {}),
    (("library", "header"), "steam-library-header", {}),
    (("library", "hero"), "steam-library-hero", {}),
    (
        ("library", "logo"),
        "steam-library-logo",
        {"size": ["1280x*", "*x720"], "width": "..1280", "height": "..720", "format": "png", "alpha": "used"},
    ),
    (("event", "cover"), "steam-event-cover", {}),
    (("event", "header"), "steam-event-header", {}),
    (("community", "icon"), "steam-community-icon", {"format": "jpeg"}),
    (("page", "background"), "steam-page-background", {}),
    (("header", "capsule"), "steam-header", {}),
    (("small", "capsule"), "steam-small-capsule", {}),
    (("main", "capsule"), "steam-main-capsule", {}),
    (("vertical", "capsule"), "steam-vertical-capsule", {}),
    (("screenshots",), "steam-screenshot", {"size": "1920x1080..7680x4320", "ratio": "16:9"}),
    (("screenshot",), "steam-screenshot", {"size": "1920x1080..7680x4320", "ratio": "16:9"}),
)
_FORMATS = ("png", "jpeg")
_STATED = re.compile(r"(?<!\d)(\d{2,5})[ _-]?x[ _-]?(\d{2,5})(?!\d)", re.IGNORECASE)
_ENOUGH = 2  # slots by which a folder is known for what it is


def recognizes(name: str, head: bytes) -> bool:
    """By two pictures or more that are called as their slots."""
    if head or not os.path.isdir(name):
        return False
    known = {slot[1] for each in sorted(os.listdir(name)) if (slot := _slot(each)) is not None}
    return len(known - {"steam-screenshot"}) >= _ENOUGH


def promises(source: Source) -> Iterator[Promise]:
    """Yield the pictures that have a slot."""
    place = Place(source.name, 1, 1)
    for target in pictures_below(source.path):
        slot = _slot(target)
        if slot is not None and not _states_another_size(target, slot[1]):
            yield Promise(target, place, {"size": slot[1], "format": list(_FORMATS), **slot[2]})


def _slot(target: str) -> tuple[tuple[str, ...], str, Mapping[str, Value]] | None:
    """Return the slot of a picture: by its own name, or the folder ``screenshots`` that it lies in."""
    folder, _, name = f"/{target.lower()}".rpartition("/")
    words = set(re.findall(r"[a-z]+", os.path.splitext(name)[0]))
    if "screenshots" in folder.split("/"):
        words.add("screenshots")
    return next((slot for slot in _SLOTS if words.issuperset(slot[0])), None)


def _states_another_size(target: str, name: str) -> bool:
    stated, size = _STATED.search(target.rpartition("/")[2]), preset(name)
    if stated is None or size is None or name == "steam-screenshot":
        return False
    return (int(stated[1]), int(stated[2])) != size.size
