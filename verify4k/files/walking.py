"""The folders below one, for what looks for files there: one that cannot be listed is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def walk(
    top: str, skipped: Collection[str] = (), closed: list[str] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Yield every folder and the names of its files, sorted; hidden folders are passed over.

    Args:
        top: where to begin; one that is not there has no files.
        skipped: names of folders that are passed over, too.
        closed: gets the folders that cannot be listed; without it they are an error.

    Raises:
        UsageError: a folder cannot be listed.
    """

    def tell(error: OSError) -> None:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return
        if closed is None:
            said = f"the folder {error.filename} cannot be listed: {error.strerror}"
            raise UsageError(said, "let the user that runs verify4k look into it, or name what is meant")
        closed.append(error.filename)

    for folder, folders, names in os.walk(top, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in skipped)
        yield folder, sorted(names)
