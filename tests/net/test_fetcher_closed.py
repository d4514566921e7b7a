"""What a fetcher that is closed, as by Ctrl-C, ends and does not begin."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fetched import BODY, failing
from webserver import Reply, WebServer

from verify4k.net.deadlines import Watchdog

if TYPE_CHECKING:
    from verify4k.net.fetcher import Fetcher


def test_what_no_socket_can_wake_ends_when_everything_does() -> None:
    watchdog, begun, never = Watchdog(), threading.Event(), threading.Event()
    deadline = watchdog.start(3600)

    def connecting() -> None:
        begun.set()
        never.wait()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(deadline.awaited, connecting)
        begun.wait()
        watchdog.close()
        with pytest.raises(TimeoutError):
            waiting.result(timeout=60)
    never.set()
    with pytest.raises(ValueError, match="what it raises"):
        watchdog.start(3600).awaited(lambda: int("what it raises"))


def test_a_fetcher_that_is_closed_asks_nothing(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        fetcher.close()
        assert failing(fetcher, server.url).message == "the run has ended"
        assert server.seen == []
