"""Worker processes that may die: an `Executor` in which a task takes down nothing but itself.

A decoder that crashes, loops or eats memory ends its own process; its future gets `WorkerLost` with the
reason, and another process takes its place. Every worker has pipes of its own, so that one that is killed in
the middle of a word blocks nobody (the standard library's pool is broken by one death, its workers share a
queue and a lock).

On Linux, while this process has one thread, workers are forked: 2 ms each, and what is loaded is shared.
Otherwise, and for those that replace the dead, a new interpreter is started (0.2 s of CPU).
"""

from __future__ import annotations

import errno
import pickle
import signal
import threading
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from verify4k.checking.children import NO_ROOM, Bounds, Child, forked, spawned
from verify4k.checking.forking import forkable
from verify4k.checking.memory_limits import OUT_OF_MEMORY
from verify4k.errors import UsageError, WorkerLost
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_SPARE = 15  # seconds after which a worker ends itself where nobody is left to do it


class _Job(NamedTuple):
    future: Future[Any]
    call: Callable[..., Any]
    arguments: tuple[Any, ...]


class Processes(Executor):
    """At most ``jobs`` processes, each with one task at a time, warm until `shutdown`.

    Args:
        jobs: how many.
        seconds: what one task may take before its process is killed; 0: no bound.
        memory: bytes that a process may take beyond what it has at its start; 0: no bound.
    """

    def __init__(self, jobs: int, *, seconds: int = 0, memory: int = 0) -> None:
        self._bounds = Bounds(seconds and seconds + _SPARE, memory)
        self._seconds = seconds
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._calls: dict[int, tuple[Callable[..., Any], bytes]] = {}
        self._ending = self._halted = False
        self._children: list[Child | None] = []
        if forkable():  # before any of our own threads is there
            with suppress(OSError):  # those that are missing are started when they are needed, or say why not
                for _ in range(jobs):
                    self._children.append(forked(self._open(), self._bounds))
        self._children += [None] * (jobs - len(self._children))
        self._threads = [
            threading.Thread(target=self._serve, args=[number], daemon=True, name="verify4k worker")
            for number in range(jobs)
        ]
        self._start_threads()

    def _start_threads(self) -> None:
        """Start who hands out tasks, as many as there is room for. Raises `UsageError` where that is none."""
        for number, thread in enumerate(self._threads):
            try:
                thread.start()
            except RuntimeError as error:
                self._threads, without = self._threads[:number], self._children[number:]
                for child in filter(None, without):
                    child.kill()
                    child.wait()
                if not number:
                    raise UsageError("no thread can be started to check anything", NO_ROOM) from error
                return

    def _open(self) -> list[Child]:
        return [child for child in self._children if child is not None]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run ``fn(*args)`` in a worker; both have to be picklable."""
        if self._ending:
            raise RuntimeError("the workers have been sent away")
        if kwargs:
            raise TypeError("tasks take no keywords")
        future: Future[Any] = Future()
        self._jobs.put(_Job(future, fn, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after what was submitted, or with ``cancel_futures`` at once."""
        self._ending = True
        for _ in self._threads:
            self._jobs.put(None)
        self._halted = self._halted or cancel_futures
        if cancel_futures:
            for child in self._open():
                child.kill()
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, number: int) -> None:
        """Hand tasks to one worker, and replace it when it is gone."""
        while (job := self._jobs.get()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                job.future.set_result(self._asked(number, job))
            except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the future
                job.future.set_exception(error)
        child = self._children[number]
        if child is not None:
            child.end()

    def _asked(self, number: int, job: _Job) -> Any:
        message = self._pickled(job)
        child = self._children[number]
        if self._halted:
            raise WorkerLost("the run was ended")
        if child is None:
            try:
                child = self._children[number] = spawned(self._bounds)
            except ImportError as error:  # a library of Python's own cannot be opened
                raise WorkerLost(f"{_NO_PROCESS}: {error}", _HINTS[errno.EMFILE]) from error
            except OSError as error:
                hint = _HINTS.get(error.errno or 0, NO_ROOM)
                raise WorkerLost(f"{_NO_PROCESS}: {error.strerror}", hint) from error
        answer = child.ask(message, self._seconds)
        if answer is None:
            self._children[number] = None
            raise self._lost(child)
        try:
            worked, value = pickle.loads(answer)  # noqa: S301 - from our own process
        except Exception as error:  # a decoder has written into its pipe: nothing more of it is believed
            self._children[number] = None
            child.kill()
            child.end()
            raise WorkerLost("what the process that checked it answered cannot be read", _CRASH) from error
        if worked:
            return value
        raise value

    def _pickled(self, job: _Job) -> bytes:
        """Return a message; what is called is often the same for thousands of tasks, and pickled once."""
        known = self._calls.get(id(job.call))
        if known is None or known[0] is not job.call:
            known = (job.call, pickle.dumps(job.call, -1))
            self._calls[id(job.call)] = known
        return pickle.dumps((known[1], job.arguments), -1)

    def _lost(self, child: Child) -> WorkerLost:
        status = child.end()
        if child.late and not child.started:
            said = "the process that was to check it did not start"
            return WorkerLost(said, "look at what else this machine does, and run again", again=True)
        if child.late:
            return WorkerLost(
                f"checking it took longer than {self._seconds} s and was stopped",
                "raise seconds with limits: in the manifest or --limit, or look at the file",
            )
        if status == OUT_OF_MEMORY:
            return WorkerLost(
                f"checking it took more than {self._bounds.memory >> 20} MiB of memory",
                "raise memory with limits: in the manifest or --limit",
            )
        if status < 0:
            name = signal.Signals(-status).name if -status in _SIGNALS else f"signal {-status}"
            if name in ("SIGKILL", "SIGTERM", "SIGHUP"):
                return WorkerLost(
                    f"the process that checked it was killed ({name})",
                    "the system may have run out of memory: use fewer --jobs, or a lower --limit memory",
                    again=True,
                )
            return WorkerLost(f"the process that checked it crashed ({name})", _CRASH)
        return WorkerLost(f"the process that checked it ended (exit code {status})", _GAVE_UP, again=True)


_CRASH = "a decoder has a bug that this file meets: look at it with another program, and export it again"
_GAVE_UP = "a library gave up, for want of memory (ulimit -v), or of a file that it cannot take"
_NO_PROCESS = "no process can be started to check it"
_HINTS = {
    errno.EMFILE: "raise how many files may be open at once (ulimit -n), or use fewer --jobs",
    errno.ENOMEM: "use fewer --jobs, or end what else runs",
}
_SIGNALS = frozenset(int(each) for each in signal.Signals)
