"""What git is about to commit: manifest, files and patterns come from its index."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from verify4k.scopes import Opening, ScopeOption, accepted, choosers, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.checking.scope import Scope
    from verify4k.git.index import Index
    from verify4k.git.past import Past
    from verify4k.git.repository import Repository
    from verify4k.git.source import Staged
    from verify4k.model import Manifest
    from verify4k.provenance.ledger_history import History

OPTIONS = (ScopeOption("--staged", "Check what git is about to commit, from its index."),)


@contextmanager
def open_scope(opening: Opening) -> Iterator[Scope]:
    """Open the index; yield the promises that the commit touches."""
    from verify4k.checking.scope import Scope
    from verify4k.git.blobs import Blobs
    from verify4k.git.changes import staged_changes
    from verify4k.git.index import read_index
    from verify4k.git.past import Past
    from verify4k.git.repository import find_repository
    from verify4k.git.source import Staged, StagedSource
    from verify4k.git.staged_manifest import manifest_in_index
    from verify4k.git.touched import Touched, in_index
    from verify4k.git.tracking import Tracking
    from verify4k.git.tree import images_in_index, index_trees

    repository = find_repository(opening.here, opening.environment)
    top = repository.top
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        staged = Staged(index, blobs, repository)
        path = manifest_in_index(index, repository, opening.config, opening.here, staged.read)
        past = Past(repository, index, staged_changes(repository), blobs)
        manifest, before = _manifests(past, path, opening.shown(os.path.join(top, path)), staged)
        tree = index_trees(index, top, ())(manifest.root, "")
        touched = Touched(manifest, before, past, staged.read, untracked=False)
        part = narrowed(opening, touched, "what is staged")
        yield Scope(
            manifest,
            part.assets,
            lambda asset: StagedSource(staged, in_index(top, asset.path)),
            lambda: images_in_index(tree, manifest.files),
            opening.shown,
            part.notes,
            accepted(opening, partial(_named, opening, repository, staged)),
            ledger=cache(partial(_ledger, repository, index, staged, manifest)),
            tracking=Tracking(repository, manifest.assets, index, cached=True, read=blobs.read).of,
            may_be_empty=part.may_be_empty,
            chosen_by=choosers(opening, "--staged"),
        )


def find_below(here: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the manifests that the commit will hold in a folder and below it."""
    from verify4k.git.blobs import Blobs
    from verify4k.git.index import read_index
    from verify4k.git.repository import find_repository
    from verify4k.git.source import Staged
    from verify4k.git.staged_manifest import manifests_below

    repository = find_repository(here, environment)
    folder = repository.relative(os.path.join(here, "x")).rpartition("/")[0]
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        for path in manifests_below(index, folder, Staged(index, blobs, repository).read):
            yield os.path.join(repository.top, path)


def _manifests(past: Past, path: str, name: str, staged: Staged) -> tuple[Manifest, Manifest | None]:
    """Return the manifest as the commit will hold it and as it was, None when that cannot be told."""
    from verify4k.git.tree import index_trees
    from verify4k.manifest.load import parse_manifest

    index, top = past.index, past.repository.top
    gone = None if past.edited(path) else past.changes.paths - index.entries.keys()
    folder = os.path.dirname(os.path.join(top, index.find(path).path))
    manifest = parse_manifest(staged.read(path), name, folder, index_trees(index, top, gone, staged.read))
    for each in manifest.included if gone is not None else ():
        inside = past.repository.relative(each.path)
        if not each.listed and past.edited(inside):  # what it has come to promise has to be there, too
            strict = index_trees(index, top, None, staged.read)
            parse_manifest(staged.read(inside), each.name, os.path.dirname(each.path), strict)
    return manifest, past.manifest(manifest, path, name, folder)


def _named(opening: Opening, repository: Repository, staged: Staged, name: str) -> bytes:
    """Read a file of the index that the command line names. Raises `CannotRead`."""
    from verify4k.git.staged_manifest import read_named

    return read_named(staged.read, repository.relative(os.path.join(opening.here, name)), name)


def _ledger(repository: Repository, index: Index, staged: Staged, manifest: Manifest) -> History | None:
    """Return the ledger that the commit will hold; None where it holds none. Raises `CannotRead`."""
    from verify4k.git.staged_manifest import ledger_in_index
    from verify4k.model import LEDGER

    place = repository.relative(os.path.join(manifest.root, LEDGER))
    return ledger_in_index(staged.read, place, lambda folder: index.folders.get(folder, ()))
