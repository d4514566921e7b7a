"""Busy hosts and polite spacing: what is asked again, when, and how often."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fetched import BODY, whole
from webserver import Asked, Reply, WebServer

from verify4k.net.fetcher import Edges, Fetcher
from verify4k.net.throttling import Politeness, backoff, retry_after

if TYPE_CHECKING:
    from webserver import Answering


def counting(*replies: Reply) -> Answering:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("busy", "wait"), [(Reply(b"later", 429, {"Retry-After": "7"}), 7), (Reply(b"later", 503), 0.5)]
)
def test_a_busy_host_is_asked_again_when_it_says(busy: Reply, wait: float) -> None:
    waits: list[float] = []
    fetcher = Fetcher({}, allow_private=True, edges=Edges(pause=waits.append, chance=lambda: 1.0))
    with WebServer(counting(busy, Reply(BODY))) as server:
        assert whole(fetcher, f"{server.url}/a.png") == BODY
        assert len(server.seen) == 2
    assert waits == [pytest.approx(wait, abs=0.1)]
    fetcher.close()


def test_a_host_that_asks_for_more_time_than_there_is_is_not_waited_for(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(b"later", 429, {"Retry-After": "3600"})) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        assert answer.about.status == 429
        answer.close()
        assert len(server.seen) == 1


def test_a_host_that_stays_busy_is_asked_three_times() -> None:
    fetcher = Fetcher({}, allow_private=True, edges=Edges(pause=lambda _: None))
    with WebServer(lambda _: Reply(b"no", 503, {"Retry-After": "0"})) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        answer.close()
        assert (answer.about.status, len(server.seen)) == (503, 3)
    fetcher.close()


@pytest.mark.parametrize("status", [404, 500, 502, 400])
def test_other_statuses_are_not_asked_again(fetcher: Fetcher, status: int) -> None:
    with WebServer(lambda _: Reply(b"no", status)) as server:
        fetcher.open(f"{server.url}/a.png").close()
        assert len(server.seen) == 1


def test_no_more_requests_at_once_than_a_host_may_be_asked() -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    gate = threading.Barrier(3)

    def answering(_: Asked) -> Reply:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait()  # lets go when three are here
        with lock:
            at_once -= 1
        return Reply(b"x")

    fetcher = Fetcher({}, allow_private=True, politeness=Politeness(at_once=3))
    with WebServer(answering) as server, ThreadPoolExecutor(9) as threads:
        assert list(threads.map(lambda n: whole(fetcher, f"{server.url}/{n}"), range(9))) == [b"x"] * 9
    assert most == 3
    fetcher.close()


def test_requests_to_other_machines_are_spaced() -> None:
    waits: list[float] = []
    edges = Edges(pause=waits.append, lookup=lambda _host, _port: ["127.0.0.1"])
    fetcher = Fetcher({}, allow_private=True, politeness=Politeness(interval=9.0), edges=edges)
    with WebServer(lambda _: Reply(b"x")) as server:
        for host, expected in (("127.0.0.1", []), ("far.test", [9, 18])):
            for _ in range(3):
                whole(fetcher, f"http://{host}:{server.server_address[1]}/")
            assert [round(wait) for wait in waits] == expected
    fetcher.close()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("0", 0), ("Thu, 26 Nov 2026 12:00:10 GMT", 10), ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
     ("soon", None), ("", None), ("-1", None), ("1.5", None)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, 1795694400.0) == seconds


def test_backoff_doubles_between_half_and_all() -> None:
    assert [backoff(n, 1.0) for n in range(3)] == [0.5, 1.0, 2.0]
    assert [backoff(n, 0.0) for n in range(3)] == [0.25, 0.5, 1.0]
