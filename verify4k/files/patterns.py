"""Patterns of file names: every folder is looked into once, however many ``**`` a pattern has.

``*`` and ``?`` stop at a slash, ``**`` as a whole segment crosses folders (but follows no links to
folders), and names that start with a dot match only segments that do.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from verify4k.errors import CannotRead
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LIMIT_FOLDERS = 200_000  # that one pattern looks into; links to folders can make endless ones
_MAGIC = frozenset("*?[")

T = TypeVar("T")


class Place(Protocol[T]):
    """Somewhere that has folders. A folder is "" or ends in a slash."""

    def entries(self, folder: str) -> Iterable[tuple[str, T]]:
        """Return what lies in a folder: names, and what `enters` and `walks` want to know of them."""

    def enters(self, folder: str, entry: T) -> bool:
        """Whether it is a folder, or a link to one."""

    def walks(self, folder: str, entry: T) -> bool:
        """Whether it is a folder itself."""

    def is_file(self, target: str) -> bool:
        """Whether exactly this name is a file."""


def is_pattern(target: str) -> bool:
    """Whether a key has wildcards: ``*``, ``?``, ``[...]``."""
    return not _MAGIC.isdisjoint(target)


def find(place: Place[T], pattern: str) -> Iterator[str]:
    """Yield the files that match, each once, sorted. Raises `CannotRead` for too many folders.

    Held are the names of one folder and of those above it, however many match.
    """
    walk = _Walk(place, _segments(pattern))
    waiting = [_Below("", frozenset((0,)))]
    seen = 0
    while waiting:
        path, positions = waiting.pop()
        if positions is None:
            yield path
            continue
        seen += 1
        if seen > LIMIT_FOLDERS:
            raise CannotRead(f"the pattern looks into more than {LIMIT_FOLDERS:,} folders")
        files, below = walk.folder(path, positions)
        found = [_Below(path + name, None) for name in files]
        found += [_Below(f"{path}{name}/", frozenset(at)) for name, at in below.items()]
        # a folder sorts by its name with the slash: where the paths of what lies in it do
        waiting += sorted(found, key=_path, reverse=True)


def matches(path: str, pattern: str) -> bool:
    """Whether a pattern means this path, wherever it is."""
    segments = _segments(pattern)
    *folders, file = path.split("/")
    positions: Iterable[int] = (0,)
    for name in folders:
        positions = {to for at in _open(segments, positions) for to in _onwards(segments, at, name)}
    last = len(segments) - 1
    return last in _open(segments, positions) and _fits(file, segments[last])


class _Below(NamedTuple):
    """A file, or a folder to look into at these positions in the pattern."""

    path: str
    positions: frozenset[int] | None


_path = attrgetter("path")


class _Walk(Generic[T]):
    """One pattern over one place."""

    def __init__(self, place: Place[T], segments: Sequence[str]) -> None:
        self._place = place
        self._segments = segments
        self._last = len(segments) - 1

    def folder(self, folder: str, positions: Iterable[int]) -> tuple[set[str], dict[str, set[int]]]:
        """Return the names of matching files, and the folders to look into with positions in the pattern."""
        files: set[str] = set()
        below: dict[str, set[int]] = {}
        wild = []
        for at in _open(self._segments, positions):
            segment = self._segments[at]
            if segment == "**" or is_pattern(segment):
                wild.append(at)
            elif at < self._last:
                below.setdefault(segment, set()).add(at + 1)
            elif self._place.is_file(folder + segment):
                files.add(segment)
        for name, entry in self._place.entries(folder) if wild else ():
            for at in wild:
                self._step(folder, name, entry, at, files, below)
        return files, below

    def _step(
        self, folder: str, name: str, entry: T, at: int, files: set[str], below: dict[str, set[int]]
    ) -> None:
        if at == self._last:
            if _fits(name, self._segments[at]) and not self._place.enters(folder, entry):
                files.add(name)
            return
        for to in _onwards(self._segments, at, name):
            leads = self._place.walks if to == at else self._place.enters
            if leads(folder, entry):
                below.setdefault(name, set()).add(to)


def _segments(pattern: str) -> list[str]:
    found: list[str] = []
    for segment in pattern.split("/"):
        if segment != "**" or found[-1:] != ["**"]:
            found.append(segment)
    return [*found, "*"] if found[-1] == "**" else found


def _open(segments: Sequence[str], positions: Iterable[int]) -> set[int]:
    """Return the positions with those behind each ``**``, which may mean no folder at all."""
    return {to for at in positions for to in ((at, at + 1) if segments[at] == "**" else (at,))}


def _onwards(segments: Sequence[str], at: int, folder: str) -> Iterator[int]:
    """Yield where the pattern goes on inside a folder of this name."""
    if segments[at] == "**":
        if not folder.startswith("."):
            yield at
    elif at + 1 < len(segments) and _fits(folder, segments[at]):
        yield at + 1


def _fits(name: str, segment: str) -> bool:
    return _fitting(segment)(name)


@lru_cache(maxsize=1024)
def _fitting(segment: str) -> Callable[[str], bool]:
    """Return what tells whether a name fits one segment of a pattern."""
    if not is_pattern(segment):
        return segment.__eq__
    match, dotted = re.compile(translate(segment)).match, segment.startswith(".")
    return lambda name: (dotted or name[:1] != ".") and match(name) is not None
