"""Where a manifest's files are looked for: folders on a disk, or whatever else has paths."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from verify4k.files.source import FileSource
from verify4k.files.targets import Fence, Outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    OpenTree = Callable[[str, str], "Tree"]


class Tree(Protocol):
    """The files below one folder, by targets: relative paths with forward slashes."""

    root: str
    name: str  # as messages call it

    def path(self, target: str) -> str:
        """Return a target's absolute path. Raises `Outside` for one that leaves the folder."""

    def holds(self, target: str) -> bool:
        """Whether something has exactly this name."""

    def expand(self, pattern: str) -> Iterator[str]:
        """Yield the targets that match, sorted. Raises `CannotRead`."""

    def may_match_nothing(self, pattern: str) -> bool:
        """Whether a pattern without a match is none of this run's business."""

    def read(self, target: str) -> bytes:
        """Return a file's bytes. Raises `Outside`, `Missing`, `CannotRead`."""

    def pieces(self, target: str) -> Iterator[bytes]:
        """Yield a file's bytes, a piece at a time. Raises `Outside`, `Missing`, `CannotRead`."""


class DiskTree:
    """A folder on the disk."""

    def __init__(self, root: str) -> None:
        self.root = self.name = root
        fence = Fence(root)
        self.path, self.expand = fence.path, fence.expand

    def holds(self, target: str) -> bool:
        """Whether something has this name, also a link that leads nowhere."""
        return os.path.lexists(f"{self.root}/{target}")

    def may_match_nothing(self, pattern: str) -> bool:  # noqa: ARG002 - a tree's signature
        """No: a pattern that matches nothing on the disk promises nothing, by mistake."""
        return False

    def read(self, target: str) -> bytes:
        """Read a file of the folder."""
        return FileSource(self.path(target)).read_all()

    def pieces(self, target: str) -> Iterator[bytes]:
        """Yield the bytes of a file of the folder."""
        return FileSource(self.path(target)).pieces()


def disk_tree(folder: str, root: str) -> DiskTree:
    """Open the folder that ``root:`` names, seen from the manifest's. Raises `Outside`."""
    if not root:
        return DiskTree(folder)
    real = os.path.realpath(os.path.join(folder, root))
    if not os.path.isdir(real):
        raise Outside(f"the root {real!a} is no folder")
    return DiskTree(real)
