"""Where work runs: here, in threads, in processes that may die, or on any `concurrent.futures.Executor`.

Results come with their number, so that no order depends on timing. Bounded: an executor is handed a few
pieces of work at a time, not all.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from verify4k.checking.processes import WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

    from verify4k.formats.limits import Limits

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # decoders saturate memory bandwidth before they saturate more cores
TIMES = 4  # what decoding and analysing a frame take, against the frame
_LIBRARIES = 512 << 20  # address space that a worker's libraries reserve when they are loaded
_TICK = 0.2  # seconds; a wait without an end cannot be interrupted on Windows


def cores() -> int:
    """Return how many workers make sense on this machine."""
    usable = getattr(os, "sched_getaffinity", None)
    return min(len(usable(0)) if usable else os.cpu_count() or 1, MOST)


def processes(jobs: int, limits: Limits) -> Executor:
    """Return processes that each check one artifact at a time within ``limits``."""
    from verify4k.checking.processes import Processes

    return Processes(jobs, seconds=limits.seconds, memory=TIMES * limits.memory + _LIBRARIES)


class _Piece(NamedTuple):
    """Some work that is handed over as one."""

    numbers: tuple[int, ...]
    again: bool = False  # handed over before, and lost with whoever had it


def here(work: Callable[[T], R], item: Callable[[int], T], numbers: Iterable[int]) -> Iterator[tuple[int, R]]:
    """Yield (number, ``work(item(number))``) one after the other, in this thread."""
    for number in numbers:
        yield number, work(item(number))


def away(
    work: Callable[[T], Any],
    item: Callable[[int], T],
    numbers: Iterable[int],
    executor: Executor,
    *,
    window: int,
) -> Iterator[tuple[int, Any]]:
    """Yield (number, result) as they come in; a `WorkerLost` instead of what was lost for good.

    Args:
        work: what is called for each item; for processes picklable, as the items are.
        item: the item of a number, made when it is handed over.
        numbers: which, in the order of handing over.
        executor: who works.
        window: how many pieces are handed over at once.
    """
    from queue import Empty, SimpleQueue

    waiting = deque(_Piece((number,)) for number in numbers)
    back: SimpleQueue[tuple[_Piece, Future[Any]]] = SimpleQueue()
    out = 0
    while waiting or out:
        while waiting and out < window:
            piece = waiting.popleft()
            future = executor.submit(work, item(piece.numbers[0]))
            future.add_done_callback(lambda done, piece=piece: back.put((piece, done)))  # type: ignore[misc]
            out += 1
        try:
            piece, done = back.get(timeout=_TICK)
        except Empty:
            continue
        out -= 1
        error = done.exception()
        if isinstance(error, WorkerLost):
            if error.again and not piece.again:
                waiting.appendleft(piece._replace(again=True))
                continue
            yield piece.numbers[0], error
        elif error is not None:
            raise error
        else:
            yield piece.numbers[0], done.result()
