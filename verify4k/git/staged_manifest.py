"""The manifest and the ledger that a commit will hold, found and read in the git index."""

from __future__ import annotations

import os
from itertools import count, takewhile
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, LimitHit, Missing, NotAnImage, UsageError
from verify4k.manifest.discovery import NAMES, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verify4k.git.index import Index
    from verify4k.git.repository import Repository
    from verify4k.provenance.ledger_history import History


def manifest_in_index(
    index: Index, repository: Repository, config: str | None, here: str, read: Callable[[str], bytes]
) -> str:
    """Return the manifest's path in the index. Raises `UsageError` when it has none."""
    if config is not None:
        path = repository.relative(os.path.join(here, config))
        read_named(read, path, config)
        return path
    folder = repository.relative(os.path.join(here, "x")).rpartition("/")[0]
    while True:
        found = _manifest_of(index, folder, read)
        if found is not None:
            return found
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    raise UsageError(
        f"no manifest in the git index, from {here} upwards", "git add it, or write one with: verify4k init"
    )


def manifests_below(index: Index, folder: str, read: Callable[[str], bytes]) -> Iterator[str]:
    """Yield the manifests in a folder of the index and below it, as `find_below` does on a disk."""
    top = folder.split("/") if folder else []
    for parts in sorted(place.split("/") if place else [] for place in index.folders):
        below = parts[len(top) :]
        if parts[: len(top)] == top and not any(part[0] == "." or part in SKIPPED for part in below):
            found = _manifest_of(index, "/".join(parts), read)
            if found is not None:
                yield found


def _manifest_of(index: Index, folder: str, read: Callable[[str], bytes]) -> str | None:
    """Return the manifest that a folder of the index has, as `manifest_in` does on a disk."""
    prefix = f"{folder}/" if folder else ""
    for name in NAMES:
        if prefix + name in index.entries:
            return prefix + name
    project = f"{prefix}pyproject.toml"
    return project if project in index.entries and b"[tool.verify4k" in read(project) else None


def read_named(read: Callable[[str], bytes], path: str, name: str) -> bytes:
    """Read a file that the command line calls ``name``. Raises `UsageError` where the index lacks it."""
    try:
        return read(path)
    except (Missing, NotAnImage) as error:
        raise UsageError(f"{name} cannot be read from the git index: {error.message}", error.hint) from error


def ledger_in_index(
    read: Callable[[str], bytes], path: str, listed: Callable[[str], Iterable[str]]
) -> History | None:
    """Return the ledger that the commit will hold; None where it holds none. Raises `CannotRead`.

    ``listed``: the names in a folder of the index; of a submodule nobody lists them.
    """
    from verify4k.provenance.ledger import LIMIT_BYTES, NAME, joined
    from verify4k.provenance.ledger_parts import part_name, part_numbers

    def part(name: str) -> bytes | None:
        try:
            data = read(f"{path.removesuffix(NAME)}{name}")
        except Missing:
            return None
        except NotAnImage as error:  # a Git LFS pointer without its content
            raise CannotRead(f"the ledger is {error.message}", error.hint) from error
        if len(data) > LIMIT_BYTES:
            raise LimitHit(f"the ledger is larger than {LIMIT_BYTES >> 20} MiB")
        return data

    numbers = part_numbers(listed(path.removesuffix(NAME).rstrip("/")))
    if not numbers and part(NAME) is None:
        return None
    if not numbers:
        numbers = tuple(takewhile(lambda number: part(part_name(number)) is not None, count(1)))
    return joined(part, numbers)
