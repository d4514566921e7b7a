"""Jobs side by side: order, interrupts and crashes, without a network."""

from __future__ import annotations

import errno
import threading
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.documents.nodes import Place
from verify4k.errors import UsageError
from verify4k.formats.facts import Size
from verify4k.generate.cost import Estimate
from verify4k.generate.plan import Job
from verify4k.generate.results import Result, exit_code
from verify4k.generate.running import Run, Watcher
from verify4k.manifest.generation import GenerateOptions
from verify4k.model import Asset
from verify4k.routes import Order, find_route

if TYPE_CHECKING:
    from collections.abc import Callable


def _job(target: str, *after: str) -> Job:
    route = find_route("placeholder")
    asset = Asset(target, target, Place("m", 1, 1))
    order = Order(target, "", Size(1, 1), "", "", "png")
    return Job(
        asset, GenerateOptions(), route, route.official, order, Estimate(None, None), after=frozenset(after)
    )


class Told:
    """Remembers what it is told; ``press`` raises Ctrl-C at the given ticks, ``after`` them something happens."""

    def __init__(self, *press: int, after: Callable[[], object] = lambda: None) -> None:
        self.press = list(press)
        self.after = after
        self.active: list[int] = []
        self.finished: list[str] = []
        self.ticks = 0
        self.interrupts: list[int] = []

    def watcher(self) -> Watcher:
        return Watcher(
            lambda _job: None, lambda one: self.finished.append(one.target), self.tick, self.interrupts.append
        )

    def tick(self, active: int) -> None:
        self.ticks += 1
        self.active.append(active)
        if self.ticks in self.press:
            raise KeyboardInterrupt
        if self.ticks > max(self.press, default=0):
            self.after()


def _run(
    jobs: dict[str, Job], work: Any, told: Told, grace: float | None = None, workers: int = 4
) -> tuple[Run, list[Result]]:
    run = Run(jobs, work, threading.Event())
    now = iter(range(10**6))
    return run, run.go(workers, told.watcher(), grace, lambda: float(next(now)))


def test_results_come_in_the_order_of_the_plan() -> None:
    told = Told()
    _, results = _run(
        {name: _job(name) for name in "cab"}, lambda job: Result(job.order.target, "made"), told
    )
    assert [one.target for one in results] == ["c", "a", "b"]
    assert sorted(told.finished) == ["a", "b", "c"]


def test_an_edit_waits_for_what_it_edits() -> None:
    done: list[str] = []

    def work(job: Job) -> Result:
        done.append(job.order.target)
        return Result(job.order.target, "made")

    _run({"a": _job("a", "b"), "b": _job("b")}, work, Told())
    assert done == ["b", "a"]


def test_a_crash_is_one_pictures_failure(capsys: pytest.CaptureFixture[str]) -> None:
    def work(job: Job) -> Result:
        if job.order.target == "a":
            raise UsageError("no room", "make some")
        return Result(job.order.target, "made")

    _, results = _run({"a": _job("a"), "b": _job("b")}, work, Told())
    assert [one.status for one in results] == ["failed", "made"]
    assert results[0].message == "no room (make some)"


def test_a_bug_stops_the_run_and_reaches_the_caller(capsys: pytest.CaptureFixture[str]) -> None:
    def work(job: Job) -> Result:
        raise ZeroDivisionError(job.order.target)

    run, results = _run({"a": _job("a"), "b": _job("b")}, work, Told(), workers=1)
    assert [one.status for one in results] == ["failed", "not-sent"]
    assert isinstance(run.crash, ZeroDivisionError)
    assert capsys.readouterr().err == ""  # no traceback of a thread


def test_a_disk_that_fails_is_no_bug() -> None:
    def work(job: Job) -> Result:
        raise OSError(errno.EIO, "the disk is gone")

    run, results = _run({"a": _job("a"), "b": _job("b")}, work, Told(), workers=1)
    assert [(one.status, one.message) for one in results] == [("failed", "the disk is gone")] * 2
    assert run.crash is None


def test_the_first_interrupt_finishes_what_is_on_its_way() -> None:
    release = threading.Event()
    told = Told(2, after=release.set)

    def work(job: Job) -> Result:
        release.wait()
        return Result(job.order.target, "made")

    run, results = _run({"a": _job("a"), "b": _job("b")}, work, told, workers=1)
    assert run.interrupted
    assert told.interrupts == [1]
    assert [one.status for one in results] == ["made", "not-sent"]


@pytest.mark.parametrize(("limit", "workers", "most"), [(2, 5, 2), (5, 2, 2), (5, 5, 5), (1, 4, 1)])
def test_a_route_and_a_run_have_a_limit_each(limit: int, workers: int, most: int) -> None:
    release = threading.Event()

    def work(job: Job) -> Result:
        release.wait()
        return Result(job.order.target, "made")

    jobs = {name: _job(name) for name in "abcde"}
    jobs = {name: job._replace(profile=job.profile.replaced(concurrency=limit)) for name, job in jobs.items()}
    told = Told(after=release.set)
    _, results = _run(jobs, work, told, workers=workers)
    assert told.active[0] == most  # all that may begin has begun before the first tick
    assert max(told.active) == most
    assert [one.status for one in results] == ["made"] * 5


@pytest.mark.parametrize(("press", "grace"), [((2, 3), None), ((2,), 3.0)])
def test_a_second_interrupt_or_the_end_of_grace_abandons(press: tuple[int, ...], grace: float | None) -> None:
    release = threading.Event()

    def work(job: Job) -> Result:
        release.wait()
        return Result(job.order.target, "made")

    try:
        _, results = _run({"a": _job("a")}, work, Told(*press), grace)
    finally:
        release.set()
    assert results[0].status == "stopped"
    assert "may have been billed" in results[0].message


def test_an_account_error_stops_the_rest() -> None:
    _, results = _run(
        {"a": _job("a"), "b": _job("b")},
        lambda job: Result(job.order.target, "failed", stop=True),
        Told(),
        workers=1,
    )
    assert [one.status for one in results] == ["failed", "not-sent"]


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["made", "rejected"], 1), (["failed"], 1), (["manual"], 1), (["busy"], 1), (["not-sent"], 1),
        (["undecided", "rejected"], 1), (["made", "undecided"], 3), (["made", "verified"], 0), ([], 0),
    ],
)  # fmt: skip
def test_the_exit_code_is_the_worst_result(statuses: list[Any], code: int) -> None:
    assert exit_code(Result("a", status) for status in statuses) == code


def test_a_second_interrupt_while_the_first_is_answered_abandons_and_still_reports() -> None:
    over = threading.Event()
    told = Told(1)

    def insist(_active: int) -> None:
        raise KeyboardInterrupt

    def work(job: Job) -> Result:
        over.wait()
        return Result(job.order.target, "made")

    run = Run({"a": _job("a")}, work, threading.Event())
    results = run.go(1, told.watcher()._replace(interrupted=insist), None, lambda: 0.0)
    over.set()
    assert run.interrupted
    assert "it may have been billed" in results[0].message
