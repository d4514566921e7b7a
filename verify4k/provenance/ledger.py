"""The ledger: an append-only record of what was asked for and what came of it.

One JSON object a line in ``verify4k.ledger.jsonl`` at the manifest's root. A ``request`` line is
on disk before its request leaves, its ``outcome`` line before the file takes its name. So a
request without an outcome means "sent, never received", and no line means "never sent".
Neither prompts nor keys are ever written.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.model import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = LEDGER
LIMIT_BYTES = 64 * 1024 * 1024  # some 100,000 pictures
_LONGEST = 64 * 1024  # bytes of a record; what is longer is none
_VALUES = 200  # of a record


class History(NamedTuple):
    """A ledger as read. ``torn``: numbers of lines that are no record (a write was cut off)."""

    requests: Mapping[str, Mapping[str, Any]]  # request id -> line
    outcomes: Mapping[str, Mapping[str, Any]]
    torn: tuple[int, ...]

    def pending(self) -> Iterator[Mapping[str, Any]]:
        """Yield the requests of which nothing more is known, oldest first."""
        for name, line in self.requests.items():
            if name not in self.outcomes:
                yield line

    def kind_of(self, outcome: Mapping[str, Any]) -> str:
        """Return the kind of route that an outcome came by; empty when its request is not known."""
        return str(self.requests.get(outcome["id"], {}).get("kind", ""))

    def accepted(self, sha256: str) -> Mapping[str, Any] | None:
        """Return the outcome that took in exactly these bytes, newest first; None: unknown bytes."""
        line: Mapping[str, Any]
        for line in reversed(list(self.outcomes.values())):
            if line.get("sha256") == sha256 and line.get("verdict") == "accepted":
                return line
        return None


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
        from verify4k.files.locks import locked

        flags = (
            os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        try:
            descriptor = os.open(self.path, flags, 0o644)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        try:
            with locked(descriptor):
                self._append(descriptor, data)
        except OSError as error:
            raise _unwritable(self.path, error) from error
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
        """Return the ledger's records; an absent ledger is an empty one. Raises `CannotRead`."""
        if not os.path.lexists(self.path):
            return parse(b"")
        try:
            return parse(FileSource(self.path, LIMIT_BYTES).read_all())
        except (Missing, CannotRead) as error:
            raise CannotRead(
                f"the ledger {self.path.name} cannot be read: {error.message}", error.hint
            ) from error


def history_at(root: str) -> History:
    """Return the ledger in a folder, read again only when it has changed."""
    path = os.path.join(root, NAME)
    try:
        found = os.stat(path)
    except OSError:
        return parse(b"")
    return _history(root, found.st_mtime_ns, found.st_size, found.st_ino)


@functools.lru_cache(maxsize=4)
def _history(root: str, *_version: int) -> History:
    return Ledger(Path(root)).read()


def parse(data: bytes) -> History:
    """Read ledger bytes; lines that are no records are counted, not trusted."""
    requests: dict[str, Mapping[str, Any]] = {}
    outcomes: dict[str, Mapping[str, Any]] = {}
    torn = []
    for number, text in enumerate(data.split(b"\n"), start=1):
        if not text.strip():
            continue
        line = _record(text)
        if line is None:
            torn.append(number)
        elif line["event"] == "request":
            requests[line["id"]] = line
        else:
            outcomes[line["id"]] = line
    return History(requests, outcomes, tuple(torn))


def _record(text: bytes) -> Mapping[str, Any] | None:
    from verify4k.documents.strict_json import NotStrict, parse_json  # not before a ledger is there

    try:
        line: Any = parse_json(text, most_bytes=_LONGEST, most_values=_VALUES)
    except NotStrict:
        return None
    if not isinstance(line, dict) or line.get("event") not in ("request", "outcome"):
        return None
    return line if isinstance(line.get("id"), str) else None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"the ledger {path.name} cannot be written: {error.strerror}",
        "nothing is sent without a record of it; make the folder writable",
    )
