"""A manifest's files as the git index lists them; patterns match as they do on a disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Missing
from verify4k.files.patterns import find, matches
from verify4k.files.targets import LIMIT_MATCHES, Outside, at_most, refuse_absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from verify4k.git.index import Index


class IndexTree:
    """The files of the index below one folder.

    ``root``: what it is called, absolute; ``folder``: where it is in the index, links followed.
    ``gone``: what the commit deletes, so that a pattern loses its last match aloud. A pattern
    that matched nothing before either speaks of files that git does not track.
    """

    def __init__(
        self,
        index: Index,
        root: str,
        folder: str,
        gone: Collection[str] | None,
        read: Callable[[str], bytes] | None = None,
    ) -> None:
        self._read = read
        self.index = index
        self.prefix = f"{folder}/" if folder else ""
        self.root = root
        self.name = f"the git index of {self.root}"
        self._gone = gone

    def path(self, target: str) -> str:
        """Return where the file would be checked out. Raises `Outside`."""
        refuse_absolute(target)
        if target.rpartition("/")[2] in ("..", ".", ""):
            raise Outside("names a folder, not a file")
        inside = os.path.normpath(self.prefix + target).replace(os.sep, "/")
        if not inside.startswith(self.prefix) or inside.split("/")[0] == "..":
            raise Outside("leaves the folder")
        try:
            found = self.index.find(inside)
        except (Missing, CannotRead):  # nothing to follow: the check will say so
            return f"{self.root}/{target}"
        if not found.path.startswith(self.prefix):
            raise Outside("goes through a symbolic link that leaves the folder")
        return f"{self.root}/{target}"

    def holds(self, target: str) -> bool:
        """Whether the index has exactly this path."""
        return self.prefix + target in self.index.entries

    def expand(self, pattern: str) -> Iterator[str]:
        """Yield the matching files, sorted. Raises `CannotRead` for too many."""
        return at_most(LIMIT_MATCHES, find(self, pattern))

    def pieces(self, target: str) -> Iterator[bytes]:
        """Yield what the commit will hold. Raises `Outside`, `Missing`, `CannotRead`."""
        yield self.read(target)

    def read(self, target: str) -> bytes:
        """Return what the commit will hold. Raises `Outside`, `Missing`, `CannotRead`."""
        self.path(target)
        if self._read is None:
            raise CannotRead("files of an earlier commit are not read")
        return self._read(os.path.normpath(self.prefix + target).replace(os.sep, "/"))

    def may_match_nothing(self, pattern: str) -> bool:
        """Whether this commit neither promises the pattern nor takes its last match away."""
        if self._gone is None or self.prefix + pattern in self._gone:  # a file that was called like this
            return False
        below = (path[len(self.prefix) :] for path in self._gone if path.startswith(self.prefix))
        return not any(matches(path, pattern) for path in below)

    def entries(self, folder: str) -> list[tuple[str, tuple[str, bool]]]:
        """Return the names in a folder, each with whether it is a folder."""
        return [(name, (name, is_folder)) for name, is_folder in self._names(folder)]

    def enters(self, folder: str, entry: tuple[str, bool]) -> bool:
        """Whether it is a folder, or a link to one."""
        name, is_folder = entry
        return is_folder or self._leads_on(folder + name)

    def walks(self, folder: str, entry: tuple[str, bool]) -> bool:  # noqa: ARG002 - a place's signature
        """Whether it is a folder itself."""
        return entry[1]

    def is_file(self, target: str) -> bool:
        """Whether exactly this name is a file."""
        folder, slash, name = target.rpartition("/")
        known = dict(self._names(folder + slash)).get(name)
        return known is False and not self._leads_on(target)

    def _names(self, folder: str) -> list[tuple[str, bool]]:
        where = (self.prefix + folder).rstrip("/")
        if where not in self.index.folders:  # by way of a link
            where = self.index.behind(where) or where
        return list(self.index.folders.get(where, {}).items())

    def _leads_on(self, target: str) -> bool:
        return self.index.behind(self.prefix + target) is not None


def index_trees(
    index: Index, top: str, gone: Collection[str] | None, read: Callable[[str], bytes] | None = None
) -> Callable[[str, str], IndexTree]:
    """Return what opens the folder of a manifest in the index."""

    def open_tree(folder: str, root: str) -> IndexTree:
        inside = os.path.relpath(os.path.normpath(os.path.join(folder, root)), top).replace(os.sep, "/")
        if inside.split("/")[0] == "..":
            raise Outside(f"the root {root!a} leaves the repository")
        inside = "" if inside == "." else inside
        there = inside if inside in index.folders else index.behind(inside)
        if there is None:
            raise Outside(f"the root {root or folder!a} is no folder in the git index")
        # as on a disk: a root is what it leads to, the folder of a manifest is called as it was named
        return IndexTree(index, f"{top}/{there if root else inside}".rstrip("/"), there, gone, read)

    return open_tree


def images_in_index(tree: IndexTree, targets: list[str]) -> list[str]:
    """Return image files (by suffix) in the folders of ``targets``, sorted, as `images_beside` does."""
    from verify4k.formats.registry import suffixes

    found: list[str] = []
    for folder in sorted({target.rpartition("/")[0] for target in targets}):
        names = tree.index.folders.get((tree.prefix + folder).rstrip("/"), {})
        found += [
            f"{folder}/{name}" if folder else name
            for name, is_folder in names.items()
            if not is_folder and os.path.splitext(name)[1].lower() in suffixes()
        ]
    return sorted(found)
