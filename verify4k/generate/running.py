"""Runs jobs side by side: per-route limits, edits after what they edit, a stop that loses nothing.

Workers are daemon threads: when the user insists on leaving, the process can end although an
answer is still on its way. What arrived by then is on the disk, and the next run finishes it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from verify4k.errors import Verify4kError
from verify4k.generate.results import Result, failed
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.generate.plan import Job

_TICK = 0.2
GRACE = 5.0  # seconds that pictures on their way get after an interrupt without a terminal


class Watcher(NamedTuple):
    """Is told what happens. ``tick`` gets the jobs on their way, several times a second."""

    started: Callable[[Job], None]
    finished: Callable[[Result], None]
    tick: Callable[[int], None]
    interrupted: Callable[[int], None]


class Run:
    """One run over jobs by target."""

    def __init__(self, jobs: Mapping[str, Job], work: Callable[[Job], Result], stop: threading.Event) -> None:
        self._jobs = dict(jobs)
        self._work = work
        self._stop = stop
        self._change = threading.Condition()
        self._active: dict[str, str] = {}  # target -> profile name
        self.results: dict[str, Result] = {}
        self.interrupted = False
        self.crash: Exception | None = None  # the first of a maker, for the one who called

    def go(
        self, workers: int, watcher: Watcher, grace: float | None, clock: Callable[[], float]
    ) -> list[Result]:
        """Make everything and return the results in the order of the jobs.

        ``grace``: seconds to wait after an interrupt; None waits for all that is on its way, until
        a second interrupt.
        """
        end: float | None = None
        told = False
        while True:
            try:
                if self.interrupted and not told:  # a second interrupt may come while the first is answered
                    told = True
                    end = None if grace is None else clock() + grace
                    watcher.interrupted(len(self._active))
                end = self._loop(workers, watcher, end, clock)
                break
            except KeyboardInterrupt:
                if self.interrupted:
                    break
                self.interrupted = True
                self._stop.set()
        return [self.results.get(target) or self._unsent(target) for target in self._jobs]

    def _loop(
        self, workers: int, watcher: Watcher, end: float | None, clock: Callable[[], float]
    ) -> float | None:
        reported: set[str] = set(self.results)
        while True:
            with self._change:
                self._start(workers, watcher)
                self._change.wait(_TICK)
                fresh = [result for target, result in self.results.items() if target not in reported]
                active = len(self._active)
            for result in fresh:
                reported.add(result.target)
                watcher.finished(result)
            watcher.tick(active)
            if not active and not self._ready():
                return end
            if end is not None and clock() >= end:
                return end

    def _ready(self) -> list[Job]:
        """Return jobs that may start: not begun, not stopped, everything they edit settled."""
        if self._stop.is_set():
            return []
        waiting = (job for target, job in self._jobs.items() if target not in self.results | self._active)
        return [job for job in waiting if job.after <= self.results.keys()]

    def _start(self, workers: int, watcher: Watcher) -> None:
        for job in self._ready():
            busy = sum(name == job.profile.name for name in self._active.values())
            if len(self._active) >= workers or busy >= job.profile.concurrency:
                continue
            self._active[job.order.target] = job.profile.name
            watcher.started(job)
            threading.Thread(target=self._one, args=(job,), daemon=True, name="verify4k-maker").start()

    def _one(self, job: Job) -> None:
        target = job.order.target
        try:
            missing = [name for name in job.after if self.results[name].status not in ("made", "verified")]
            if missing:
                said = f"{missing[0]} was not made, and this picture starts from it"
                result = Result(target, "not-sent", said)
            else:
                result = self._work(job)
        except Verify4kError as error:
            result = failed(target, error)
        except OSError as error:  # the disk's, and no bug
            result = Result(target, "failed", error.strerror or str(error))
        except Exception as error:  # noqa: BLE001 - a thread has nobody above it: told by the one that waits
            self.crash = self.crash or error  # the next picture would meet the same bug: nothing more is sent
            result = Result(target, "failed", "the maker crashed; this is a bug in verify4k", stop=True)
        if result.stop:
            self._stop.set()
        with self._change:
            self.results[target] = result
            del self._active[target]
            self._change.notify_all()

    def _unsent(self, target: str) -> Result:
        if target in self._active:
            return Result(target, "stopped", "abandoned while on its way: it may have been billed; run again")
        return Result(target, "not-sent", "not asked for: the run was stopped")
