"""The manifest as it was before a change, so that changed promises can be told from kept ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, ManifestError, Missing
from verify4k.git.index import read_commit
from verify4k.git.tree import index_trees
from verify4k.manifest.load import parse_manifest

if TYPE_CHECKING:
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

    def only_pictures(self) -> bool:
        """Whether nothing else has changed than files that are called like pictures."""
        from verify4k.formats.registry import suffixes

        return all(os.path.splitext(path)[1].lower() in suffixes() for path in self.changes.paths)

    def manifest(self, now: Manifest, path: str, name: str, folder: str) -> Manifest | None:
        """Return the manifest as it was, None when that cannot be told.

        Args:
            now: the manifest as it is, the answer where nothing changes what it says.
            path: where it stands in the repository.
            name: what messages call it.
            folder: where it stands, absolute.
        """
        files = (self.repository.relative(each.path) for each in now.included)
        if not now.grouped and not any(map(self.edited, (path, *files))):
            return now
        trees = index_trees(self._then, self.repository.top, (), self.read)
        try:
            return parse_manifest(self.read(path), name, folder, trees)
        except (ManifestError, Missing, CannotRead):  # it was wrong, or is not in a shallow clone
            return None

    def read(self, path: str) -> bytes:
        """Return a file of the repository as it was. Raises `Missing`, `CannotRead`."""
        return self.blobs.read(self._then.find(path).entry.oid)

    @cached_property
    def _then(self) -> Index:
        return read_commit(self.repository, self.changes.base, self.blobs.read)
