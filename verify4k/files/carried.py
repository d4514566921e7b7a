"""A source whose bytes travel with it: for a process that cannot reach the index or the network."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Verify4kError
from verify4k.files.source import BytesSource, FileSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.files.source import OpenReader, Source

_SCALE = re.compile(r"@[0-9]+x")  # hero@2x.png is measured against the hero.png beside it


class Carried:
    """Bytes, or the error that reading them gave, and the one neighbour that a rule may ask for."""

    __slots__ = ("_beside", "_found")

    def __init__(self, found: bytes | Verify4kError, beside: Mapping[str, Source | None]) -> None:
        self._found = found
        self._beside = beside

    def open(self) -> OpenReader:
        """Return a reader over the bytes. Raises what reading them gave."""
        return BytesSource(self.read_all()).open()

    def read_all(self) -> bytes:
        """Return the bytes. Raises what reading them gave."""
        if isinstance(self._found, Verify4kError):
            raise self._found
        return self._found

    def beside(self, name: str) -> Source | None:
        """Return a neighbour that was brought along. Raises `CannotRead` for any other."""
        if name not in self._beside:
            raise CannotRead(f"{ascii(name)[1:-1]} was not brought along for comparison")
        return self._beside[name]


def carried(source: Source, target: str) -> Source:
    """Return a source that another process of this machine can read: a file as it is, anything else read."""
    if isinstance(source, FileSource | BytesSource):
        return source
    name = os.path.basename(target)
    base = _SCALE.sub("", name, count=1)
    beside = {} if base == name else {base: _neighbour(source, base)}
    return Carried(_read(source), beside)


def _neighbour(source: Source, name: str) -> Source | None:
    other = source.beside(name)
    return None if other is None else Carried(_read(other), {})


def _read(source: Source) -> bytes | Verify4kError:
    try:
        return source.read_all()
    except Verify4kError as error:
        return error
