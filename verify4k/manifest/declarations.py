"""What entries declare of their files; put aside in a file where each line of a long list says its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.documents.nodes import Scalar
    from verify4k.files.spool import Spool
    from verify4k.manifest.entries import Entry

KEPT = 1_000  # of what lists say; most lists promise much the same of all their files


class Declaration(NamedTuple):
    """What one entry declares of its files. ``listed``: of those that a list names, each in its line."""

    key: Scalar
    entry: Entry
    options: Mapping[type, Any]
    origins: Mapping[str, str]
    listed: bool = False


class Declarations:
    """All of them, by number; ``special``: whether any tells how a file is made, or what from."""

    def __init__(self) -> None:
        self.special = False
        self._held: list[Declaration] = []
        self._listed = 0
        self._spool: Spool | None = None

    def add(self, declaration: Declaration) -> int:
        """Keep one; return its number."""
        self._listed += declaration.listed
        if declaration.entry.made_from is not None or declaration.entry.generate is not None:
            self.special = True
        elif declaration.listed and self._listed > KEPT:
            if self._spool is None:
                from verify4k.files.spool import Spool  # not on the way to every start

                self._spool = Spool()
            return ~self._spool.put(declaration)
        self._held.append(declaration)
        return len(self._held) - 1

    def holds(self, number: int) -> bool:
        """Whether it is in memory, the same object each time."""
        return number >= 0

    def __getitem__(self, number: int) -> Declaration:
        """Return what has this number."""
        if number >= 0 or self._spool is None:
            return self._held[number]
        declaration: Declaration = self._spool.get(~number)
        return declaration
