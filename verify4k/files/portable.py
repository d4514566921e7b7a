"""A source whose bytes travel with it: for a process that cannot reach the index or the network."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, TypeVar

from verify4k.errors import CannotRead, Elsewhere, Verify4kError
from verify4k.files.source import BytesSource, FileSource
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.files.probes import Probe
    from verify4k.files.source import Delivered, OpenReader, Source
    from verify4k.net.responses import ResponseInfo

T = TypeVar("T")
_SCALE = re.compile(r"@[0-9]+x")  # hero@2x.png is measured against the hero.png beside it


class PortableSource:
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
        return _given(self._found)

    def beside(self, name: str) -> Source | None:
        """Return a neighbour that was brought along. Raises `CannotRead` for any other."""
        if name not in self._beside:
            raise CannotRead(f"{ascii(name)[1:-1]} was not brought along for comparison")
        return self._beside[name]


class Downloaded(NamedTuple):
    """What one download brought, or its error, and the rest of the answer. ``asker``: who can ask again."""

    found: bytes | Verify4kError
    about: ResponseInfo | Verify4kError
    fetched: int
    cut: str
    kept_since: float | None
    asker: Delivered | None = None

    def open(self) -> OpenReader:
        """Return a reader over the body. Raises what the download gave."""
        return BytesSource(self.read_all()).open()

    def read_all(self) -> bytes:
        """Return the body. Raises what the download gave."""
        return _given(self.found)

    def beside(self, name: str) -> None:
        """Return None: nobody promised what may lie beside a URL."""

    def delivery(self) -> ResponseInfo:
        """Return what the answer told. Raises `CannotRead` where none came."""
        return _given(self.about)

    def probe(self, url: str, headers: tuple[tuple[str, str], ...], length: int | None = None) -> Probe:
        """Ask something else, for comparison. Raises `Elsewhere` where the connections are not."""
        if self.asker is None:
            raise Elsewhere("only the process that downloaded it can ask its server")
        return self.asker.probe(url, headers, length)


def _given(found: T | Verify4kError) -> T:
    if isinstance(found, Verify4kError):
        raise found
    return found


def downloaded(source: Delivered) -> Downloaded:
    """Ask for what is behind a URL, once, and hold all that came."""
    found = _read(source)
    about: ResponseInfo | Verify4kError
    try:
        about = source.delivery()
    except Verify4kError as error:
        about = error
    return Downloaded(found, about, source.fetched, source.cut, source.kept_since, source)


def portable(source: Source, target: str) -> Source:
    """Return a source that another process of this machine can read: a file as it is, anything else read."""
    if isinstance(source, Downloaded):
        return source._replace(asker=None)
    if isinstance(source, FileSource | BytesSource | PortableSource):
        return source
    name = os.path.basename(target)
    base = _SCALE.sub("", name, count=1)
    beside = {} if base == name else {base: _neighbour(source, base)}
    return PortableSource(_read(source), beside)


def _neighbour(source: Source, name: str) -> Source | None:
    other = source.beside(name)
    return None if other is None else PortableSource(_read(other), {})


def _read(source: Source) -> bytes | Verify4kError:
    try:
        return source.read_all()
    except Verify4kError as error:
        return error
