"""The ledger: an append-only record of what was asked for and what came of it.

One JSON object a line in ``verify4k.ledger.jsonl`` at the manifest's root. A ``request`` line is
on disk before its request leaves, its ``outcome`` line before the file takes its name. So a
request without an outcome means "sent, never received", and no line means "never sent".
Neither prompts nor keys are ever written. A full part is renamed to ``verify4k.ledger.0001.jsonl`` and so
on, and stays part of the ledger.
"""

from __future__ import annotations

import codecs
import errno
import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.model import LEDGER
from verify4k.provenance.ledger_history import Gap, History
from verify4k.provenance.ledger_parts import part_name, part_numbers, parts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAME = LEDGER
LIMIT_BYTES = 256 * 1024 * 1024  # of one part, which is searched and not parsed
PART_BYTES = 32 * 1024 * 1024  # some 60,000 lines; then a part is full and another is begun


class Ledger:
    """Appends whole lines, also when several processes do."""

    def __init__(self, root: Path) -> None:
        self.path = root / NAME

    def append(self, line: Mapping[str, Any]) -> None:
        """Write one record and wait until it is on the disk. Raises `UsageError`."""
        import json

        self._write(
            json.dumps(line, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        )

    def ready(self) -> None:
        """Make sure that records can be written, before anything is sent. Raises `UsageError`."""
        self._write(b"")

    def _write(self, data: bytes) -> None:
        flags = (
            os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        try:
            while not self._written(flags, data):
                pass  # another process has begun a new part meanwhile
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _written(self, flags: int, data: bytes) -> bool:
        """Append to the current part, or begin another; False when it was no longer the current one."""
        from verify4k.files.locks import locked

        descriptor = os.open(self.path, flags, 0o644)
        try:
            with locked(descriptor):
                if not os.path.samestat(os.fstat(descriptor), os.stat(self.path)):
                    return False
                if os.fstat(descriptor).st_size > PART_BYTES:
                    self.path.rename(self.path.with_name(part_name(max(self._parts(), default=0) + 1)))
                    return False
                self._append(descriptor, data)
                return True
        except FileNotFoundError:
            return False
        finally:
            os.close(descriptor)

    def _append(self, descriptor: int, data: bytes) -> None:
        if not data:
            return
        end = os.lseek(descriptor, 0, os.SEEK_END)
        if end:
            os.lseek(descriptor, end - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":  # someone was killed in the middle of a line
                data = b"\n" + data
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)

    def read(self) -> History:
        """Return the ledger's records, all parts; an absent ledger is an empty one. Raises `CannotRead`."""
        try:
            return joined(self._part, self._parts())
        except OSError as error:
            raise CannotRead(f"the ledger's folder cannot be listed: {error.strerror}") from error

    def _parts(self) -> Sequence[int]:
        try:
            return part_numbers(os.listdir(self.path.parent))
        except FileNotFoundError:
            return ()

    def _part(self, name: str) -> bytes | None:
        path = self.path.with_name(name)
        if not os.path.lexists(path):
            return None
        try:
            data = FileSource(path, LIMIT_BYTES).read_all()
        except (Missing, CannotRead) as error:
            raise CannotRead(f"the ledger {name} cannot be read: {error.message}") from error
        return data.removeprefix(codecs.BOM_UTF8)  # an editor's


def joined(read: Callable[[str], bytes | None], numbers: Sequence[int]) -> History:
    """Return all parts as one history, which knows of those that are missing.

    ``read``: a part's bytes by its name, None where there is none. ``numbers``: of the full parts.
    """
    found = {number: part for number in numbers if (part := read(part_name(number))) is not None}
    absent = max(found, default=0) - len(found)
    first = next((part_name(at) for at, number in enumerate(found, start=1) if at != number), "")
    data = b"\n".join(part for part in (*found.values(), read(NAME)) if part)
    return History(data, Gap(first, absent) if absent else None)


def history_at(root: str) -> History:
    """Return the ledger in a folder, read again only when one of its parts has changed."""
    try:
        names = [*map(part_name, parts_in(root)), NAME]
        found = [os.stat(os.path.join(root, name)) for name in names]
    except OSError:
        return Ledger(Path(root)).read()
    return _history(root, *((each.st_mtime_ns, each.st_size, each.st_ino) for each in found))


@functools.lru_cache(maxsize=4)
def _history(root: str, *_version: tuple[int, int, int]) -> History:
    return Ledger(Path(root)).read()


def parse(data: bytes) -> History:
    """Return what ledger bytes say."""
    return History(data)


def _unwritable(path: Path, error: OSError) -> UsageError:
    what, hint = error.strerror, "make the folder writable"
    if error.errno == errno.ENOSPC:
        hint = "make room"
    elif error.errno == errno.ELOOP:
        what, hint = "it is a symbolic link", "put the file itself there"
    return UsageError(
        f"the ledger {path.name} cannot be written: {what}", f"nothing is sent without a record of it; {hint}"
    )
