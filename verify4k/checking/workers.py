"""Where work runs: in this thread, or on an executor, by default a few threads. Order in is order out.

Decoders, hashes and NumPy let go of Python's lock, so threads are enough; each holds one artifact, so
memory is bounded by their number, not by the number of files.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from verify4k.analysis.blas import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # decoders saturate memory bandwidth before they saturate more cores


def run(
    work: Callable[[T], R], items: Sequence[T], jobs: int, progress: Callable[[int, int], None] | None = None
) -> list[R]:
    """Return ``work(item)`` of every item. ``jobs`` 0: one a core, at most `MOST`."""
    jobs = min(jobs or min(os.cpu_count() or 1, MOST), len(items))
    total = len(items)
    if jobs <= 1:
        found = []
        for done, item in enumerate(items, 1):
            found.append(work(item))
            if progress is not None:
                progress(done, total)
        return found
    from concurrent.futures import ThreadPoolExecutor

    with ExitStack() as around:
        if "numpy" in sys.modules:  # the caller's: one scope around all workers, instead of one for each
            around.enter_context(one_thread())
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="verify4k")
        # after Ctrl-C or an error nothing that has not begun begins
        around.callback(pool.shutdown, wait=True, cancel_futures=True)
        return run_on(pool, work, items, progress)


def run_on(
    executor: Executor,
    work: Callable[[T], R],
    items: Sequence[T],
    progress: Callable[[int, int], None] | None = None,
) -> list[R]:
    """Return ``work(item)`` of every item, worked out on any executor, which stays the caller's.

    What has not begun when one fails is cancelled. On processes or other machines ``work``, its items and
    its results have to be picklable.
    """
    futures = [executor.submit(work, item) for item in items]
    try:
        found = []
        for done, future in enumerate(futures, 1):
            found.append(future.result())
            if progress is not None:
                progress(done, len(items))
        return found
    except BaseException:
        for future in futures:
            future.cancel()
        raise
