"""Where an artifact's bytes come from: the one edge to the disk.

A `Source` hands out a `Reader` for a few KB, or all bytes in one read, so that the hash, the
facts and the pixels of a full check are those of the same bytes.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from verify4k.errors import CannotRead, Elsewhere, LimitHit, Missing
from verify4k.formats.facts import UNKNOWN_SIZE, BytesReader, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.files.probes import Probe
    from verify4k.net.responses import ResponseInfo

LIMIT_BYTES = 1 << 30  # no image that a release ships is larger; a decoder would need several times that
_WINDOW = 4096  # what most headers need, read at once
_IN_FOLDER = "name the pictures in it: FOLDER/*.png"
_PIECE = 1 << 20
_AHEAD = 64 * 1024  # parsers walk forward; further reads come in pieces of this size


class OpenReader(Protocol):
    """A `Reader` that holds something open."""

    @property
    def size(self) -> int:
        """Number of bytes; `UNKNOWN_SIZE` where nobody has told."""

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at ``offset``."""

    def close(self) -> None:
        """Let go."""


class Source(Protocol):
    """Bytes under a name."""

    def open(self) -> OpenReader:
        """Return random access. Raises `Missing`, `CannotRead`."""

    def read_all(self) -> bytes:
        """Return all bytes from one read. Raises `Missing`, `CannotRead`, `LimitHit`."""

    def beside(self, name: str) -> Source | None:
        """Return the source of another name in the same place; None where there is no such place."""


class Delivered(Source, Protocol):
    """What the source of a URL artifact tells besides its bytes."""

    @property
    def fetched(self) -> int:
        """Bytes of bodies so far, as sent."""

    @property
    def cut(self) -> str:
        """A sentence, where the body ended too soon and did so again."""

    @property
    def kept_since(self) -> float | None:
        """When an earlier run downloaded the body that was used, seconds since the epoch; None: it is new."""

    def delivery(self) -> ResponseInfo:
        """Return what the answer told. Raises `CannotRead` where none came."""

    def probe(self, url: str, headers: tuple[tuple[str, str], ...], length: int | None = None) -> Probe:
        """Ask something else, for comparison (`verify4k.files.probes.Probes.probe`)."""


def whole(reader: Reader) -> bytes:
    """Return all bytes of what is open, in pieces. Raises `LimitHit`."""
    if UNKNOWN_SIZE != reader.size > LIMIT_BYTES:
        raise LimitHit(f"the file has {reader.size} bytes; the limit is {LIMIT_BYTES}")
    return b"".join(pieces(reader))


def pieces(reader: Reader) -> Iterator[bytes]:
    """Yield all bytes of what is open, a piece at a time."""
    at = 0
    while piece := reader.read(at, _PIECE):
        yield piece
        at += len(piece)


class FileReader:
    """Random access to an open file: a window over the beginning, another that moves."""

    __slots__ = ("_at", "_fd", "_head", "_piece", "parsed", "size")

    def __init__(self, fd: int, size: int) -> None:
        self._fd = fd
        self.size = size
        self._head = _read_at(fd, 0, _WINDOW)
        self._at = 0
        self._piece = b""
        self.parsed: dict[Any, Any] = {}  # see `verify4k.formats.facts.once`

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice; short only at the end of the file. Raises `CannotRead` on I/O errors."""
        end = offset + length
        if end <= len(self._head) or self.size <= len(self._head):
            return self._head[offset:end]
        if length > _AHEAD:
            return _read_at(self._fd, offset, length)
        if not self._at <= offset <= end <= self._at + len(self._piece):
            self._at, self._piece = offset, _read_at(self._fd, offset, min(_AHEAD, max(length, _WINDOW)))
        return self._piece[offset - self._at : end - self._at]

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


class LateReader:
    """Random access to what is opened when somebody reads it. ``size``: in bytes, as is known already."""

    __slots__ = ("_reader", "_source", "parsed", "size")

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._reader: OpenReader | None = None
        self.size = size
        self.parsed: dict[Any, Any] = {}  # see `verify4k.formats.facts.once`

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice. Raises `Missing`, `CannotRead`."""
        if self._reader is None:
            self._reader = self._source.open()
        return self._reader.read(offset, length)

    def close(self) -> None:
        """Close what was opened."""
        if self._reader is not None:
            self._reader.close()


class FileSource:
    """A regular file, opened without following a trap: no FIFO blocks, no device is read.

    The one door for every file that a checkout may hold. ``limit``: bytes that `read_all` takes at most.
    """

    __slots__ = ("limit", "path")

    def __init__(self, path: str | os.PathLike[str], limit: int = LIMIT_BYTES) -> None:
        self.path = os.fspath(path)
        self.limit = limit

    def open(self) -> FileReader:
        """Open the file. Raises `Missing` for what is not there or no regular file."""
        fd, size = self._descriptor()
        try:
            return FileReader(fd, size)
        except BaseException:
            os.close(fd)
            raise

    def read_all(self) -> bytes:
        """Read the file once, to the end that it has now."""
        fd, size = self._descriptor()
        try:
            if size > self.limit:
                raise LimitHit(f"the file has {size} bytes; the limit is {self.limit}")
            with os.fdopen(fd, "rb", closefd=False) as file:
                return _to_the_end(file, size, self.limit)
        except OSError as error:
            raise _unreadable(error) from error
        finally:
            os.close(fd)

    def pieces(self) -> Iterator[bytes]:
        """Yield all bytes, a piece at a time. Raises `Missing`, `CannotRead`."""
        reader = self.open()
        try:
            yield from pieces(reader)
        finally:
            reader.close()

    def beside(self, name: str) -> FileSource:
        """Return a file of the same folder, there or not."""
        return FileSource(os.path.join(os.path.dirname(self.path), name))

    def _descriptor(self) -> tuple[int, int]:
        try:
            # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever
            fd = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise _not_opened(self.path, error) from error
        except ValueError as error:  # a NUL in the name
            raise Missing("no file can have this name") from error
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            os.close(fd)
            hint = _IN_FOLDER if stat.S_ISDIR(found.st_mode) else ""
            raise Missing(f"this is {_kind(found.st_mode)}, not a regular file", hint)
        return fd, found.st_size


class PiecesOnly(FileSource):
    """A file of which this process reads headers and metadata; ``refused``: somebody wanted all of it."""

    __slots__ = ("refused",)

    def __init__(self, path: str | os.PathLike[str], limit: int = LIMIT_BYTES) -> None:
        super().__init__(path, limit)
        self.refused = False

    def read_all(self) -> bytes:
        """Raise `Elsewhere`: who reads all of it may be about to decode it."""
        self.refused = True
        raise Elsewhere("another process reads the whole file")


class BytesSource:
    """Bytes that are already here: an API answer, a git blob."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def open(self) -> BytesReader:
        """Return a reader over the bytes."""
        return BytesReader(self.data)

    def read_all(self) -> bytes:
        """Return the bytes."""
        return self.data

    def beside(self, name: str) -> None:
        """Return None: nothing lies beside them."""


def _to_the_end(file: BinaryIO, size: int, limit: int) -> bytes:
    """Read all bytes, also those that were added since the size was asked for, up to the limit."""
    data = file.read(size + 1)
    if len(data) <= size:
        return data
    pieces, total = [data], len(data)
    while total <= limit and (piece := file.read(_PIECE)):
        pieces.append(piece)
        total += len(piece)
    if total > limit:
        raise LimitHit(f"the file grows while it is read, beyond the limit of {limit} bytes")
    return b"".join(pieces)


def _read_at(fd: int, offset: int, length: int) -> bytes:
    try:
        if hasattr(os, "pread"):
            return os.pread(fd, length, offset)
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, length)
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> CannotRead:
    return CannotRead(f"reading failed: {error.strerror or error}", "check the disk and run again")


def _not_opened(path: str, error: OSError) -> Missing | CannotRead:
    if error.errno == errno.ENOENT:
        if os.path.islink(path):
            return Missing("this is a link to a file that does not exist")
        from verify4k.files.similar_names import similar_name

        other = similar_name(path)
        hint = other.hint if other else "generate or restore it, or drop its entry"
        return Missing("the file does not exist", hint)
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.ENAMETOOLONG, errno.EINVAL):
        return Missing(f"no file can be opened here: {error.strerror}")
    if error.errno == errno.EISDIR or os.path.isdir(path):
        return Missing("this is a directory, not a regular file", _IN_FOLDER)
    if error.errno == errno.EACCES:
        return CannotRead("no permission to read the file", "give the user that runs verify4k read access")
    return CannotRead(f"the file cannot be opened: {error.strerror or error}")


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a named pipe (FIFO)"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "something else")
