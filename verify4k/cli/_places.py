"""Which names of the disk a path leads through: its folders, and the links that it follows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_LINKS = 40  # as many as Linux follows


def place(path: str) -> str:
    """Return where a name itself stands: its folder without links, and the name as it is written."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def changed_places(notices: Iterable[tuple[int, str]]) -> frozenset[str]:
    """Return the places of what the system says has changed.

    Args:
        notices: of `watchfiles`: what happened, and to which path.
    """
    from watchfiles import Change

    # a folder is told as modified along with whatever happens in it, and that is told by itself
    return frozenset(place(name) for what, name in notices if what != Change.modified or not _is_folder(name))


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def leads_through(path: str, places: frozenset[str]) -> bool:
    """Whether a path leads through one of these places, is one, or is a link that leads there."""
    return not places.isdisjoint(_way(path))


def _way(path: str) -> Iterator[str]:
    """Yield every place that the system looks up on the way to a file, that of the file too."""
    here, *rest = os.path.abspath(path).split(os.sep)
    links = 0
    rest.reverse()
    while rest:
        name = rest.pop()
        if name == os.pardir:
            here = os.path.dirname(here) or os.sep
            continue
        if name in ("", os.curdir):
            continue
        there = f"{here.rstrip(os.sep)}{os.sep}{name}"
        yield there
        try:
            target = os.readlink(there)
        except OSError:  # no link, or not there
            here = there
            continue
        links += 1
        if links > _MOST_LINKS:
            return
        drive, behind = os.path.splitdrive(target)
        if behind.startswith(os.sep):
            here = drive
        rest += reversed(behind.split(os.sep))
