"""From a manifest key to files: patterns, and the fence around the manifest's folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_MAGIC = frozenset("*?[")
LIMIT_MATCHES = 200_000


class Outside(ValueError):
    """A target leaves the folder that the manifest may speak about."""


class Fence:
    """Keeps targets inside ``root``; remembers what it resolved, since folders repeat."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._real_root = os.path.realpath(root)
        self._folders: dict[str, str] = {}

    def path(self, target: str) -> str:
        """Return the absolute path of a relative target. Raises `Outside`, saying how it leaves."""
        if target.startswith("/") or os.path.isabs(target) or os.path.splitdrive(target)[0]:
            raise Outside("is an absolute path")
        folder, _, name = target.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = self._resolve(folder)
        if name in ("..", ".", ""):
            raise Outside("names a folder, not a file")
        path = f"{self.root}/{target}"
        if os.path.islink(path) and not self._holds(os.path.realpath(path)):
            raise Outside("is a symbolic link that leaves the folder")
        return path

    def _resolve(self, folder: str) -> str:
        if os.path.normpath(folder).split(os.sep)[0] == "..":
            raise Outside("leaves the folder")
        real = os.path.realpath(os.path.join(self.root, folder))
        if not self._holds(real):
            raise Outside("goes through a symbolic link that leaves the folder")
        return real

    def _holds(self, real: str) -> bool:
        return real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)


def is_pattern(target: str) -> bool:
    """Whether a key has wildcards: ``*``, ``?``, ``[...]``."""
    return not _MAGIC.isdisjoint(target)


def expand(root: str, pattern: str) -> list[str]:
    """Return the files below ``root`` that match, sorted, as relative targets.

    ``*`` and ``?`` stop at a slash, ``**`` as a whole segment crosses folders (but follows no
    links to folders), names that start with a dot match only patterns that do.
    """
    found = sorted(set(_descend(root, "", pattern.split("/"))))
    if len(found) > LIMIT_MATCHES:
        raise CannotRead(f"the pattern matches {len(found)} files; the limit is {LIMIT_MATCHES}")
    return found


def _descend(root: str, folder: str, parts: list[str]) -> Iterator[str]:
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _any_depth(root, folder, rest)
    elif not is_pattern(head):
        below = f"{folder}{head}"
        if rest:
            yield from _descend(root, below + "/", rest)
        elif os.path.isfile(f"{root}/{below}"):
            yield below
    else:
        matches = _matcher(head).match
        for entry in _entries(root, folder):
            if not matches(entry.name) or (entry.name.startswith(".") and not head.startswith(".")):
                continue
            if not rest:
                if not _is_folder(entry, follow=True):
                    yield f"{folder}{entry.name}"
            elif _is_folder(entry, follow=True):
                yield from _descend(root, f"{folder}{entry.name}/", rest)


def _any_depth(root: str, folder: str, rest: list[str]) -> Iterator[str]:
    yield from _descend(root, folder, rest or ["*"])
    for entry in _entries(root, folder):
        if not entry.name.startswith(".") and _is_folder(entry, follow=False):
            yield from _any_depth(root, f"{folder}{entry.name}/", rest)


def _entries(root: str, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(f"{root}/{folder}" if folder else root) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise CannotRead(f"the folder {folder or '.'} cannot be listed: {error.strerror}") from error


def _is_folder(entry: os.DirEntry[str], *, follow: bool) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:  # a link that leads nowhere is no folder; the check will name it
        return False


def _matcher(pattern: str) -> re.Pattern[str]:
    import fnmatch
    import re

    return re.compile(fnmatch.translate(pattern))


def images_beside(root: str, targets: list[str]) -> list[str]:
    """Return image files (by suffix) in the folders of ``targets``, sorted, as relative targets."""
    from verify4k.formats.registry import suffixes

    found: list[str] = []
    for folder in sorted({target.rpartition("/")[0] for target in targets}):
        prefix = f"{folder}/" if folder else ""
        names = [entry.name for entry in _entries(root, prefix) if not _is_folder(entry, follow=True)]
        found.extend(prefix + name for name in names if os.path.splitext(name)[1].lower() in suffixes())
    return sorted(found)
