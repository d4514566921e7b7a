"""From a manifest key to files: patterns, and the fence around the manifest's folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.files.patterns import find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

LIMIT_MATCHES = 2_000_000


class Outside(ValueError):
    """A target leaves the folder that the manifest may speak about."""


def refuse_absolute(target: str, paths: ModuleType = os.path) -> None:
    """Raise `Outside` for a target that is not relative, or that this system would split elsewhere."""
    if target.startswith("/") or paths.isabs(target) or paths.splitdrive(target)[0]:
        raise Outside("is an absolute path")
    if paths.sep == "\\" and not {"\\", ":"}.isdisjoint(target):
        raise Outside('has a backslash or a colon: folders are separated by "/"')


def spelled(target: str) -> str:
    """Return the one way to write a target: "./a//b" is "a/b"."""
    if not (target.startswith("./") or "//" in target or "/./" in target):
        return target
    first, *others, last = target.split("/")
    parts = [part for part in others if part not in ("", ".")]
    return "/".join([*parts, last] if first == "." else [first, *parts, last])


def without_parents(target: str) -> str:
    """Return what a target that goes through ".." means where no folder on its way is a link.

    "a/../b.png" is "b.png"; "../b.png", and any target without "..", stay as they are.
    """
    if "/../" not in f"/{target}/":
        return target
    import posixpath

    return posixpath.normpath(target)


def at_most(limit: int, found: Iterator[str]) -> Iterator[str]:
    """Yield what a pattern matches. Raises `CannotRead` for too many."""
    for count, target in enumerate(found):
        if count == limit:
            raise CannotRead(f"the pattern matches more than {limit:,} files", "write several manifests")
        yield target


class Fence:
    """Keeps targets inside ``root``; remembers what it resolved, since folders repeat.

    ``paths``: how paths are read, by default as this system does (`posixpath` or `ntpath`).
    """

    def __init__(self, root: str, paths: ModuleType = os.path) -> None:
        self.root = root
        self._paths = paths
        self._real_root = paths.realpath(root)
        self._folders: dict[str, str] = {}
        self._listed: set[str] = set()
        self._links: set[str] = set()

    def path(self, target: str) -> str:
        """Return the absolute path of a relative target. Raises `Outside`, saying how it leaves."""
        refuse_absolute(target, self._paths)
        folder, _, name = target.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = self._resolve(folder)
        if name in ("..", ".", ""):
            raise Outside("names a folder, not a file")
        path = f"{self.root}/{target}"
        if self._leads_away(folder, target, path):
            raise Outside("is a symbolic link that leaves the folder")
        return path

    def _leads_away(self, folder: str, target: str, path: str) -> bool:
        linked = target in self._links if folder in self._listed else self._paths.islink(path)
        return linked and not self._holds(self._paths.realpath(path))

    def expand(self, pattern: str) -> Iterator[str]:
        """Yield the files that match, sorted, as relative targets. Raises `CannotRead`."""
        disk = _Disk(self.root, self._listed, self._links)  # nobody asks again which files are links
        return at_most(LIMIT_MATCHES, find(disk, pattern))

    def _resolve(self, folder: str) -> str:
        if self._paths.normpath(folder).split(self._paths.sep)[0] == "..":
            raise Outside("leaves the folder")
        real: str = self._paths.realpath(self._paths.join(self.root, folder))
        if not self._holds(real):
            raise Outside("goes through a symbolic link that leaves the folder")
        return real

    def _holds(self, real: str) -> bool:
        return real == self._real_root or real.startswith(
            self._real_root.rstrip(self._paths.sep) + self._paths.sep
        )


class _Disk:
    """The folders of a disk, for patterns; adds to ``listed`` those looked into, to ``links`` what is one."""

    def __init__(self, root: str, listed: set[str], links: set[str]) -> None:
        self._root = root
        self._listed = listed
        self._links = links

    def entries(self, folder: str) -> list[tuple[str, os.DirEntry[str]]]:
        found = [(entry.name, entry) for entry in _entries(self._root, folder)]
        self._listed.add(folder.rstrip("/"))
        self._links.update([folder + name for name, entry in found if entry.is_symlink()])
        return found

    def enters(self, folder: str, entry: os.DirEntry[str]) -> bool:  # noqa: ARG002 - a place's signature
        return _is_folder(entry, follow=True)

    def walks(self, folder: str, entry: os.DirEntry[str]) -> bool:  # noqa: ARG002 - a place's signature
        return _is_folder(entry, follow=False)

    def is_file(self, target: str) -> bool:
        return os.path.isfile(f"{self._root}/{target}")


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


def images_beside(root: str, targets: list[str]) -> list[str]:
    """Return image files (by suffix) in the folders of ``targets``, sorted, as relative targets."""
    from verify4k.formats.registry import suffixes

    found: list[str] = []
    for folder in sorted({target.rpartition("/")[0] for target in targets}):
        prefix = f"{folder}/" if folder else ""
        names = [entry.name for entry in _entries(root, prefix) if not _is_folder(entry, follow=True)]
        found.extend(prefix + name for name in names if os.path.splitext(name)[1].lower() in suffixes())
    return sorted(found)
