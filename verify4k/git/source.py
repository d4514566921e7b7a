"""An asset's bytes as the commit will hold them: a blob, or what an LFS pointer stands for."""

from __future__ import annotations

import hashlib
import os
from functools import cached_property
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Missing, NotAnImage
from verify4k.files.source import BytesSource, FileSource
from verify4k.git.index import InSubmodule
from verify4k.git.lfs import read_pointer
from verify4k.git.repository import GitError

if TYPE_CHECKING:
    from verify4k.files.source import OpenReader
    from verify4k.git.blobs import Blobs
    from verify4k.git.index import Index
    from verify4k.git.lfs import Pointer
    from verify4k.git.repository import Repository


class Staged:
    """Where the bytes of staged files come from: the index, its blobs, and folders with LFS objects."""

    def __init__(self, index: Index, blobs: Blobs, repository: Repository) -> None:
        self.index = index
        self.blobs = blobs
        self._repository = repository

    def read(self, path: str) -> bytes:
        """Return a file's bytes. Raises `Missing`, `CannotRead`, `NotAnImage` for a mere pointer."""
        try:
            found = self.index.find(path)
        except InSubmodule as error:
            data, place = self._beyond(error), f"{error.folder}/{error.rest}"
        else:
            data, place = self.blobs.read(found.entry.oid), found.path
        pointer = read_pointer(data)
        return data if pointer is None else self._smudged(pointer, place)

    def _beyond(self, inside: InSubmodule) -> bytes:
        """Read a file of the commit that the index records for a submodule."""
        submodule = self._repository.submodule(inside.folder)
        if submodule is None or submodule.commit(inside.commit) is None:
            raise inside
        try:
            return submodule.run("cat-file", "blob", f"{inside.commit}:{inside.rest}")
        except GitError as error:
            raise Missing(
                f"the submodule {inside.folder} does not hold it at commit {inside.commit}",
                "commit it there and git add the submodule, or drop its entry",
            ) from error

    def _smudged(self, pointer: Pointer, path: str) -> bytes:
        """Look for the content in the work tree, then in the LFS store; only its hash makes it right."""
        oid = pointer.sha256
        there = False
        stored = os.path.join(self._store, oid[:2], oid[2:4], oid)
        for place in (os.path.join(self._repository.top, path), stored):
            try:
                data = FileSource(place).read_all()
            except (Missing, CannotRead):
                continue
            if hashlib.sha256(data).hexdigest() == oid:
                return data
            there = there or read_pointer(data) is None
        found = "; the file in the work tree is another one" if there else ""
        raise NotAnImage(
            f"a Git LFS pointer for {pointer.size} bytes with oid sha256:{oid}, not the image{found}",
            "run `git lfs pull`",
            "lfs",
        )

    @cached_property
    def _store(self) -> str:
        """The folder where git-lfs keeps what it has fetched or cleaned."""
        repository = self._repository
        common = os.path.join(
            repository.top, os.fsdecode(repository.run("rev-parse", "--git-common-dir")[:-1])
        )
        try:
            named = os.fsdecode(repository.run("config", "--type=path", "lfs.storage")[:-1])
        except GitError:
            named = "lfs"
        return os.path.join(common, named, "objects")


class StagedSource:
    """One file of the index, for the engine."""

    __slots__ = ("_path", "_staged")

    def __init__(self, staged: Staged, path: str) -> None:
        self._staged = staged
        self._path = path

    def open(self) -> OpenReader:
        """Return a reader over the blob: git has no random access."""
        return BytesSource(self.read_all()).open()

    def read_all(self) -> bytes:
        """Return the bytes that will be committed."""
        return self._staged.read(self._path)

    def beside(self, name: str) -> StagedSource:
        """Return another file of the same folder in the index."""
        folder, slash, _ = self._path.rpartition("/")
        return StagedSource(self._staged, f"{folder}{slash}{name}")
