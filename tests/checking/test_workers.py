"""Where work runs makes no difference to what comes of it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from verify4k.checking import workers
from verify4k.errors import WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor


def threads() -> Executor:
    return ThreadPoolExecutor(2)


def processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("fork"))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("opened", [threads, processes])
def test_any_executor_does_the_work_and_each_result_has_its_number(opened: Callable[[], Executor]) -> None:
    items = [-3, 2, -1]
    with opened() as executor:
        assert dict(workers.away(abs, items.__getitem__, range(3), executor, window=2)) == {0: 3, 1: 2, 2: 1}
        assert list(workers.away(abs, items.__getitem__, [], executor, window=2)) == []


def test_after_an_error_nothing_that_has_not_begun_begins() -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        raise ValueError(f"item {item}")

    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="item 0"):
        list(workers.away(work, int, range(50), executor, window=2))
    assert begun in ([0], [0, 1])  # the window of two


def test_no_more_is_handed_over_than_the_window() -> None:
    made: list[int] = []

    def item(number: int) -> int:
        made.append(number)
        return number

    with ThreadPoolExecutor(1) as executor:
        for done, _ in enumerate(workers.away(abs, item, range(20), executor, window=3)):
            assert len(made) <= done + 3


@pytest.mark.parametrize(("again", "times"), [(True, 2), (False, 1)])
def test_what_somebody_else_may_have_killed_is_tried_once_more(again: bool, times: int) -> None:
    tried: list[int] = []

    def work(number: int) -> int:
        tried.append(number)
        raise WorkerLost("gone", again=again)

    with ThreadPoolExecutor(1) as executor:
        [(number, told)] = workers.away(work, int, [7], executor, window=2)
    assert (number, str(told), tried) == (7, "gone", [7] * times)


def test_what_is_tried_once_more_is_tried_alone_when_all_else_is_done() -> None:
    """It may have been lost with what another one took down, and the other one would do so again."""
    tried: list[int] = []

    def work(number: int) -> int:
        tried.append(number)
        if number in (1, 4) and tried.count(number) == 1:
            raise WorkerLost("gone", again=True)
        return number

    with ThreadPoolExecutor(1) as executor:
        told = dict(workers.away(work, int, range(6), executor, window=3))
    assert told == {number: number for number in range(6)}
    assert tried == [0, 1, 2, 3, 4, 5, 1, 4]


def test_heavy_items_go_alone_and_light_ones_together_in_batches_that_all_workers_get() -> None:
    weights = {1: workers.LIGHT + 1, 0: 10**6, 2: workers.LIGHT, 3: 1, 4: 5, 5: 3, 6: 2, 7: 1, 8: 0, 9: 0}
    numbers = workers.by_weight(weights, weights.__getitem__)
    shared = [tuple(batch) for batch in workers.shared_out(numbers, 1)]
    assert shared == [(0,), (1,), (2, 3), (4, 5), (6, 7), (8, 9)]
    among_two = [tuple(batch) for batch in workers.shared_out(numbers, 2)]
    assert among_two == [(number,) for number in range(10)]
    many = workers.by_weight(range(1000), lambda _: 1)
    assert {len(batch) for batch in workers.shared_out(many, 2)} == {workers.MOST_LIGHT, 8}
    assert list(workers.shared_out(workers.by_weight([], lambda _: 1), 2)) == []


def test_who_takes_a_batch_down_is_found_by_halving() -> None:
    asked: list[list[int]] = []

    def work(items: list[int]) -> list[int]:
        asked.append(items)
        if 2 in items:
            raise WorkerLost("gone")
        return [-item for item in items]

    with ThreadPoolExecutor(1) as executor:
        told = dict(workers.in_batches(work, int, [(0, 1, 2, 3), (4,)], executor, window=1))
    assert {number: str(each) for number, each in told.items()} == {
        0: "0", 1: "-1", 2: "gone", 3: "-3", 4: "-4",
    }  # fmt: skip
    assert sorted(asked) == [[0, 1], [0, 1, 2, 3], [2], [2, 3], [3], [4]]
