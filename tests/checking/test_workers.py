"""Work on executors: order in is order out, and what has not begun when one fails never begins."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from verify4k.checking import workers


@pytest.mark.parametrize("jobs", [1, 3, 99])
def test_order_in_is_order_out_and_progress_counts(jobs: int) -> None:
    told: list[tuple[int, int]] = []
    found = workers.run(lambda n: n * n, range(20), jobs, lambda done, total: told.append((done, total)))
    assert found == [n * n for n in range(20)]
    assert told == [(n, 20) for n in range(1, 21)]


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_will_do_and_stays_open(pool: type[Executor]) -> None:
    with pool(2) as executor:  # type: ignore[call-arg]
        assert workers.run_on(executor, abs, [-3, 2, -1]) == [3, 2, 1]
        assert workers.run_on(executor, abs, []) == []


def test_what_has_not_begun_when_one_fails_is_cancelled() -> None:
    begun: list[int] = []
    over = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ZeroDivisionError
        over.wait(60)  # so that one worker gets no farther than the second item

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ZeroDivisionError):
            workers.run_on(executor, work, range(50))
        over.set()
    assert len(begun) <= 2
