"""Which promises the TARGETs of a command line mean."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.model import Asset, Manifest


def choose(manifest: Manifest, targets: Sequence[str], here: str) -> Sequence[Asset]:
    """Return the assets that TARGETs mean: as the manifest writes them, as paths, or below folders.

    No TARGET means all of them. Raises `UsageError` for one that means none.
    """
    if not targets:
        return manifest.assets
    chosen: dict[str, Asset] = {}
    for target in targets:
        absolute = _place(os.path.join(here, target))
        found = [
            asset
            for asset in manifest.assets
            if target in (asset.target, asset.url) or _below(os.path.normpath(asset.path), absolute)
        ] or list(_through_links(manifest, absolute))
        if not found:
            from verify4k.suggest import suggest

            near = suggest(target, [asset.target for asset in manifest.assets])
            there = os.path.lexists(absolute)
            hint = "add an entry for it" if there else f"did you mean {near}?" if near else "correct the name"
            said = ", which is there" if there else ", and nothing of that name is there"
            raise UsageError(f"{manifest.path} promises nothing about {target}{said}", hint)
        chosen.update((asset.target, asset) for asset in found)
    return tuple(asset for asset in manifest.assets if asset.target in chosen)


def _place(path: str) -> str:
    """Return where a TARGET is; behind a link ".." means the folder that the link leads to."""
    above, parent, name = f"{path}{os.sep}".rpartition(f"{os.sep}{os.pardir}{os.sep}")
    return os.path.normpath(f"{os.path.realpath(above + parent)}{os.sep}{name}" if parent else path)


def _below(path: str, place: str) -> bool:
    """Whether a path is a place, or lies below it."""
    return path == place or path.startswith(place.rstrip(os.sep) + os.sep)


def _through_links(manifest: Manifest, absolute: str) -> Iterator[Asset]:
    """Yield what a path means whose folders are links, as /tmp is on macOS; a link to a file is that link."""
    real = cache(os.path.realpath)
    if os.path.isdir(absolute):
        place = real(absolute)
    else:
        place = os.path.join(real(os.path.dirname(absolute)), os.path.basename(absolute))
    for asset in manifest.assets:
        folder, name = os.path.split(asset.path)
        if asset.url is None and _below(os.path.join(real(folder), name), place):
            yield asset
