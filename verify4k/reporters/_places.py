"""Paths as a code host knows them: seen from the repository's root, wherever verify4k was started."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from verify4k.reporters._uris import is_relative

if TYPE_CHECKING:
    from verify4k.report import RenderOptions


def in_repository(path: str, options: RenderOptions) -> str:
    """Return a path of the report, seen from the repository's root; what lies outside stays as it is."""
    if not options.repository:
        return path
    if not is_relative(path):
        return path.removeprefix(options.repository.rstrip("/") + "/")
    seen = posixpath.normpath(posixpath.join(options.folder, path))
    return path if seen.startswith("../") else seen
