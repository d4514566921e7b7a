"""Named sizes as dated data: one TOML file here for each source of them, found by being there.

A file says ``title``, ``date`` (when its source was read), ``source`` and, under ``[sizes]``, a size and a
use for each name. ``verify4k size --list --for FILE`` shows one of them.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Preset(NamedTuple):
    """A named size: when its source was read, what it rests on, what it is for, and its file's name."""

    name: str
    size: Size
    date: str
    source: str
    use: str
    topic: str = ""


class Topic(NamedTuple):
    """One file: what its sizes are for, and where they come from."""

    name: str
    title: str
    date: str
    source: str
    presets: tuple[Preset, ...]


_FOLDER = os.path.dirname(__file__)
_FIRST = "gpt-image"  # what can be requested comes first, then the stores by name


@cache
def topics() -> Mapping[str, Topic]:
    """Return every file's sizes by its name. Raises `ValueError` where two files share a name for a size."""
    found = []
    for name in os.listdir(_FOLDER):  # importlib.resources would import tempfile, zipfile and pathlib
        if name.endswith(".toml"):
            with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
                found.append(_read(name.removesuffix(".toml"), file.read()))
    return {
        topic.name: topic for topic in sorted(found, key=lambda topic: (topic.name != _FIRST, topic.name))
    }


def _read(name: str, text: str) -> Topic:
    import tomllib

    told = tomllib.loads(text)
    title, date, source = told["title"], told["date"].isoformat(), told["source"]
    found = []
    for key, (size, use) in told["sizes"].items():
        width, _, height = size.partition("x")
        found.append(Preset(key, Size(int(width), int(height)), date, source, use, name))
    return Topic(name, title, date, source, tuple(found))


@cache
def _by_name() -> Mapping[str, Preset]:
    found: dict[str, Preset] = {}
    for topic in topics().values():
        for each in topic.presets:
            if found.setdefault(each.name, each) is not each:
                raise ValueError(f"two presets are called {each.name}")
    return found


def preset(name: str) -> Preset | None:
    """Return the named size, or None when there is none of that name."""
    return _by_name().get(name)


def names() -> tuple[str, ...]:
    """Return all names, those that can be requested first."""
    return tuple(_by_name())


def fitting(size: Size) -> tuple[str, ...]:
    """Return the names of exactly this size."""
    return tuple(name for name, one in _by_name().items() if one.size == size)
