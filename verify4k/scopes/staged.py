"""What git is about to commit: manifest, files and patterns come from its index."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from verify4k.scopes import Opening, ScopeOption, accepted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.checking.scope import Scope
    from verify4k.git.index import Index
    from verify4k.git.repository import Repository
    from verify4k.git.source import Staged
    from verify4k.model import Manifest
    from verify4k.provenance.history import History

OPTIONS = (ScopeOption("--staged", "Check what git is about to commit, from its index."),)


@contextmanager
def open_scope(opening: Opening) -> Iterator[Scope]:
    """Open the index; yield the promises that the commit touches."""
    from verify4k.checking.scope import Scope
    from verify4k.git.blobs import Blobs
    from verify4k.git.changes import staged_changes
    from verify4k.git.index import read_index
    from verify4k.git.past import Past, edited
    from verify4k.git.repository import find_repository
    from verify4k.git.source import Staged, StagedSource
    from verify4k.git.staged_manifest import manifest_in_index, read_named
    from verify4k.git.touched import Touched, in_index, narrowed
    from verify4k.git.tracking import Tracking
    from verify4k.git.tree import images_in_index, index_trees
    from verify4k.manifest.choosing import choose
    from verify4k.manifest.load import parse_manifest

    repository = find_repository(opening.here, opening.environment)
    top = repository.top
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        staged = Staged(index, blobs, repository)
        path = manifest_in_index(index, repository, opening.config, opening.here, staged.read)
        changes = staged_changes(repository)
        gone = None if edited(index, changes, path) else changes.paths - index.entries.keys()
        folder = os.path.dirname(os.path.join(top, index.find(path).path))
        name = opening.shown(os.path.join(top, path))
        open_tree = index_trees(index, top, gone, staged.read)
        manifest = parse_manifest(staged.read(path), name, folder, open_tree)
        tree = open_tree(manifest.root, "")
        past = Past(repository, index, changes, path, blobs)
        before = past.manifest(manifest, name, folder, index_trees(index, top, ()))
        touched = Touched(manifest, before, changes, index, top, untracked=False)

        def inside(name: str) -> str:
            return repository.relative(os.path.join(opening.here, name))

        everything = opening.baseline is not None and edited(index, changes, inside(opening.baseline))

        chosen = choose(manifest, opening.targets, opening.here)
        part = narrowed(chosen, touched, "what is staged", everything=everything, strangers=opening.strangers)
        yield Scope(
            manifest,
            part.assets,
            lambda asset: StagedSource(staged, in_index(top, asset.path)),
            lambda: images_in_index(tree, manifest.files),
            opening.shown,
            part.notes,
            accepted(opening, lambda name: read_named(staged.read, inside(name), name)),
            ledger=cache(partial(_ledger, repository, index, staged, manifest)),
            tracking=Tracking(repository, manifest.assets, index, cached=True, read=blobs.read).of,
            may_be_empty=bool(chosen),
        )


def _ledger(repository: Repository, index: Index, staged: Staged, manifest: Manifest) -> History | None:
    """Return the ledger that the commit will hold; None where it holds none. Raises `CannotRead`."""
    from verify4k.git.staged_manifest import ledger_in_index
    from verify4k.model import LEDGER

    place = repository.relative(os.path.join(manifest.root, LEDGER))
    return ledger_in_index(staged.read, place, lambda folder: index.folders.get(folder, ()))
