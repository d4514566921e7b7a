"""Git LFS pointers: what the index holds in place of a large file, and where that file may be."""

from __future__ import annotations

import re

from verify4k.named_tuple import NamedTuple

MOST = 1024  # bytes; the specification allows no longer pointer
_POINTER = re.compile(
    rb"version https?://(?:git-lfs|hawser)\.github\.com/spec/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?"
    rb"oid sha256:([0-9a-f]{64})\n(?:[a-z0-9.-]+ [^\n]*\n)*?size ([0-9]{1,15})\n"
)


class Pointer(NamedTuple):
    """The content that a pointer stands for."""

    sha256: str
    size: int


def read_pointer(data: bytes) -> Pointer | None:
    """Return what a blob points to; None for a blob that is no pointer."""
    if len(data) > MOST:
        return None
    match = _POINTER.match(data)
    return Pointer(match[1].decode("ascii"), int(match[2])) if match else None
