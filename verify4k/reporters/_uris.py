"""Paths as URIs: relative ones stay relative, every odd byte is percent-encoded."""

from __future__ import annotations

import re
from urllib.parse import quote

_DRIVE = re.compile(r"[A-Za-z]:/")
_SCHEME = re.compile(r"https?://")


def uri(path: str) -> str:
    """Return a URI reference for a path with forward slashes; URLs stay what they are."""
    if _SCHEME.match(path):
        return quote(_bytes(path), safe="/:?#[]@!$&'()*+,;=%-._~")
    encoded = quote(_bytes(path), safe="/")
    if path.startswith("/"):
        return "file://" + encoded
    if _DRIVE.match(path):
        return f"file:///{path[:2]}{encoded[4:]}"  # behind the quoted colon
    return encoded


def is_relative(path: str) -> bool:
    """Whether `uri` gives a reference that needs a base."""
    return not (path.startswith("/") or _DRIVE.match(path) or _SCHEME.match(path))


def _bytes(path: str) -> bytes:
    """Return the bytes of a name; a half of a surrogate pair is none that a file could have."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
