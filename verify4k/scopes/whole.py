"""What one run checks: a manifest, the part of its promises that counts, and where bytes come from."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from verify4k.files.source import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verify4k.files.source import Source
    from verify4k.model import Asset, Manifest


class Scope(NamedTuple):
    """One run's promises and surroundings."""

    manifest: Manifest
    source_of: Callable[[Asset], Source]
    images_beside: Callable[[Manifest], Sequence[str]]
    read: Callable[[str], bytes]  # another file of the user's, by its path
    part: Part | None = None  # None: everything


class Part(NamedTuple):
    """Which promises a change touches."""

    touched: Callable[[bool], list[Asset]]  # argument: whether strangers beside promised files count
    changed: Callable[[str], bool]  # whether another file of the user's changed
    since: str  # what the change is, for people


@contextmanager
def whole_scope(config: str | None, shown: Callable[[str], str], here: str) -> Iterator[Scope]:
    """Open every promise of a manifest and the files on the disk."""
    from verify4k.files.targets import images_beside
    from verify4k.manifest.load import discover, load_manifest

    path = config or discover(here)
    yield Scope(
        load_manifest(path, shown_as=shown(path)),
        file_of,
        lambda m: images_beside(m.root, [asset.target for asset in m.assets]),
        lambda name: FileSource(os.path.join(here, name)).read_all(),
    )


def file_of(asset: Asset) -> Source:
    """Return an asset's file on the disk."""
    return FileSource(asset.path)
