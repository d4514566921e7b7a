"""Which promises the TARGETs of a command line mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.model import Asset, Manifest


def choose(manifest: Manifest, targets: Sequence[str], here: str) -> tuple[Asset, ...]:
    """Return the assets that TARGETs mean: as the manifest writes them, as paths, or below folders.

    No TARGET means all of them. Raises `UsageError` for one that means none.
    """
    if not targets:
        return manifest.assets
    chosen: dict[str, Asset] = {}
    for target in targets:
        absolute = os.path.normpath(os.path.join(here, target))
        found = [
            asset
            for asset in manifest.assets
            if target in (asset.target, asset.url)
            or (path := os.path.normpath(asset.path)) == absolute
            or path.startswith(absolute.rstrip(os.sep) + os.sep)
        ]
        if not found:
            from verify4k.suggest import suggest

            near = suggest(target, [asset.target for asset in manifest.assets])
            there = os.path.lexists(absolute)
            hint = "add an entry for it" if there else f"did you mean {near}?" if near else "correct the name"
            said = ", which is there" if there else ", and nothing of that name is there"
            raise UsageError(f"{manifest.path} promises nothing about {target}{said}", hint)
        chosen.update((asset.target, asset) for asset in found)
    return tuple(asset for asset in manifest.assets if asset.target in chosen)
