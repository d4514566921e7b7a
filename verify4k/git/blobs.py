"""Blobs by their ids: one ``git cat-file --batch`` for a whole run, asked by many threads."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, LimitHit
from verify4k.files.source import LIMIT_BYTES

if TYPE_CHECKING:
    import subprocess
    from types import TracebackType
    from typing import IO

    from verify4k.git.repository import Repository

_PIECE = 1 << 20


class Blobs:
    """Reads objects of one repository; use it as a context manager, it ends what it started."""

    def __init__(self, repository: Repository, limit: int = LIMIT_BYTES) -> None:
        self._repository = repository
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # one question, one answer

    def __enter__(self) -> Blobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if error is not None:
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # it has died already
                    stream.close()
        process.wait()

    def read(self, oid: str) -> bytes:
        """Return a blob. Raises `CannotRead`, `LimitHit`."""
        with self._lock:
            if self._process is None:
                self._process = self._repository.popen("cat-file", "--batch")
            try:
                return self._ask(self._process, oid)
            except (OSError, ValueError) as error:
                raise CannotRead(f"git gave no answer about the blob {oid}") from error

    def _ask(self, process: subprocess.Popen[bytes], oid: str) -> bytes:
        questions, answers = process.stdin, process.stdout
        if questions is None or answers is None:
            raise ValueError("no pipes")
        questions.write(oid.encode("ascii") + b"\n")
        questions.flush()
        head = answers.readline().split()
        if len(head) != 3:  # "OID missing", or nothing at all
            raise CannotRead(
                f"git does not have the blob {oid}", "a partial clone or a damaged repository: run git fsck"
            )
        size = int(head[2])
        if size > self._limit:
            _skip(answers, size + 1)
            raise LimitHit(f"the file has {size} bytes; the limit is {self._limit}")
        data = answers.read(size + 1)
        if head[1] != b"blob" or len(data) != size + 1:
            raise CannotRead(f"git gave no whole blob for {oid}")
        return data[:-1]


def _skip(answers: IO[bytes], left: int) -> None:
    while left > 0:
        left -= len(answers.read(min(left, _PIECE))) or left
