"""Every promise of a manifest, and the files on the disk."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from verify4k.checking.scope import Scope
from verify4k.errors import UsageError
from verify4k.files.source import FileSource
from verify4k.files.targets import images_beside
from verify4k.formats.registry import suffixes
from verify4k.git.worktree import tracking_of
from verify4k.importers import load_promises
from verify4k.manifest.choosing import choose
from verify4k.manifest.discovery import discover
from verify4k.scopes import accepted, choosers, notes_of, refuse_outside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.scopes import Opening, ScopeOption

OPTIONS: tuple[ScopeOption, ...] = ()


@contextmanager
def open_scope(opening: Opening) -> Iterator[Scope]:
    """Read the manifest; its files are read when they are checked."""
    path = opening.config or _discovered(opening)
    manifest = load_promises(path, opening.shown(path))
    refuse_outside(opening, manifest.root, path)
    chosen = choose(manifest, opening.targets, opening.here)
    yield Scope(
        manifest,
        chosen,
        images_beside=lambda: images_beside(manifest.root, manifest.files),
        shown=opening.shown,
        notes=notes_of(opening, manifest, len(chosen)),
        baseline=accepted(opening, lambda name: FileSource(os.path.join(opening.here, name)).read_all()),
        tracking=tracking_of(manifest.root, chosen, opening.environment),
        chosen_by=choosers(opening),
    )


def _discovered(opening: Opening) -> str:
    """Find the manifest; where there is none, a TARGET may have been meant as a list of promises."""
    try:
        return discover(opening.here)
    except UsageError as error:
        for target in opening.targets:
            known = os.path.splitext(target)[1].lower() in suffixes()
            if not known and os.path.isfile(os.path.join(opening.here, target)):
                hint = "kinds of lists that can be checked: verify4k explain importers"
                said = f"{error.message}, and {target} is no list of promises of a known kind"
                raise UsageError(said, hint) from error
        raise
