"""A folder with Git LFS pointers: what they point at has their SHA-256 and number of bytes.

Run in a checkout without the pictures (`GIT_LFS_SKIP_SMUDGE=1`, `lfs: false`), it writes a manifest
that holds the pictures, wherever they are fetched, to what the repository means.

    verify4k init --from lfs-pointers=. -o release.yaml
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead, Missing
from verify4k.files.source import FileSource
from verify4k.files.walking import walk
from verify4k.git.lfs import MOST, read_pointer
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.git.lfs import Pointer
    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - any folder might hold some
    """Never by itself: it has to be asked for by name."""
    return False


def promises(source: Source) -> Iterator[Promise]:
    """Yield every pointer below the folder."""
    for folder, names in walk(source.path):
        for name in names:
            path = os.path.join(folder, name)
            pointer = _pointer(path)
            if pointer is not None:
                target = os.path.relpath(path, source.path).replace(os.sep, "/")
                options = {"sha256": pointer.sha256, "bytes": f"{pointer.size}..{pointer.size}"}
                yield Promise(target, Place(source.name, 1, 1), options)


def _pointer(path: str) -> Pointer | None:
    try:
        reader = FileSource(path).open()
    except (Missing, CannotRead):
        return None
    try:
        return read_pointer(reader.read(0, MOST)) if reader.size <= MOST else None
    except CannotRead:
        return None
    finally:
        reader.close()
