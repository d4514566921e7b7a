"""Where manifests are: the one for this folder, and all of them below it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.read import MAX_BYTES
from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.files.walking import walk
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("verify4k.yaml", "verify4k.yml", ".verify4k.yaml", ".github/verify4k.yaml", "verify4k.json")
SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
_MOST_FOLDERS = 20_000


def discover(start: str | os.PathLike[str]) -> str:
    """Find the manifest: in ``start``, then upwards to the root of the git checkout."""
    folder = here = os.path.abspath(start)
    while True:
        path = manifest_in(folder)
        if path is not None:
            return path
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            break
        folder = above
    raise UsageError(f"no manifest found in {here} or above", _next_step(here))


def manifest_in(folder: str) -> str | None:
    """Return the manifest that a folder has: the one that `discover` takes where there are several."""
    for name in NAMES:
        if _is_there(path := os.path.join(folder, name)):
            return path
    project = os.path.join(folder, "pyproject.toml")
    return project if _mentions_us(project) else None


def outranked(path: str) -> list[str]:
    """Return the other manifests of a manifest's place, which `discover` passes over for it."""
    places = [(path.removesuffix(os.path.join("", *name.split("/"))), name) for name in NAMES]
    folder, name = min(places, key=lambda place: len(place[0]))
    if folder == path or not os.path.isdir(folder):
        return []
    later = (os.path.join(folder, other) for other in NAMES[NAMES.index(name) + 1 :])
    found = [other for other in later if _is_there(other)]
    project = os.path.join(folder, "pyproject.toml")
    return [*found, project] if os.path.isfile(project) and _mentions_us(project) else found


def _is_there(path: str) -> bool:
    """Whether it is a file, or a link to what is gone: another manifest must not stand in for that one."""
    return os.path.isfile(path) or (os.path.islink(path) and not os.path.exists(path))


def _next_step(here: str) -> str:
    """Name the manifests that lie below, where somebody stands above them (the root of a monorepo)."""
    try:
        below = [os.path.relpath(path, here).replace(os.sep, "/") for path in find_below(here)]
    except UsageError:
        below = []
    if not below:
        without = "check --size 3840x2160 FILE, generate --prompt TEXT --size SIZE -o FILE"
        return f"write one with: verify4k init, name one with -c FILE, or do without: {without}"
    return f"there are {listed(below)}: check them all with --all, or name one with -c FILE"


def _mentions_us(project: str) -> bool:
    try:
        reader = FileSource(project).open()
    except (Missing, CannotRead):  # none there, or not ours to read
        return False
    try:
        return b"[tool.verify4k" in reader.read(0, MAX_BYTES)
    except CannotRead:
        return False
    finally:
        reader.close()


def is_manifest(target: str) -> bool:
    """Whether a TARGET is itself a file of promises: YAML, TOML, or JSON of one of our names."""
    name = os.path.basename(target)
    kind = os.path.splitext(name)[1].lower()
    return (kind in (".yaml", ".yml", ".toml") or name in NAMES) and os.path.isfile(target)


def find_below(here: str) -> Iterator[str]:
    """Yield the manifests in ``here`` and below it, one a folder, sorted; hidden folders are passed over.

    Raises `UsageError` for a folder that cannot be listed: it may hold another one.
    """
    for seen, (place, names) in enumerate(walk(here, SKIPPED)):
        if seen == _MOST_FOLDERS:
            raise UsageError(
                f"there are more than {_MOST_FOLDERS:,} folders below {here}",
                "name the manifests: verify4k check FILE...",
            )
        files = {*names, ".github/verify4k.yaml"}
        for name in NAMES:
            if name in files and _is_there(path := os.path.join(place, name)):
                yield path
                break
        else:
            if "pyproject.toml" in files and _mentions_us(path := os.path.join(place, "pyproject.toml")):
                yield path
