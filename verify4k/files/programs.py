"""Where a program is that verify4k asks: on the PATH, never in the folder that is being checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def find_program(name: str, environ: Mapping[str, str]) -> str | None:
    """Return a program's absolute path; None where the PATH has none.

    Windows looks into the current folder first, and an empty or relative entry of the PATH means that
    folder everywhere: a checkout that holds an ``exiftool`` or a ``git`` would be run by its own check.
    """
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        if not os.path.isabs(folder):
            continue
        for suffix in _suffixes(environ):
            path = os.path.join(folder, name + suffix)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def _suffixes(environ: Mapping[str, str]) -> tuple[str, ...]:
    if os.name != "nt":
        return ("",)
    return tuple(suffix for suffix in environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";") if suffix)
