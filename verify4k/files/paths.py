"""Paths as a person would write them."""

from __future__ import annotations

import os


def shown_path(path: str, here: str) -> str:
    """Return a path as a person in ``here`` would write it, with forward slashes."""
    if path.startswith(here.rstrip(os.sep) + os.sep):
        path = path[len(here.rstrip(os.sep)) + 1 :]
    return path.replace(os.sep, "/")
