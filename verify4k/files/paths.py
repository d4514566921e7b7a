"""Paths as a person would write them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def shown_path(path: str, here: str) -> str:
    """Return a path as a person in ``here`` would write it, with forward slashes."""
    below = here.rstrip(os.sep) + os.sep
    return path.removeprefix(below).replace(os.sep, "/")


def repository_around(here: str) -> tuple[str, str]:
    """Return the root of the git repository around a folder, and the folder seen from there; "" outside."""
    top = checkout_around(here)
    return top.replace(os.sep, "/"), here[len(top) :].replace(os.sep, "/").strip("/") if top else ""


def checkout_around(folder: str) -> str:
    """Return the root of the git checkout that a folder lies in, by the names alone; "" outside of one."""
    top = folder
    while not os.path.exists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return ""
        top = above
    return top


def cache_folder(environ: Mapping[str, str], name: str) -> str:
    """Return where ``name`` of earlier runs is kept: in VERIFY4K_CACHE_DIR, or below the user's cache folder.

    Empty for a user who has none: a container's, without HOME and unknown to the system.
    """
    own = environ.get("VERIFY4K_CACHE_DIR")
    if own:
        return os.path.join(own, name)
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA") or ""
    if not os.path.isabs(base):  # which the specification of XDG_CACHE_HOME calls not set
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "verify4k", name) if os.path.isabs(base) else ""
