"""A deadline that a slow drip cannot stretch: one thread that shuts sockets down when their time is up.

The HTTP library limits single reads only. Each exchange has a deadline; a connection tells the
deadline of the thread that uses it which socket it holds. Shutting that down wakes whoever reads from it.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_TICK = 0.1  # seconds after which somebody who waits looks whether all is over
_here = threading.local()


class Deadline:
    """The time that one exchange has. ``fresh``: it opened a connection of its own."""

    def __init__(self, at: float) -> None:
        self.at = at  # on the clock of `time.monotonic`
        self.fresh = False
        self.expired = False
        self.over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Seconds that are left; never below a millisecond, which a socket would take for "no limit"."""
        return max(self.at - time.monotonic(), 0.001)

    def extend(self, seconds: float) -> None:
        """Give more time: waiting for a turn is not the answer's fault."""
        self.at += seconds

    def hold(self, handle: socket.socket) -> None:
        """Take a handle of the socket in use, to be closed at the end.

        It must be the deadline's own: http.client closes a connection that will not be kept before
        its answer is read.
        """
        with self._lock:
            self._sockets.append(handle)
            expired = self.expired or self.over
        if expired:
            _shut(handle)

    def awaited(self, work: Callable[[], T]) -> T:
        """Return what ``work`` gives, which no socket can wake: it looks up a name, or connects.

        Raises what it raises, and `TimeoutError` when the time is up: it then goes on alone, and a program
        that ends does not wait for it.
        """
        from concurrent.futures import Future

        told: Future[T] = Future()

        def run() -> None:
            try:
                told.set_result(work())
            except BaseException as error:  # noqa: BLE001 - told to the one that waits
                told.set_exception(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        while thread.is_alive() and not self.expired and time.monotonic() < self.at:
            thread.join(min(self.left, _TICK))
        return told.result(timeout=0)

    def expire(self) -> None:
        """End what is still going on."""
        with self._lock:
            if self.over:
                return
            self.expired = True
            for handle in self._sockets:
                _shut(handle)

    def end(self) -> None:
        """Nothing is going on any more."""
        with self._lock:
            self.over = True
            for handle in self._sockets:
                handle.close()
            self._sockets.clear()


def _shut(handle: socket.socket) -> None:
    import socket

    with contextlib.suppress(OSError):  # it is closed already
        handle.shutdown(socket.SHUT_RDWR)


class Watchdog:
    """Ends what runs past its deadline, in their order. Its thread, a daemon, is there while one is left."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, seconds: float) -> Deadline:
        """Return a deadline in so many seconds, which is kept from now on."""
        new = Deadline(time.monotonic() + seconds)
        with self._wake:
            heapq.heappush(self._heap, (new.at, next(self._numbers), new))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="verify4k-watch")
                self._thread.start()
            elif self._heap[0][2] is new:
                self._wake.notify()
        return new

    def close(self) -> None:
        """Expire what is still going on, and let the thread end."""
        with self._wake:
            left, self._heap = self._heap, []
            self._wake.notify()
        for _, _, deadline in left:
            deadline.expire()

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._heap and self._heap[0][2].over:
                    heapq.heappop(self._heap)
                if not self._heap:
                    self._thread = None
                    return
                wait = self._heap[0][0] - time.monotonic()
                if wait > 0:
                    self._wake.wait(wait)
                    continue
                _, number, due = heapq.heappop(self._heap)
                if due.at > time.monotonic():  # it was given more time
                    heapq.heappush(self._heap, (due.at, number, due))
                    continue
            due.expire()


@contextlib.contextmanager
def under_deadline(deadline: Deadline, target: str = "") -> Iterator[None]:
    """Let the connections that this thread uses report to ``deadline``.

    ``target``: what they ask for, letter by letter. urllib3 would write it anew.
    """
    before = getattr(_here, "deadline", None), getattr(_here, "target", "")
    _here.deadline, _here.target = deadline, target
    try:
        yield
    finally:
        _here.deadline, _here.target = before


class WithDeadline:
    """Mixed into urllib3's connections: they report their socket to the deadline of their thread."""

    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        deadline: Deadline | None = getattr(_here, "deadline", None)
        connect: Callable[[], socket.socket] = super()._new_conn  # type: ignore[misc]
        found = connect() if deadline is None else deadline.awaited(connect)
        # TLS takes the socket object over; a handle of our own still reaches the connection
        self._handle = found.dup()
        self._report(fresh=True)
        return found

    def request(self, method: str, url: str, *args: Any, **named: Any) -> None:
        """Send a request (urllib3's signature)."""
        if self._handle is not None:
            self._report(fresh=False)
        super().request(method, getattr(_here, "target", "") or url, *args, **named)  # type: ignore[misc]

    def close(self) -> None:
        """Close the connection."""
        super().close()  # type: ignore[misc]
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _report(self, *, fresh: bool) -> None:
        deadline: Deadline | None = getattr(_here, "deadline", None)
        if deadline is not None and self._handle is not None:
            deadline.fresh = deadline.fresh or fresh
            deadline.hold(self._handle.dup())
