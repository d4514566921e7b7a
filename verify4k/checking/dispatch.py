"""All artifacts of a run -> `Judged`, in the order of the promises, whatever becomes of who does the work.

Headers are read here, also those of files that an earlier run has measured all of: no decoder runs for them,
only our own code, which counts its steps. What is decoded is decoded in a worker process, also a single file
where that is a copy of this process (2 ms). Where it would be another interpreter, one small file is checked
here: a decoder that crashes then ends a run that has no other verdict to lose, by a signal, which no shell
takes for a pass. URLs are asked by threads, which hand what came to processes, as files are.
"""

from __future__ import annotations

from array import array
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.guard import guarded
from verify4k.checking.batching import batched, weight
from verify4k.checking.forking import forkable
from verify4k.checking.ledger_lookup import LedgerLookup
from verify4k.checking.results import Done
from verify4k.checking.tasks import (
    came_back,
    context_of,
    opened,
    remembered,
    remembering,
    rest,
    task_of,
    undone,
    work,
    work_away,
)
from verify4k.checking.workers import Batches, away, by_weight, cores, here, once_more, processes
from verify4k.errors import CannotRead, Verify4kError, WorkerLost
from verify4k.files.portable import Downloaded, downloaded, portable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from verify4k.artifacts.tools import Tools
    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan, Settings
    from verify4k.checking.scope import Scope
    from verify4k.checking.tasks import Task
    from verify4k.files.source import Delivered, Source
    from verify4k.model import Asset

ASKERS = 16  # threads that wait for servers, where nothing is decoded
NEW_IN_A_ROW = 500  # files without anything remembered, after which no more are asked
SMALL = 1 << 20  # bytes of a file that is not worth another interpreter


class Dispatch:
    """Knows one run's artifacts and hands them out."""

    def __init__(
        self,
        scope: Scope,
        plan: Plan,
        settings: Settings,
        acceptance: Acceptance,
        display: Callable[[Asset], str],
    ) -> None:
        self._scope = scope
        self._plan = plan
        self._settings = settings
        self._acceptance = acceptance
        self._display = display
        self._lost: dict[str, Verify4kError] = {}  # by target: no decoder meets these again
        self._history = LedgerLookup(scope.history).read

    def judged(
        self,
        tools: Tools,
        progress: Callable[[int, int], None] | None,
        executor: Executor | None,
        settled: Callable[[int, Judged], bool],
    ) -> Done:
        """Judge all. ``executor``: who works instead of processes of our own; it needs the same files.

        ``settled`` is told each outcome with the number of its asset; those that it takes are not returned.
        """
        total = len(self._scope.assets)
        found: list[Judged | None] = [None] * total
        taken = bytearray(total)
        try:
            with self._working(tools, executor) as results:
                for count, (number, judged) in enumerate(results, 1):
                    if settled(number, judged):
                        taken[number] = True
                    else:
                        found[number] = judged
                    if progress is not None:
                        progress(count, total)
        except KeyboardInterrupt:
            pass
        missed = array("I")
        for number, each in enumerate(found):
            if each is None and not taken[number]:
                missed.append(number)
                found[number] = undone(self._task(number), CannotRead("not checked: the run was interrupted"))
        return Done({number: each for number, each in enumerate(found) if each is not None}, missed)

    def given(
        self, outcome: Callable[[int, Asset], Judged | None], settled: Callable[[int, Judged], bool]
    ) -> Done:
        """Return outcomes that are known but for those that are settled; one that is not is undecided."""
        nobody = CannotRead("no shard has checked it", "run every shard again")
        told = (
            (number, outcome(number, asset) or undone(self._task(number), nobody))
            for number, asset in enumerate(self._scope.assets)
        )
        return Done({number: judged for number, judged in told if not settled(number, judged)})

    def opened(self, tools: Tools, asset: Asset) -> Artifact:
        """Open an artifact here, for a second look at what the run has seen. Not one that nobody survived."""
        artifact = opened(self._one(asset), tools, self._history, self._settings, self._plan.of(asset))
        return self._unless_lost(artifact)

    def reopened(self, asset: Asset) -> Artifact:
        """Open an artifact here, with its colours."""
        source, limits = self._scope.source_of(asset), self._settings.limits
        artifact = Artifact(asset, source, "full", colour=True, limits=limits)
        return self._unless_lost(remembering(artifact, self._settings.fact_cache))

    def _unless_lost(self, artifact: Artifact) -> Artifact:
        error = self._lost.get(artifact.asset.target)
        if error is not None:
            artifact.failures.update(data=error, reader=error)
        return artifact

    @contextmanager
    def _working(self, tools: Tools, executor: Executor | None) -> Iterator[Iterator[tuple[int, Judged]]]:
        local, distant, asking = self._parted(executor)

        def near(task: Task) -> Judged:
            planned = self._plan.of(task.asset)
            return work(tools, self._history, self._settings, planned, task)

        decoded = asking if self._settings.depth == "full" else array("I")
        with ExitStack() as ended:
            streams: list[Iterator[tuple[int, Judged]]] = []
            if distant and executor is None and not asking and self._settings.fact_cache is not None:
                left = array("I")
                streams += [self._remembered(tools, distant, left), self._left(near, left, ended)]
                distant = array("I")
            own = self._own(distant, decoded, executor)
            if asking:
                decoder = own or executor
                asked = partial(self._fetched, near, tools, decoder) if decoded and decoder else near
                streams.append(self._asked(asking, asked, ended))
            if own is not None:
                ended.callback(own.shutdown, wait=True, cancel_futures=True)
            if distant:
                sender = executor or own
                assert sender is not None  # noqa: S101 - `_own` made it
                streams.insert(0, self._sent(distant, sender, self._jobs(distant, cores())))
            if local:
                streams.append(here(near, self._task, local))
            try:
                yield chain.from_iterable(streams)
            except KeyboardInterrupt:
                self._scope.hang_up()  # threads wait for answers, which nobody waits for any more
                raise

    def _own(self, distant: array[int], decoded: array[int], executor: Executor | None) -> Executor | None:
        """Return processes for what nobody else decodes; None: there is nothing.

        They start at once: before a thread is there, a process is a copy of this one. A cluster takes files
        only, any other executor takes everything.
        """
        if executor is None:
            alone = max(distant, decoded, key=len)
        else:
            alone = decoded if isinstance(executor, Batches) else array("I")
        return processes(self._jobs(alone, cores()), self._settings.limits) if alone else None

    def _remembered(self, tools: Tools, files: array[int], left: array[int]) -> Iterator[tuple[int, Judged]]:
        """Judge what earlier runs have measured all of; the other artifacts are added to ``left``."""
        tried = 0  # since one was remembered: in a first run nobody is to wait for a million looks in vain
        for number in files:
            judged = None
            if tried < NEW_IN_A_ROW:
                task = self._task(number)
                planned = self._plan.of(task.asset)
                judged = remembered(tools, self._history, self._settings, planned, task)
            if judged is None:
                tried += 1
                left.append(number)
            else:
                tried = 0
                yield number, judged

    def _left(
        self, near: Callable[[Task], Judged], left: array[int], ended: ExitStack
    ) -> Iterator[tuple[int, Judged]]:
        """Judge what `_remembered` left, in processes that are started only then."""
        if self._is_small(left):
            yield from here(near, self._task, left)
        elif left:
            jobs = self._jobs(left, cores())
            own = processes(jobs, self._settings.limits)
            ended.callback(own.shutdown, wait=True, cancel_futures=True)
            yield from self._sent(left, own, jobs)

    @cached_property
    def _away(self) -> partial[tuple[Any, ...]]:
        return partial(work_away, context_of(self._scope, self._settings))

    def _jobs(self, numbers: Sequence[int], usual: int) -> int:
        return min(self._settings.jobs or usual, len(numbers))

    def _sent(self, numbers: Sequence[int], executor: Executor, jobs: int) -> Iterator[tuple[int, Judged]]:
        settings = self._settings
        if isinstance(executor, Batches):
            settings = settings._replace(fact_cache=None)  # nobody knows what other machines measure with
        context = context_of(self._scope, settings)
        in_turn = by_weight(numbers, lambda number: weight(self._scope.assets[number].path))
        for number, task, came in batched(context, self._task, in_turn, executor, jobs):
            if isinstance(came, WorkerLost):
                self._lost[task.asset.target] = came
                yield number, undone(task, came)
            else:
                yield number, came_back(task.asset, came)

    def _asked(
        self, numbers: Sequence[int], asked: Callable[[Task], Judged], ended: ExitStack
    ) -> Iterator[tuple[int, Judged]]:
        from concurrent.futures import ThreadPoolExecutor

        jobs = self._jobs(numbers, cores() if self._settings.depth == "full" else ASKERS)
        if jobs <= 1 and self._settings.depth == "header":
            return here(asked, self._task, numbers)
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="verify4k")
        # after Ctrl-C or an error nothing that has not begun begins
        ended.callback(pool.shutdown, wait=True, cancel_futures=True)
        return away(asked, self._task, numbers, pool, window=2 * jobs)

    def _fetched(
        self, near: Callable[[Task], Judged], tools: Tools, executor: Executor, task: Task
    ) -> Judged:
        """Download here, decode in a process, and ask here what else its server is to be asked."""
        target = task.asset.target
        try:
            held: Source
            if task.asset.delivered:
                held = guarded(downloaded, cast("Delivered", task.source))
            else:
                held = guarded(portable, task.source, target)
        except Verify4kError as error:  # a library that broke: the other artifacts are still to be asked
            self._lost[target] = error
            return undone(task, error)
        task = task._replace(source=held)
        if isinstance(held, Downloaded) and isinstance(held.found, Verify4kError):
            return near(task)  # no decoder meets anything
        held_task = task._replace(source=portable(held, target))
        try:
            came = once_more(executor, self._away, held_task)
        except WorkerLost as error:
            self._lost[target] = error
            return undone(task, error)
        judged = came_back(task.asset, came)
        return rest(tools, self._history, self._settings, task, judged)

    def _parted(self, executor: Executor | None) -> tuple[Sequence[int], array[int], array[int]]:
        """Return which artifacts are judged here, in processes, and in threads."""
        cluster = isinstance(executor, Batches)  # it takes headers too
        local, distant, asking = array("I"), array("I"), array("I")  # there may be a million
        for number, asset in enumerate(self._scope.assets):
            if asset.url is not None:
                asking.append(number)
            elif (self._settings.depth == "full" or cluster) and self._plan.of(asset):
                distant.append(number)
            else:
                local.append(number)
        if executor is None and self._is_small(distant):
            return [*distant, *local], array("I"), asking
        return local, distant, asking

    def _is_small(self, numbers: Sequence[int]) -> bool:
        """Whether it is one artifact, which is not worth another interpreter."""
        return len(numbers) == 1 and weight(self._scope.assets[numbers[0]].path) <= SMALL and not forkable()

    def _task(self, number: int) -> Task:
        return self._one(self._scope.assets[number])

    def _one(self, asset: Asset) -> Task:
        asked, bind = self._plan.asked(asset), self._acceptance.binds(asset)
        return task_of(self._scope, asset, asked, self._display(asset), bind=bind)
