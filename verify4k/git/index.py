"""What a commit would hold: every path of the git index with its blob; links are followed inside it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Missing
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.git.repository import Repository

_LINK, _SUBMODULE = "120000", "160000"
_HOPS = 40  # as many links as Linux follows


class Entry(NamedTuple):
    """One line of the index. ``stage`` other than 0: a merge that is not resolved."""

    mode: str
    oid: str
    stage: int


class InSubmodule(CannotRead):
    """The path lies in a submodule: this index holds only its commit."""

    def __init__(self, folder: str, commit: str, rest: str) -> None:
        super().__init__(
            f"it lies in the submodule {folder}, which does not have its commit {commit} here",
            "git submodule update --init",
        )
        self.folder = folder
        self.commit = commit
        self.rest = rest


class Found(NamedTuple):
    """What a path leads to, links followed."""

    entry: Entry
    path: str


class Index:
    """The paths of an index, relative to the top of the work tree."""

    def __init__(self, entries: dict[str, Entry], link: Callable[[str], bytes]) -> None:
        self.entries = entries
        self._link = link  # reads the blob of a link: where it leads
        self._folders: dict[str, dict[str, bool]] | None = None

    @property
    def folders(self) -> dict[str, dict[str, bool]]:
        """Folder -> name -> whether that is a folder. Submodules are folders that nobody can list."""
        if self._folders is None:
            self._folders = _folders(self.entries)
        return self._folders

    def find(self, path: str, passed: list[str] | None = None) -> Found:
        """Follow a path through links, as the file system would.

        Args:
            path: relative to the top.
            passed: gets every path on the way, the last one also when nothing is there.

        Raises:
            Missing: the index holds nothing there, or a link leads out of the repository.
            CannotRead: it lies in a submodule, or a merge has not settled it.
        """
        passed = [] if passed is None else passed
        rest = path.split("/")
        walked: list[str] = []
        while rest:
            part = rest.pop(0)
            if part == "..":
                if not walked:
                    raise Missing("a link leads out of the repository")
                walked.pop()
                continue
            if part in ("", "."):
                continue
            walked.append(part)
            here = "/".join(walked)
            entry = self.entries.get(here)
            if entry is None:
                continue
            passed.append(here)
            if len(passed) > _HOPS:
                raise Missing("a link leads to itself")
            if entry.mode == _LINK:
                walked.pop()
                rest = self._target(entry) + rest
            elif rest or entry.mode == _SUBMODULE:
                self._beyond(entry, here, "/".join(rest))
        return self._found("/".join(walked), passed)

    def behind(self, path: str) -> str | None:
        """Return the folder that a path leads to by way of a link; None for everything else."""
        passed: list[str] = []
        try:
            self.find(path, passed)
        except (Missing, CannotRead):
            return passed[-1] if passed and passed[-1] in self.folders else None
        return None

    def _found(self, path: str, passed: list[str]) -> Found:
        passed.append(path)
        entry = self.entries.get(path)
        if entry is None:
            if path in self.folders:
                raise Missing("this is a directory, not a regular file")
            raise Missing(
                "the file is not in the git index, so the commit will not hold it",
                "git add it, or drop its entry",
            )
        if entry.stage:
            raise CannotRead(
                "the merge conflict in this file is not resolved", "resolve it and git add the file"
            )
        return Found(entry, path)

    def _target(self, entry: Entry) -> list[str]:
        target = self._link(entry.oid).decode("utf-8", "surrogateescape")
        if target.startswith("/") or not target:
            raise Missing("a link leads out of the repository")
        return target.split("/")

    def _beyond(self, entry: Entry, here: str, rest: str) -> None:
        if entry.mode != _SUBMODULE:
            raise Missing(f"{here} is a file, not a folder")
        if not rest:
            raise Missing("this is a submodule, not a regular file")
        raise InSubmodule(here, entry.oid, rest)


def read_index(repository: Repository, link: Callable[[str], bytes]) -> Index:
    """List the index that git commits from: GIT_INDEX_FILE, if git says so."""
    return Index(dict(_lines(repository.run("ls-files", "--stage", "-z"))), link)


def read_commit(repository: Repository, commit: str, link: Callable[[str], bytes]) -> Index:
    """List what a commit or tree holds, in the form of an index."""
    listing = repository.run("ls-tree", "-r", "-z", "--full-tree", commit)
    entries: dict[str, Entry] = {}
    for line in listing.split(b"\0"):
        if line:
            head, _, name = line.partition(b"\t")
            mode, _, oid = head.decode("ascii").split(" ")
            entries[decoded(name)] = Entry(mode, oid, 0)
    return Index(entries, link)


def _lines(listing: bytes) -> Iterator[tuple[str, Entry]]:
    for line in listing.split(b"\0"):
        if line:
            head, _, name = line.partition(b"\t")
            mode, oid, stage = head.decode("ascii").split(" ")
            yield decoded(name), Entry(mode, oid, int(stage))


def decoded(name: bytes) -> str:
    """Return a name as Python would list it from a disk; git itself knows bytes only."""
    return name.decode("utf-8", "surrogateescape")


def folded(path: str) -> str:
    """Return what macOS and Windows take two names for: one file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _folders(entries: dict[str, Entry]) -> dict[str, dict[str, bool]]:
    found: dict[str, dict[str, bool]] = {"": {}}
    for path, entry in entries.items():
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, {})[name] = entry.mode == _SUBMODULE
        while folder and folder.rpartition("/")[2] not in found.get(folder.rpartition("/")[0], {}):
            above, _, name = folder.rpartition("/")
            found.setdefault(above, {})[name] = True
            folder = above
    return found
