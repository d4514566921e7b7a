"""Which promises TARGETs mean, and paths as a person would write them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.model import Asset, Manifest


def shown_path(path: str, here: str) -> str:
    """Return a path as a person in ``here`` would write it, with forward slashes."""
    if path.startswith(here.rstrip(os.sep) + os.sep):
        path = path[len(here.rstrip(os.sep)) + 1 :]
    return path.replace(os.sep, "/")


def choose(manifest: Manifest, targets: Sequence[str], here: str) -> list[Asset]:
    """Return the assets that TARGETs mean: as the manifest writes them, as paths, or below folders."""
    from verify4k.errors import UsageError

    chosen: dict[str, Asset] = {}
    for target in targets:
        absolute = os.path.normpath(os.path.join(here, target))
        found = [
            asset
            for asset in manifest.assets
            if asset.target == target
            or (path := os.path.normpath(asset.path)) == absolute
            or path.startswith(absolute.rstrip(os.sep) + os.sep)
        ]
        if not found:
            from verify4k.suggest import suggest

            near = suggest(target, [asset.target for asset in manifest.assets])
            hint = f"did you mean {near}?" if near else "add an entry for it"
            raise UsageError(f"{manifest.path} promises nothing about {target}", hint)
        chosen.update((asset.target, asset) for asset in found)
    return [asset for asset in manifest.assets if asset.target in chosen]
