"""The manifest as it was before a change, so that changed promises can be told from kept ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, ManifestError, Missing
from verify4k.files.trees import DiskTree, disk_tree
from verify4k.git.changes import blob_at
from verify4k.manifest.load import parse_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.files.trees import OpenTree, Tree
    from verify4k.git.blobs import Blobs
    from verify4k.git.changes import Changes
    from verify4k.git.index import Index
    from verify4k.git.repository import Repository
    from verify4k.model import Manifest


@dataclass(frozen=True)
class Past:
    """A repository before its changes: ``changes.base`` is the commit that they start from."""

    repository: Repository
    index: Index
    changes: Changes
    blobs: Blobs

    def edited(self, path: str) -> bool:
        """Whether a file changed, or what it links to; one that the index lacks may have."""
        passed: list[str] = []
        try:
            self.index.find(path, passed)
        except (Missing, CannotRead):
            return True
        return not self.changes.paths.isdisjoint(passed)

    def manifest(
        self, now: Manifest, path: str, name: str, folder: str, open_tree: OpenTree
    ) -> Manifest | None:
        """Return the manifest as it was, None when that cannot be told.

        Args:
            now: the manifest as it is, the answer where it did not change.
            path: where it stands in the repository.
            name: what messages call it.
            folder: where it stands, absolute.
            open_tree: opens the files that its patterns are matched against.
        """
        files = (self.repository.relative(each.path) for each in now.included)
        if not any(map(self.edited, (path, *files))):
            return now
        try:
            data = self.read(path)
            return parse_manifest(data, name, folder, lambda *where: _PastTree(self, open_tree(*where)))
        except (ManifestError, Missing, CannotRead):  # it was wrong, or is not in a shallow clone
            return None

    def read(self, path: str) -> bytes:
        """Return a file of the repository as it was. Raises `Missing`, `CannotRead`."""
        passed: list[str] = []
        there = path
        with suppress(Missing, CannotRead):
            there = self.index.find(path, passed).path
        if not self.changes.paths.isdisjoint(set(passed) - {there}):
            raise Missing(f"{path} leads elsewhere than it did")
        oid = blob_at(self.repository, self.changes.base, there)
        if oid is None:
            raise Missing(f"{path} was not there")
        return self.blobs.read(oid)


class _PastTree:
    """Patterns match what they match now; what the manifest reads besides itself is as it was."""

    def __init__(self, past: Past, tree: Tree) -> None:
        self._past = past
        self.root, self.name = tree.root, tree.name
        self.path, self.holds, self.expand = tree.path, tree.holds, tree.expand
        self.may_match_nothing = tree.may_match_nothing

    def read(self, target: str) -> bytes:
        return self._past.read(self._past.repository.relative(self.path(target)))

    def pieces(self, target: str) -> Iterator[bytes]:
        yield self.read(target)


class _LenientTree(DiskTree):
    """For a manifest of the past: what it matched then is not there to be matched now."""

    def may_match_nothing(self, pattern: str) -> bool:  # noqa: ARG002 - a tree's signature
        return True


def lenient_tree(folder: str, root: str) -> Tree:
    """Open the disk for a manifest of the past, whose patterns may match nothing any more."""
    return _LenientTree(disk_tree(folder, root).root)
