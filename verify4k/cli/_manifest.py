"""The manifest that a command works on, and the assets that its TARGETs mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.model import Asset, Manifest


def open_manifest(config: str | None) -> Manifest:
    """Read the named manifest, or the one found from the working directory upwards."""
    from verify4k.files.paths import shown_path
    from verify4k.manifest.discovery import discover
    from verify4k.manifest.load import load_manifest

    here = os.getcwd()
    path = config or discover(here)
    return load_manifest(path, shown_as=shown_path(str(path), here))


def chosen_assets(manifest: Manifest, targets: Sequence[str]) -> Sequence[Asset]:
    """Return the assets that TARGETs mean, all of them when there are none."""
    from verify4k.manifest.choosing import choose

    return choose(manifest, targets, os.getcwd())
