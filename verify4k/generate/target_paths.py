"""Where a picture would lie: whether it can be written there is known before anything is paid for."""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.generate.disk_space import unwritable
from verify4k.generate.slots import answer_path
from verify4k.generate.variant_names import variant_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.model import Asset


def target_path_objections(asset: Asset, variants: int, made: frozenset[str]) -> Iterator[Mistake]:
    """Yield what stands against the place of a picture; ``made``: what the same run makes."""
    above = next((str(one) for one in PurePosixPath(asset.target).parents if str(one) in made), None)
    if above is not None:
        said = f"{asset.target!a} would lie in {above!a}, which is made as a picture"
        yield Mistake(asset.place, said, "a file is no folder: name one of them otherwise")
        return
    path = variant_name(asset.path, variants) if variants > 1 else asset.path
    error = _why_unwritable(answer_path(Path(path)))
    if error is not None:
        refusal = unwritable(Path(path), error)
        yield Mistake(asset.place, refusal.message, refusal.hint)


def _why_unwritable(path: Path) -> OSError | None:
    """Return why a file cannot be made, as far as that can be seen; folders that are missing can be made."""
    parts, folder = [path.name], path.parent
    while not os.path.lexists(folder) and folder != folder.parent:
        parts.append(folder.name)
        folder = folder.parent
    for part in parts:
        try:
            os.lstat(folder / part)
        except FileNotFoundError:
            continue
        except OSError as error:
            return error
    if not os.access(folder, os.W_OK | os.X_OK):
        return PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return None
