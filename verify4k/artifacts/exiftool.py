"""One ExifTool process that is asked again and again, and stopped when it takes too much.

It reads a copy of the very bytes that were checked, never a path of the checkout; it runs without
a configuration file, which would be Perl code; and a picture that makes it slow, large or dead costs
that picture its answer, not the run. pyexiftool starts and ends the process; its own way of reading
answers waits for ever where the process died, so that reading is done here.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import exiftool

from verify4k.errors import CannotRead, LimitHit

if TYPE_CHECKING:
    import subprocess
    from typing import IO

SECONDS = 30.0  # for one picture; usual are some 10 ms
_MEMORY = 1 << 30  # address space, where the system can limit it
_OUTPUT = 16 << 20
_CPU = 60  # seconds of a whole process, so that one whose parent was killed does not stay for ever
_QUESTIONS = 200  # of one process
_READY = b"{ready"


class _Process(exiftool.ExifTool):  # type: ignore[misc,unused-ignore]  # the package has no types
    """pyexiftool's process, whose answers end: at the end of the process, and at a length.

    ``process``: what was started, also when pyexiftool has forgotten it because it died at once.
    """

    process: subprocess.Popen[bytes] | None = None
    _killed = False

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "_process" and value is not None:
            self.process = value
            if self._killed:
                value.kill()

    def execute(self, *params: str, raw_bytes: bool = False) -> str | bytes:
        """Ask and return what is printed. Raises `LimitHit`, and `CannotRead` where the process ended."""
        told, into = self.pipes()
        try:
            into.write("".join(f"{each}\n" for each in (*params, "-execute")).encode())
            into.flush()
            answer = self._answer(told)
        except (OSError, ValueError) as error:
            raise _ended() from error
        return answer if raw_bytes else answer.decode("utf-8", "replace")

    def _answer(self, told: IO[bytes]) -> bytes:
        lines: list[bytes] = []
        total = 0
        while line := told.readline(_OUTPUT):
            if line.startswith(_READY):
                return b"".join(lines)
            lines.append(line)
            total += len(line)
            if total > _OUTPUT:
                raise LimitHit(f"ExifTool's answer is longer than {_OUTPUT >> 20} MiB")
        raise _ended()

    def pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Return its stdout and stdin."""
        process = self.process
        if process is None or process.stdout is None or process.stdin is None:
            raise _ended()
        return process.stdout, process.stdin

    def kill(self) -> None:
        """End the process, also one that is only being started; what waits for its answer is told so."""
        self._killed = True
        if self.process is not None:
            self.process.kill()

    def end(self) -> None:
        """Kill the process, whatever it does, and close what led to it."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for pipe in (*self.pipes(), self.process.stderr):
            with suppress(OSError):  # what could not be written any more
                if pipe is not None:
                    pipe.close()
        self._running = False

    @property
    def alive(self) -> bool:
        """Whether it is there to be asked."""
        return self.process is not None and self.process.poll() is None


def _ended() -> CannotRead:
    return CannotRead(
        "ExifTool ended before it answered: no memory left, or a bug in it", "look at the metadata by hand"
    )


class ExifTool:
    """One process, started at once. Raises `OSError` where it cannot be, and `CannotRead`."""

    def __init__(self, program: str, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._left = _QUESTIONS
        self._tool = _Process(program, common_args=["-charset", "filename=utf8"], config_file="")
        try:
            self._within(self._start)
        except BaseException:
            self._tool.end()
            raise

    def _start(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # pyexiftool's preexec_fn beside threads
                warnings.simplefilter("ignore", UserWarning)  # that it has died, which we say ourselves
                self._tool.run()
        except (RuntimeError, exiftool.exceptions.ExifToolException) as error:
            raise _ended() from error
        process = self._tool.process
        if process is not None:
            _limit(process.pid)
            threading.Thread(target=_drain, args=[process.stderr], daemon=True).start()

    def _within(self, act: Any) -> Any:
        """Do something within the time that one picture may take. Raises `LimitHit` beyond it."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._tool.kill()

        watch = threading.Timer(self._seconds, stop)
        watch.daemon = True
        watch.start()
        try:
            return act()
        except CannotRead as error:
            self._left = 0
            if late.is_set():
                raise LimitHit(
                    f"ExifTool took longer than {self._seconds:g} s for this picture and was stopped"
                ) from error
            raise
        finally:
            watch.cancel()

    @property
    def usable(self) -> bool:
        """Whether it can be asked once more."""
        return self._left > 0 and self._tool.alive

    def read(self, data: bytes, suffix: str) -> dict[str, Any]:
        """Return ``Group:Tag`` -> value of a picture. Raises `CannotRead`; then start another process."""
        self._left -= 1
        # a folder for each: whoever is killed between two pictures leaves nothing behind
        with tempfile.TemporaryDirectory(prefix="verify4k-", ignore_cleanup_errors=True) as folder:
            path = os.path.join(folder, f"picture{suffix}")
            with open(path, "wb") as copy:
                copy.write(data)
            answer: bytes = self._within(lambda: self._tool.execute("-j", "-G0", path, raw_bytes=True))
        return _tags(answer)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._tool.end()


def _drain(pipe: IO[bytes]) -> None:
    """Read what nobody asks for, so that a talkative process never waits for a reader."""
    try:
        while pipe.read(1 << 16):
            pass
    except (OSError, ValueError):  # closed at the end
        return


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
