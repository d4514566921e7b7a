"""Where work runs: here, in threads, in processes that may die, or on any `concurrent.futures.Executor`.

Results come with their number, so that no order depends on timing. Bounded: an executor is handed a few
pieces of work at a time, not all.
"""

from __future__ import annotations

import os
from array import array
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from verify4k.errors import WorkerLost
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from verify4k.formats.limits import Limits

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # decoders saturate memory bandwidth before they saturate more cores
TIMES = 4  # what decoding and analysing a frame take, against the frame
_LIBRARIES = 512 << 20  # address space that a worker's libraries reserve when they are loaded
LIGHT = 64 << 10  # bytes of a file that is not worth a message of its own
MOST_LIGHT = 32  # of those in a message
_TICK = 0.2  # seconds; a wait without an end cannot be interrupted on Windows


def cores() -> int:
    """Return how many workers make sense on this machine."""
    usable = getattr(os, "sched_getaffinity", None)
    return min(len(usable(0)) if usable else os.cpu_count() or 1, MOST)


def processes(jobs: int, limits: Limits) -> Executor:
    """Return processes that each check one artifact at a time within ``limits``."""
    from verify4k.checking.processes import Processes

    return Processes(jobs, seconds=limits.seconds, memory=TIMES * limits.memory + _LIBRARIES)


class Batches:
    """What an executor also is that takes several artifacts at once, and judges them in its own way."""

    workers: int

    def batch(self, total: int) -> int:
        """Return how many artifacts make a task."""
        raise NotImplementedError

    def called(self, context: Any) -> Callable[[list[Any]], list[Any]]:
        """Return what is called with a list of artifacts' tasks; `WorkerLost` is a result of one."""
        raise NotImplementedError

    def travelling(self, task: Any) -> Any:
        """Return what is sent of a task."""
        raise NotImplementedError


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
    pieces = (_Piece((number,)) for number in numbers)

    def submit(piece: _Piece) -> Future[Any]:
        return executor.submit(work, item(piece.numbers[0]))

    for piece, told in _handed(pieces, submit, window):
        yield piece.numbers[0], told


def once_more(executor: Executor, work: Callable[[T], R], item: T) -> R:
    """Return what ``work(item)`` gives; again where somebody else may have ended it. Raises `WorkerLost`."""
    try:
        return executor.submit(work, item).result()
    except WorkerLost as error:
        if not error.again:
            raise
    return executor.submit(work, item).result()


def in_batches(
    work: Callable[[list[T]], list[Any]],
    item: Callable[[int], T],
    batches: Iterable[Sequence[int]],
    executor: Executor,
    *,
    window: int,
) -> Iterator[tuple[int, Any]]:
    """Like `away`, several items at once; who takes its batch down is found by halving."""
    pieces = (_Piece(tuple(batch)) for batch in batches)

    def submit(piece: _Piece) -> Future[Any]:
        return executor.submit(work, [item(number) for number in piece.numbers])

    for piece, told in _handed(pieces, submit, window):
        if isinstance(told, WorkerLost):
            yield piece.numbers[0], told
        else:
            yield from zip(piece.numbers, told, strict=True)


def one_by_one(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return what ``work`` gives for each item of a batch."""
    return [work(item) for item in items]


def evenly(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield ``size`` numbers at once."""
    for at in range(0, len(numbers), size):
        yield numbers[at : at + size]


class ByWeight(NamedTuple):
    """Numbers of work: ``heavy`` the heaviest first, so that no large one is left for the end."""

    heavy: Sequence[int]
    light: Sequence[int]  # in the order in which they came


def by_weight(numbers: Iterable[int], weight_of: Callable[[int], int]) -> ByWeight:
    """Tell heavy numbers from light ones, in some bytes each: there may be a million."""
    heavy: list[tuple[int, int]] = []
    light = array("I")
    for number in numbers:
        weight = weight_of(number)
        if weight > LIGHT:
            heavy.append((-weight, number))
        else:
            light.append(number)
    return ByWeight(array("I", (number for _, number in sorted(heavy))), light)


def shared_out(numbers: ByWeight, workers: int) -> Iterator[Sequence[int]]:
    """Yield heavy numbers one by one, then light ones together: a message costs more than their work.

    ``workers``: between how many they are shared; each gets several batches, so that all end together.
    """
    yield from evenly(numbers.heavy, 1)
    yield from evenly(numbers.light, max(min(MOST_LIGHT, len(numbers.light) // (4 * workers)), 1))


def _handed(
    pieces: Iterator[_Piece], submit: Callable[[_Piece], Future[Any]], window: int
) -> Iterator[tuple[_Piece, Any]]:
    """Yield pieces with their results; one that is lost comes alone.

    What others may have taken down with them is handed over once more when nobody else is there: a cluster
    blames all that a lost worker had, also what only waited there for its turn.
    """
    from queue import Empty, SimpleQueue

    anew: deque[_Piece] = deque()
    suspects: deque[_Piece] = deque()
    back: SimpleQueue[tuple[_Piece, Future[Any]]] = SimpleQueue()
    out = 0

    def hand_over(piece: _Piece) -> None:
        submit(piece).add_done_callback(lambda done: back.put((piece, done)))

    while True:
        while out < window and (piece := anew.popleft() if anew else next(pieces, None)) is not None:
            hand_over(piece)
            out += 1
        if not out:
            if not suspects:
                return
            hand_over(suspects.popleft())
            out = 1
        try:
            piece, done = back.get(timeout=_TICK)
        except Empty:
            continue
        out -= 1
        error = done.exception()
        if not isinstance(error, WorkerLost):
            yield piece, done.result()  # raises any other error
        elif len(piece.numbers) > 1:
            half = len(piece.numbers) // 2
            anew += (_Piece(piece.numbers[:half]), _Piece(piece.numbers[half:]))
        elif error.again and not piece.again:
            suspects.append(piece._replace(again=True))
        else:
            yield piece, error
