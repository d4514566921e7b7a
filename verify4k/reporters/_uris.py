"""Paths as URIs: relative ones stay relative, every odd byte is percent-encoded."""

from __future__ import annotations

import re
from urllib.parse import quote

_DRIVE = re.compile(r"[A-Za-z]:/")
_SCHEME = re.compile(r"https?://")


def uri(path: str) -> str:
    """Return a URI reference for a path with forward slashes; URLs stay what they are."""
    if _SCHEME.match(path):
        return quote(path, safe="/:?#[]@!$&'()*+,;=%-._~", errors="surrogateescape")
    encoded = quote(
        path.replace("\\", "/") if _DRIVE.match(path) else path, safe="/", errors="surrogateescape"
    )
    if path.startswith("/"):
        return "file://" + encoded
    if _DRIVE.match(path):
        return "file:///" + path[:2] + encoded[4:]
    return encoded


def is_relative(path: str) -> bool:
    """Whether `uri` gives a reference that needs a base."""
    return not (path.startswith("/") or _DRIVE.match(path) or _SCHEME.match(path))
