"""What git knows of a promised file: how it would convert it, and which other names are nearly its own."""

from __future__ import annotations

from verify4k.named_tuple import NamedTuple


class Tracked(NamedTuple):
    """One file of a repository.

    Args:
        text: the attribute ``text``: "set", "unset", "auto", "unspecified".
        eol: the attribute ``eol``: "lf", "crlf", "unspecified", ...
        filter: the attribute ``filter``: "lfs", "unspecified", ...
        pointer: whether the index holds a Git LFS pointer; None: the file is not in the index.
        alike: other tracked paths that differ only in case or in Unicode form.
    """

    text: str
    eol: str
    filter: str
    pointer: bool | None
    alike: tuple[str, ...] = ()
