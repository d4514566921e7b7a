"""Paths as a person would write them."""

from __future__ import annotations

import os


def shown_path(path: str, here: str) -> str:
    """Return a path as a person in ``here`` would write it, with forward slashes."""
    below = here.rstrip(os.sep) + os.sep
    return path.removeprefix(below).replace(os.sep, "/")
