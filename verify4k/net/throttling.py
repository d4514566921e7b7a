"""How a host is treated: so many requests at once, so far apart, and none before it wants one."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.net.http_dates import moment

if TYPE_CHECKING:
    from collections.abc import Callable


class Politeness(NamedTuple):
    """Limits for each host. The defaults are a browser's, and slower than one."""

    at_once: int = 6
    interval: float = 0.02  # seconds between the beginnings of two requests; none to this machine


class HostThrottle:
    """One host's turn-taking; shared by all threads."""

    def __init__(self, politeness: Politeness, pause: Callable[[float], object]) -> None:
        self._room = threading.Semaphore(politeness.at_once)
        self._interval = politeness.interval
        self._pause = pause
        self._next = 0.0
        self._lock = threading.Lock()

    def enter(self) -> float:
        """Wait for a turn and return the seconds it took. Then `leave`."""
        came = time.monotonic()
        self._room.acquire()
        with self._lock:
            begin = max(self._next, time.monotonic())
            self._next = begin + self._interval
        wait = begin - time.monotonic()
        if wait > 0:
            self._pause(wait)
        return time.monotonic() - came

    def leave(self) -> None:
        """Let the next one in."""
        self._room.release()

    def not_before(self, when: float) -> None:
        """Let nobody in before ``when`` (of `time.monotonic`): the host asked for it."""
        with self._lock:
            self._next = max(self._next, when)


class HostThrottles:
    """The pace of each host, made when it is first asked."""

    def __init__(self, politeness: Politeness, pause: Callable[[float], object]) -> None:
        self._politeness = politeness
        self._pause = pause
        self._known: dict[str, HostThrottle] = {}
        self._lock = threading.Lock()

    def of(self, origin: str, *, near: bool) -> HostThrottle:
        """Return a host's pace; ``near``: it is this machine, which needs no intervals."""
        with self._lock:
            if origin not in self._known:
                politeness = self._politeness._replace(interval=0.0) if near else self._politeness
                self._known[origin] = HostThrottle(politeness, self._pause)
            return self._known[origin]


def retry_after(value: str, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, a number or a date; None: it says nothing."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = moment(text)
    return None if until is None else max(until - now, 0.0)


def backoff(attempt: int, chance: float) -> float:
    """Return a wait in seconds: half a second, doubled each time; ``chance`` (0 to 1) halves it at most."""
    return 0.5 * 2.0**attempt * (0.5 + chance / 2)
