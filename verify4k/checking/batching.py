"""Artifacts on their way to whoever judges them elsewhere: the large ones first, small ones together."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from verify4k.checking.tasks import work_away
from verify4k.checking.workers import Batches, away, by_weight, evenly, heaviest_first, in_batches, one_by_one
from verify4k.files.portable import portable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from verify4k.checking.tasks import Context, Task


def weight(path: str) -> int:
    """Return how many bytes a file has; 0 where nobody can say."""
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def batched(
    context: Context, task_of: Callable[[int], Task], weights: dict[int, int], executor: Executor, jobs: int
) -> Iterator[tuple[int, Task, Any]]:
    """Yield number, task and what came back, a `WorkerLost` among it, as it comes.

    Args:
        context: what all artifacts of the run share.
        task_of: the work of a number, asked for when it is handed over.
        weights: bytes of each artifact, by number.
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
        batches, window = evenly(heaviest_first(weights), executor.batch(len(weights))), 2 * executor.workers
        told = in_batches(executor.called(context), ready, batches, executor, window=window)
    elif isinstance(executor, Processes):
        batches = by_weight(weights, jobs)
        work = partial(one_by_one, partial(work_away, context))
        told = in_batches(work, ready, batches, executor, window=2 * jobs)
    else:
        told = away(partial(work_away, context), ready, heaviest_first(weights), executor, window=2 * jobs)
    for number, came in told:
        yield number, tasks.pop(number), came
