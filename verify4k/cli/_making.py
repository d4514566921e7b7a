"""Progress while pictures are made, on a terminal only: a 4K picture takes minutes."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, TextIO

from verify4k.cli._output import emit
from verify4k.generate.results import Result
from verify4k.generate.running import Watcher
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.generate.plan import Job


@contextlib.contextmanager
def terminated_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM, which CI systems send to a cancelled job, stop a run as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only there can signals be set
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class MakingProgress:
    """Lines as things happen, and a status line with the elapsed time below them."""

    def __init__(
        self,
        stream: TextIO,
        total: int,
        clock: Callable[[], float],
        *,
        terminal: bool,
        quiet: bool,
    ) -> None:
        self._stream = stream
        self._total = total
        self._clock = clock
        self._since = clock()
        self._shown = terminal and not quiet
        self._finished = 0

    def watcher(self) -> Watcher:
        """Return what a run reports to."""
        return Watcher(self._started, self._done_one, self._tick, self._interrupted)

    def done(self) -> None:
        """Wipe the status line."""
        self._wipe()

    def _say(self, text: str) -> None:
        self._wipe()
        emit(text, self._stream)

    def _wipe(self) -> None:
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()

    def _started(self, job: Job) -> None:
        if self._shown:
            self._say(f"making {printable(job.order.target)} ({job.order.size}, {job.profile.name})")

    def _done_one(self, result: Result) -> None:
        self._finished += 1
        if self._shown:
            self._say(f"{result.status} {printable(result.target)} after {self._elapsed()}")

    def _tick(self, active: int) -> None:
        if self._shown:
            done = f"{self._finished} of {self._total} done"
            self._stream.write(f"\r\033[K{done}, {active} on their way, {self._elapsed()}")
            self._stream.flush()

    def _interrupted(self, active: int) -> None:
        again = "; Ctrl-C again abandons them" if self._shown else ""
        self._say(f"stopping: nothing new is sent, {active} pictures are still on their way{again}")

    def _elapsed(self) -> str:
        seconds = self._clock() - self._since
        return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"


def instructions(job: Job) -> Result:
    """Return what a person has to make by hand, and how to bring it in."""
    order = job.order
    return Result(
        order.target,
        "manual",
        f"make a {order.size} {order.format} by hand, then: verify4k import FILE --as {order.target} "
        f"--route {job.profile.name}",
        notes=(f"prompt: {order.prompt}",) if order.prompt else (),
    )
