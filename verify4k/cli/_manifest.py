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


def tell_empty(path: str) -> None:
    """Say that there is nothing to check, and what to do about a manifest or another source of promises."""
    from verify4k.cli._output import tell
    from verify4k.manifest.discovery import is_manifest
    from verify4k.text import printable

    if is_manifest(path):
        tell("error: nothing to check: the manifest promises no file")
        tell("  add files: {PATH: SIZE, ...}, or let it be: --allow-empty")
    else:
        tell(f"error: nothing to check: {printable(path)} promises no picture")
        tell("  what such a source promises: verify4k explain importers; to let it be: --allow-empty")
