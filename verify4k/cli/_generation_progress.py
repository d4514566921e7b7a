"""Progress while pictures are made, on a terminal only: a 4K picture takes minutes."""

from __future__ import annotations

import contextlib
import signal
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, TextIO

from verify4k.cli._output import emit
from verify4k.cli._thumbnail import thumbnail
from verify4k.generate.results import Result
from verify4k.generate.running import Watcher
from verify4k.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.generate.plan import Job
    from verify4k.generate.streaming import Watch
    from verify4k.routes.protocol.streams import Partial


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


class GenerationProgress:
    """Lines as things happen, and a status line with the elapsed time below them."""

    def __init__(
        self,
        stream: TextIO,
        total: int,
        clock: Callable[[], float],
        *,
        terminal: bool,
        quiet: bool,
        colour: bool = False,
    ) -> None:
        self._stream = stream
        self._total = total
        self._clock = clock
        self._since = clock()
        self._shown = terminal and not quiet
        self._colour = colour
        self._partials: SimpleQueue[tuple[str, Partial]] = SimpleQueue()
        self._finished = 0

    def watcher(self) -> Watcher:
        """Return what a run reports to."""
        return Watcher(self._started, self._done_one, self._tick, self._interrupted)

    def watch(self) -> Watch | None:
        """Return what is told partial pictures, from any thread; nobody where nothing is shown."""
        return (lambda target, partial: self._partials.put((target, partial))) if self._shown else None

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
        self._show_partials()
        self._finished += 1
        if self._shown:
            self._say(f"{result.status} {printable(result.target)} after {self._elapsed()}")

    def _show_partials(self) -> None:
        while not self._partials.empty():
            target, partial = self._partials.get()
            self._say(f"{printable(target)}: partial picture {partial.number} after {self._elapsed()}")
            drawn = thumbnail(partial.data) if self._colour else ""
            if drawn:
                emit(drawn, self._stream)

    def _tick(self, active: int) -> None:
        self._show_partials()
        if self._shown:
            done = f"{self._finished} of {self._total} done"
            self._stream.write(f"\r\033[K{done}, {active} on their way, {self._elapsed()}")
            self._stream.flush()

    def _interrupted(self, active: int) -> None:
        again = "; Ctrl-C again abandons them" if self._shown else ""
        are = "is" if active == 1 else "are"
        waiting = f"{counted(active, 'picture')} {are} still on {'its' if active == 1 else 'their'} way"
        self._say(f"stopping: nothing new is sent, {waiting}{again}")

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
