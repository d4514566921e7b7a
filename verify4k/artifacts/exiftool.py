"""One ExifTool process that is asked again and again, and stopped when it takes too much.

It reads a copy of the very bytes that were checked, never a path of the checkout; it runs without
a configuration file, which would be Perl code; and a picture that makes it slow, large or dead costs
that picture its answer, not the run. (pyexiftool waits for ever where the process died.)
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, LimitHit

if TYPE_CHECKING:
    from typing import IO

SECONDS = 30.0  # for one picture; usual are some 10 ms
_MEMORY = 1 << 30  # address space, where the system can limit it
_OUTPUT = 16 << 20
_CPU = 60  # seconds of a whole process, so that one whose parent was killed does not stay for ever
_QUESTIONS = 200  # of one process
_READY = b"{ready"
_ARGUMENTS = ("-config", "", "-stay_open", "True", "-@", "-", "-common_args", "-charset", "filename=utf8")


class ExifTool:
    """One process, started at once. Raises `OSError` where it cannot be."""

    def __init__(self, program: str, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._left = _QUESTIONS
        self._folder = tempfile.TemporaryDirectory(prefix="verify4k-", ignore_cleanup_errors=True)
        try:
            self._process = subprocess.Popen(
                [program, *_ARGUMENTS],
                cwd=self._folder.name,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except BaseException:
            self._folder.cleanup()
            raise
        _limit(self._process.pid)

    @property
    def usable(self) -> bool:
        """Whether it can be asked once more."""
        return self._left > 0 and self._process.poll() is None

    def read(self, data: bytes, suffix: str) -> dict[str, Any]:
        """Return ``Group:Tag`` -> value of a picture. Raises `CannotRead`; then start another process."""
        self._left -= 1
        path = os.path.join(self._folder.name, f"picture{suffix}")
        with open(path, "wb") as copy:
            copy.write(data)
        late = threading.Event()
        watch = threading.Timer(self._seconds, self._stop, [late])
        watch.daemon = True
        watch.start()
        try:
            answer = self._ask(f"-j\n-G0\n{path}\n-execute\n".encode())
        finally:
            watch.cancel()
            os.unlink(path)
        if late.is_set():
            self._left = 0
            raise LimitHit(f"ExifTool took longer than {self._seconds:g} s for this picture and was stopped")
        if answer is None:
            self._left = 0
            raise CannotRead(
                "ExifTool ended before it answered: no memory left, or a bug in it",
                "look at the metadata by hand",
            )
        return _tags(answer)

    def _ask(self, question: bytes) -> bytes | None:
        """Return what it prints up to the end of the answer; None when it ended instead."""
        told, into = self._pipes()
        try:
            into.write(question)
            into.flush()
        except (OSError, ValueError):
            return None
        lines: list[bytes] = []
        total = 0
        while line := told.readline(_OUTPUT):
            if line.startswith(_READY):
                return b"".join(lines)
            lines.append(line)
            total += len(line)
            if total > _OUTPUT:
                self._left = 0
                raise LimitHit(f"ExifTool's answer is longer than {_OUTPUT >> 20} MiB")
        return None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        told, into = self._process.stdout, self._process.stdin
        if told is None or into is None:  # pragma: no cover - both are pipes
            raise CannotRead("ExifTool has no pipes")
        return told, into

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def close(self) -> None:
        """End the process, whatever it does, and remove the copies."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            try:
                pipe.close()
            except OSError:  # what could not be written any more
                continue
        self._folder.cleanup()


def _tags(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise CannotRead("ExifTool gave no answer that can be read") from error
    tags = found[0] if isinstance(found, list) and found else {}
    if not isinstance(tags, dict) or not tags:
        raise CannotRead("ExifTool told nothing about this picture")
    for name in ("ExifTool:Error", "ExifTool:Warning"):
        said = str(tags.get(name, ""))
        if said and (name.endswith("Error") or said.startswith("Install ")):
            raise CannotRead(f"ExifTool cannot read all metadata: {ascii(said)[1:-1][:200]}")
    return tags


def _limit(pid: int) -> None:
    """Limit a process that was just started, before it is given anything to read; Linux only."""
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))  # type: ignore[attr-defined,unused-ignore]
        resource.prlimit(pid, resource.RLIMIT_CPU, (_CPU, _CPU))  # type: ignore[attr-defined,unused-ignore]
    except (ImportError, AttributeError, OSError, ValueError):
        return
