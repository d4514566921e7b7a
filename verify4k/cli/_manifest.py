"""The manifest that a command works on, and the assets that its TARGETs mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.cli._run import Request
    from verify4k.model import Asset, Manifest
    from verify4k.report import Report


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


def named_manifests(request: Request, here: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files of promises that are named by options or as TARGETs, and the other TARGETs."""
    from verify4k.errors import UsageError
    from verify4k.importers import makes_promises
    from verify4k.scopes import manifests_below

    named = tuple(target for target in request.targets if makes_promises(target))
    targets = tuple(target for target in request.targets if target not in named)
    once: dict[str, str] = {}
    for path in (*request.config, *named):
        once.setdefault(os.path.realpath(path), path)
    manifests = tuple(once.values())
    if not request.every:
        if targets and not manifests and not request.scope:
            _refuse_folders_of_promises(targets, here)
        return manifests, targets
    if manifests:
        raise UsageError("--all looks for manifests itself", "leave out -c FILE and the manifests")
    found = tuple(os.path.relpath(path, here) for path in manifests_below(request.scope, here, os.environ))
    if not found:
        raise UsageError(f"there is no manifest in {here} or below it", "write one with: verify4k init")
    return found, targets


def _refuse_folders_of_promises(targets: Sequence[str], here: str) -> None:
    """Say what to do about a folder that promises pictures by itself (Android's ``res``), without a manifest.

    It is not checked as such: beside a manifest a folder means what that promises below it, and a manifest
    that was moved must not change the question.
    """
    from verify4k.errors import UsageError
    from verify4k.importers import recognized
    from verify4k.manifest.discovery import discover
    from verify4k.text import printable

    for target in targets:
        importer = recognized(target) if os.path.isdir(target) else None
        if importer is not None:
            try:
                discover(here)
            except UsageError as error:
                hint = f"write what it promises as a manifest: verify4k init --from {printable(target)}"
                told = f"{error.message}; {target} is a source of promises ({importer.kind})"
                raise UsageError(told, hint) from error


def tell_empty(report: Report) -> None:
    """Say that there is nothing to check, and what to do about options, a manifest or another source."""
    from verify4k.cli._output import tell
    from verify4k.manifest.discovery import is_manifest
    from verify4k.text import printable

    path = report.manifest_path
    if report.unasked:
        tell("error: nothing to check: the options leave out every rule that could be asked")
        tell("  drop --select or --ignore, or name other rules: verify4k rules")
    elif is_manifest(path):
        tell("error: nothing to check: the manifest promises no file")
        tell("  add files: {PATH: SIZE, ...}, or let it be: --allow-empty")
    else:
        tell(f"error: nothing to check: {printable(path)} promises no picture")
        tell("  what such a source promises: verify4k explain importers; to let it be: --allow-empty")
