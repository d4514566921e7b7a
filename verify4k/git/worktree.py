"""Who answers what git knows of the files in a work tree, where it says anything of them at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verify4k.artifacts.tracking import Tracked
    from verify4k.model import Asset


def tracking_of(
    root: str, assets: Sequence[Asset], environment: Mapping[str, str]
) -> Callable[[Asset], Tracked | None] | None:
    """Return who answers in a work tree; None outside of a repository, or where no attributes are given.

    A repository without a ``.gitattributes`` above a promised file converts none of them by what it says
    itself, so that git is not even started.
    """
    folders = {os.path.dirname(asset.path) for asset in assets if asset.url is None}
    if not _some_attributes(root, folders):
        return None
    from verify4k.errors import CannotRead
    from verify4k.git.repository import GitError, find_repository
    from verify4k.git.tracking import Tracking

    try:
        return Tracking(find_repository(root, environment), assets).of
    except (GitError, CannotRead):
        return None


def _some_attributes(root: str, folders: set[str]) -> bool:
    """Whether a ``.gitattributes`` stands in one of the folders or above, inside a repository."""
    seen: set[str] = set()
    inside = attributes = False
    for start in (root, *folders):
        folder = os.path.abspath(start)
        while folder not in seen:
            seen.add(folder)
            attributes = attributes or os.path.isfile(os.path.join(folder, ".gitattributes"))
            git = os.path.join(folder, ".git")
            if os.path.exists(git):
                inside = True
                attributes = attributes or os.path.isfile(os.path.join(git, "info", "attributes"))
                break
            if folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
    return inside and attributes
