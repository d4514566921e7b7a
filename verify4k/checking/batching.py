"""Artifacts on their way to whoever judges them elsewhere: the large ones first, small ones together."""

from __future__ import annotations

import os
from array import array
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from verify4k.checking.tasks import work_away
from verify4k.checking.workers import Batches, away, evenly, in_batches, one_by_one, shared_out
from verify4k.files.portable import portable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from verify4k.checking.tasks import Context, Task
    from verify4k.checking.workers import ByWeight


def weight(path: str) -> int:
    """Return how many bytes a file has; 0 where nobody can say."""
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def batched(
    context: Context, task_of: Callable[[int], Task], numbers: ByWeight, executor: Executor, jobs: int
) -> Iterator[tuple[int, Task, Any]]:
    """Yield number, task and what came back, a `WorkerLost` among it, as it comes.

    Args:
        context: what all artifacts of the run share.
        task_of: the work of a number, asked for when it is handed over.
        numbers: which artifacts.
        executor: who works.
        jobs: how many work at once.
    """
    from verify4k.checking.processes import Processes

    tasks: dict[int, Task] = {}

    def ready(number: int) -> Task:
        task = tasks[number] = task_of(number)
        travelling = task._replace(source=portable(task.source, task.asset.target))
        return executor.travelling(travelling) if isinstance(executor, Batches) else travelling

    if isinstance(executor, Batches):
        in_turn = array("I", chain(*numbers))
        batches, window = evenly(in_turn, executor.batch(len(in_turn))), 2 * executor.workers
        told = in_batches(executor.called(context), ready, batches, executor, window=window)
    elif isinstance(executor, Processes):
        batches = shared_out(numbers, jobs)
        work = partial(one_by_one, partial(work_away, context))
        told = in_batches(work, ready, batches, executor, window=2 * jobs)
    else:
        told = away(partial(work_away, context), ready, chain(*numbers), executor, window=2 * jobs)
    for number, came in told:
        yield number, tasks.pop(number), came
