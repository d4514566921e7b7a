"""What changed since a branch or commit, in the work tree."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from verify4k.scopes import Opening, ScopeOption, accepted, choosers, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.checking.scope import Scope

OPTIONS = (
    ScopeOption("--changed", "Check only what changed since --since."),
    ScopeOption("--since", "A branch or commit; by default the upstream.", "REF"),
)


@contextmanager
def open_scope(opening: Opening) -> Iterator[Scope]:
    """Open the work tree; yield the promises that changed since ``--since``."""
    from verify4k.checking.scope import Scope, file_of
    from verify4k.files.source import FileSource
    from verify4k.files.targets import images_beside
    from verify4k.git.blobs import Blobs
    from verify4k.git.changes import changes_since
    from verify4k.git.index import read_index
    from verify4k.git.past import Past
    from verify4k.git.repository import find_repository
    from verify4k.git.touched import Touched
    from verify4k.git.tracking import Tracking
    from verify4k.importers import load_promises, reads_more
    from verify4k.manifest.discovery import discover

    here = opening.here
    repository = find_repository(here, opening.environment)
    path = opening.config or discover(here)
    manifest = load_promises(path, opening.shown(path))
    inside = repository.relative(os.path.abspath(path))
    repository.relative(os.path.join(manifest.root, "x"))  # refuses a root outside
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        past = Past(repository, index, changes_since(repository, opening.given.get("since")), blobs)
        folder = os.path.dirname(os.path.realpath(path))
        known = past.only_pictures() or not reads_more(path)
        before = past.manifest(manifest, inside, manifest.path, folder) if known else None

        def read(inside: str) -> bytes:
            return FileSource(os.path.join(repository.top, inside)).read_all()

        touched = Touched(manifest, before, past, read, untracked=True)
        part = narrowed(opening, touched, f"what changed since {past.changes.since}")
        yield Scope(
            manifest,
            part.assets,
            file_of,
            lambda: images_beside(manifest.root, manifest.files),
            opening.shown,
            part.notes,
            accepted(opening, lambda name: FileSource(os.path.join(here, name)).read_all()),
            tracking=Tracking(repository, manifest.assets, index).of,
            may_be_empty=part.may_be_empty,
            chosen_by=choosers(opening, f"--since {past.changes.since}"),
        )
