"""Facts of many files and URLs, in the order given: what is decoded is decoded where it may crash."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.inspection import inspect_source, unknown_facts
from verify4k.checking.batching import weight
from verify4k.checking.dispatch import SMALL
from verify4k.checking.forking import forkable
from verify4k.checking.ordered_facts import OrderedFacts
from verify4k.checking.workers import (
    away,
    by_weight,
    cores,
    here,
    in_batches,
    once_more,
    one_by_one,
    processes,
    shared_out,
)
from verify4k.errors import WorkerLost
from verify4k.files.portable import portable
from verify4k.files.source import FileSource
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from concurrent.futures import Executor

    from verify4k.artifacts.content import Depth
    from verify4k.checking.remote import Remote
    from verify4k.files.source import Source
    from verify4k.formats.limits import Limits


class Inspected(NamedTuple):
    """Facts in the order of the names; ``missed``: of how many there are none, since it was interrupted."""

    found: Collection[dict[str, Any]]
    missed: int = 0


def inspect_all(
    names: Sequence[str],
    remote: Remote,
    depth: Depth,
    *,
    native: bool,
    limits: Limits,
    jobs: int,
) -> Inspected:
    """Return the facts of each name; of one that took its process down none, and why."""
    found = OrderedFacts(len(names))
    call = partial(_facts, depth, native, limits)

    def item(number: int) -> tuple[str, Source]:
        return names[number], remote.named(names[number])

    with ExitStack() as ended:
        results = _told(call, item, names, ended, full=depth == "full", jobs=jobs, limits=limits)
        try:
            for number, told in results:
                lost = isinstance(told, WorkerLost)
                found.put(number, unknown_facts(names[number], told, native=native) if lost else told)
        except KeyboardInterrupt:
            remote.close()  # threads wait for answers, which nobody waits for any more
    return Inspected(found, len(names) - len(found))


def _facts(depth: Depth, native: bool, limits: Limits, named: tuple[str, Source]) -> dict[str, Any]:
    name, source = named
    return inspect_source(name, source, name, depth, native=native, limits=limits)


def _told(
    call: Callable[[tuple[str, Source]], dict[str, Any]],
    item: Callable[[int], tuple[str, Source]],
    names: Sequence[str],
    ended: ExitStack,
    *,
    full: bool,
    jobs: int,
    limits: Limits,
) -> Iterator[tuple[int, Any]]:
    if not full:
        return here(call, item, range(len(names)))
    files = [number for number in range(len(names)) if isinstance(item(number)[1], FileSource)]
    apart = frozenset(files)
    rest = [number for number in range(len(names)) if number not in apart]
    if not rest and len(files) == 1 and weight(names[files[0]]) <= SMALL and not forkable():
        return here(call, item, files)
    streams: list[Iterator[tuple[int, Any]]] = []
    most = min(jobs or cores(), max(len(files), len(rest), 1))
    executor = processes(most, limits)  # before a thread is there, a process is a copy of this one
    if rest:
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(most, thread_name_prefix="verify4k")
        ended.callback(pool.shutdown, wait=True, cancel_futures=True)
        streams.append(away(partial(_fetched, executor, call), item, rest, pool, window=2 * most))
    ended.callback(executor.shutdown, wait=True, cancel_futures=True)
    if files:
        batches = shared_out(by_weight(files, lambda number: weight(names[number])), most)
        streams.insert(0, in_batches(partial(one_by_one, call), item, batches, executor, window=2 * most))
    return chain.from_iterable(streams)


def _fetched(
    executor: Executor, call: Callable[[tuple[str, Source]], dict[str, Any]], named: tuple[str, Source]
) -> dict[str, Any] | WorkerLost:
    """Download here, decode in a process."""
    name, source = named
    try:
        return once_more(executor, call, (name, portable(source, name)))
    except WorkerLost as error:
        return error
