"""What `--staged` and `--changed` check: the touched promises, and where their bytes come from."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from verify4k.errors import CannotRead, ManifestError, Missing, NotAnImage, UsageError
from verify4k.files.source import FileSource
from verify4k.files.targets import images_beside
from verify4k.files.trees import DiskTree, disk_tree
from verify4k.git.blobs import Blobs
from verify4k.git.changes import blob_at, changes_since, staged_changes
from verify4k.git.index import read_index
from verify4k.git.repository import find_repository
from verify4k.git.source import Staged, StagedSource
from verify4k.git.touched import Touched, in_index
from verify4k.git.tree import images_in_index, index_trees
from verify4k.manifest.load import NAMES, discover, load_manifest, parse_manifest
from verify4k.scopes.whole import Part, Scope, file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify4k.files.trees import OpenTree, Tree
    from verify4k.git.changes import Changes
    from verify4k.git.index import Index
    from verify4k.git.repository import Repository
    from verify4k.model import Manifest


@contextmanager
def staged_scope(
    config: str | None, shown: Callable[[str], str], here: str, env: Mapping[str, str]
) -> Iterator[Scope]:
    """Open what is about to be committed: manifest, files and patterns come from the index."""
    repository = find_repository(here, env)
    top = repository.top
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        staged = Staged(index, blobs, repository)
        path = _config_in_index(index, repository, config, here, staged.read)
        changes = staged_changes(repository)
        gone = None if _edited(index, changes, path) else changes.paths - index.entries.keys()
        folder = os.path.dirname(os.path.join(top, index.find(path).path))
        written = _Written(shown(os.path.join(top, path)), folder)
        open_tree = index_trees(index, top, gone)
        manifest = parse_manifest(staged.read(path), *written, open_tree)
        tree = open_tree(manifest.root, "")
        past = index_trees(index, top, ())
        before = _before(repository, index, changes, path, manifest, written, past, blobs)

        def inside(name: str) -> str:
            return repository.relative(os.path.join(here, name))

        yield Scope(
            manifest,
            lambda asset: StagedSource(staged, in_index(top, asset.path)),
            lambda m: images_in_index(tree, [asset.target for asset in m.assets]),
            lambda name: _whole(staged.read, inside(name), name),
            Part(
                Touched(manifest, before, changes, index, top, untracked=False).assets,
                lambda name: _edited(index, changes, inside(name)),
                "what is staged",
            ),
        )


@contextmanager
def changed_scope(
    config: str | None, ref: str | None, shown: Callable[[str], str], here: str, env: Mapping[str, str]
) -> Iterator[Scope]:
    """Open the work tree, for what changed since ``ref``."""
    repository = find_repository(here, env)
    path = config or discover(here)
    manifest = load_manifest(path, shown_as=shown(path))
    inside = repository.relative(os.path.abspath(path))
    repository.relative(os.path.join(manifest.root, "x"))  # refuses a root outside
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        changes = changes_since(repository, ref)
        written = _Written(manifest.path, os.path.dirname(os.path.realpath(path)))
        before = _before(repository, index, changes, inside, manifest, written, _lenient_tree, blobs)
        yield Scope(
            manifest,
            file_of,
            lambda m: images_beside(m.root, [asset.target for asset in m.assets]),
            lambda name: FileSource(os.path.join(here, name)).read_all(),
            Part(
                Touched(manifest, before, changes, index, repository.top, untracked=True).assets,
                lambda name: _edited(index, changes, repository.relative(os.path.join(here, name))),
                f"what changed since {changes.since}",
            ),
        )


class _Written(NamedTuple):
    """How a manifest is called, and the folder that it stands in."""

    name: str
    folder: str


class _LenientTree(DiskTree):
    """For a manifest of the past: what it matched then is not there to be matched now."""

    def may_match_nothing(self, pattern: str) -> bool:  # noqa: ARG002 - a tree's signature
        return True


def _lenient_tree(folder: str, root: str) -> Tree:
    return _LenientTree(disk_tree(folder, root).root)


def _before(
    repository: Repository,
    index: Index,
    changes: Changes,
    path: str,
    manifest: Manifest,
    written: _Written,
    open_tree: OpenTree,
    blobs: Blobs,
) -> Manifest | None:
    """Return the manifest as it was, None when that cannot be told."""
    if not _edited(index, changes, path):
        return manifest
    oid = blob_at(repository, changes.base, path)
    if oid is None:
        return None
    try:
        return parse_manifest(blobs.read(oid), *written, open_tree)
    except (ManifestError, CannotRead):  # it was wrong, or is not in a shallow clone
        return None


def _edited(index: Index, changes: Changes, path: str) -> bool:
    """Whether a file changed, or what it links to; one that the index lacks may have."""
    passed: list[str] = []
    try:
        index.find(path, passed)
    except (Missing, CannotRead):
        return True
    return not changes.paths.isdisjoint(passed)


def _config_in_index(
    index: Index, repository: Repository, config: str | None, here: str, read: Callable[[str], bytes]
) -> str:
    """Return the manifest's path in the index. Raises `UsageError` when it has none."""
    if config is not None:
        path = repository.relative(os.path.join(here, config))
        _whole(read, path, config)
        return path
    folder = repository.relative(os.path.join(here, "x")).rpartition("/")[0]
    while True:
        prefix = f"{folder}/" if folder else ""
        for name in NAMES:
            if prefix + name in index.entries:
                return prefix + name
        project = f"{prefix}pyproject.toml"
        if project in index.entries and b"[tool.verify4k" in read(project):
            return project
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    raise UsageError(
        f"no manifest in the git index, from {here} upwards", "git add it, or write one with: verify4k init"
    )


def _whole(read: Callable[[str], bytes], path: str, name: str) -> bytes:
    try:
        return read(path)
    except (Missing, NotAnImage) as error:
        raise UsageError(f"{name} cannot be read from the git index: {error.message}", error.hint) from error
