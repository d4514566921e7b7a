"""What git's attributes and index say of promised files, asked once for a whole run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from verify4k.artifacts.tracking import Tracked
from verify4k.errors import CannotRead, Missing
from verify4k.files.source import FileSource
from verify4k.git.blobs import Blobs
from verify4k.git.index import folded, read_index
from verify4k.git.lfs import MOST, read_pointer
from verify4k.git.repository import GitError, Repository
from verify4k.git.touched import in_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verify4k.git.index import Index
    from verify4k.model import Asset

_ATTRIBUTES = ("text", "eol", "filter")
_ASKED = 5000  # paths a question


class Tracking:
    """Answers about the assets of one run, whichever thread asks.

    Args:
        repository: the repository around them.
        assets: everything that may be asked about.
        index: its index, where it has been read already.
        cached: take attributes from the index, as a commit will, instead of from the work tree.
        read: how blobs are read, where something does so already.
    """

    def __init__(
        self,
        repository: Repository,
        assets: Sequence[Asset],
        index: Index | None = None,
        *,
        cached: bool = False,
        read: Callable[[str], bytes] | None = None,
    ) -> None:
        self._read = read or (lambda oid: repository.run("cat-file", "blob", oid))
        self._repository = repository
        self._assets = assets
        self._index = index
        self._cached = cached
        self._attributes: Mapping[str, Mapping[str, str]] | None = None
        self._small: frozenset[str] | None = None
        self._names: Mapping[str, Sequence[str]] | None = None
        self._lock = threading.Lock()

    def of(self, asset: Asset) -> Tracked | None:
        """Return what git knows; None for what it does not track. Raises `CannotRead`."""
        if asset.url is not None:
            return None
        path = in_index(self._repository.top, asset.path)
        try:
            return self._asked(path, asset)
        except GitError as error:
            raise CannotRead(f"git was asked and gave no answer: {error.message}", error.hint) from error

    def _asked(self, path: str, asset: Asset) -> Tracked | None:
        with self._lock:
            if self._index is None:
                with Blobs(self._repository) as blobs:
                    self._index = read_index(self._repository, blobs.read)
            entry = self._index.entries.get(path)
            if entry is None or not entry.mode.startswith("100"):
                return None
            if self._attributes is None:
                self._attributes = self._read_attributes()
            said = self._attributes.get(path, {})
            pointer = (
                self._is_pointer(self._index, entry.oid)
                if said.get("filter") == "lfs" or self._cached or _holds_pointer(asset.path)
                else None
            )
            text, eol, how = (said.get(name, "unspecified") for name in _ATTRIBUTES)
            return Tracked(text, eol, how, pointer, self._alike(path))

    def _read_attributes(self) -> Mapping[str, Mapping[str, str]]:
        paths = [in_index(self._repository.top, asset.path) for asset in self._assets if asset.url is None]
        found: dict[str, dict[str, str]] = {}
        options = ["--cached"] if self._cached else []
        for at in range(0, len(paths), _ASKED):
            answer = self._repository.run(
                "check-attr", "-z", *options, *_ATTRIBUTES, "--", *paths[at : at + _ASKED]
            )
            parts = answer.decode("utf-8", "surrogateescape").split("\0")
            for path, name, value in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
                found.setdefault(path, {})[name] = value
        return found

    def _is_pointer(self, index: Index, oid: str) -> bool:
        """Whether a blob is a Git LFS pointer: few are as small as one, and only those are read."""
        if self._small is None:
            self._small = self._small_blobs(index)
        if oid not in self._small:
            return False
        return read_pointer(self._read(oid)) is not None

    def _small_blobs(self, index: Index) -> frozenset[str]:
        paths = (in_index(self._repository.top, asset.path) for asset in self._assets if asset.url is None)
        oids = {entry.oid for path in paths if (entry := index.entries.get(path)) is not None}
        process = self._repository.popen("cat-file", "--batch-check=%(objectname) %(objectsize)")
        answer, _ = process.communicate("".join(f"{oid}\n" for oid in sorted(oids)).encode("ascii"))
        lines = (line.split() for line in answer.decode("ascii", "replace").splitlines())
        return frozenset(
            each[0] for each in lines if len(each) == 2 and each[1].isdigit() and int(each[1]) <= MOST
        )

    def _alike(self, path: str) -> tuple[str, ...]:
        if self._index is None:
            return ()
        if self._names is None:
            names: dict[str, list[str]] = {}
            for each in self._index.entries:
                names.setdefault(folded(each), []).append(each)
            self._names = names
        return tuple(other for other in self._names[folded(path)] if other != path)


def _holds_pointer(path: str) -> bool:
    """Whether the work tree has a pointer: one that no attribute covers is what git holds, too."""
    try:
        return read_pointer(FileSource(path, MOST).read_all()) is not None
    except (Missing, CannotRead):
        return False
