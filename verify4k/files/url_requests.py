"""Asking for one artifact: several requests, one deadline, and what each failure means for a promise."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from verify4k.errors import CannotRead, Damaged, LimitHit, Missing, Verify4kError
from verify4k.formats.registry import sniff
from verify4k.net.exchange import TransportError
from verify4k.net.failures import PROXY_LOGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.net.fetcher import Fetcher
    from verify4k.net.responses import IncomingBody, ResponseInfo

    Headers = tuple[tuple[str, str], ...]

T = TypeVar("T")
_LATER = "ask again later; --timeout gives more time"
_CLOSED = "find what closes the connection: time limits and buffers of proxies, the origin's length"
_SHOW = "--header NAME=VARIABLE sends what it wants to see"
_LET_IN = f"let verify4k through there; {_SHOW}"
_BROKEN = ("cut", "mispacked")
_NOWHERE = ("loop", "redirect")
_AGAIN = ("cut", "dropped")
_UNTOLD = (401, 407, 408, 425, 429)  # says more of who asks, or of the moment, than of the picture


class UrlRequests:
    """The requests for one URL with given headers."""

    def __init__(self, fetcher: Fetcher, url: str, headers: Headers) -> None:
        self.fetcher = fetcher
        self.url = url
        self.fetched = 0  # bytes of bodies so far, as sent
        self.cut = ""  # a sentence, where the body ended too soon and did so again, or cannot be unpacked
        self.first: ResponseInfo | None = None  # what the first answer told
        self._headers = headers
        self._deadline: float | None = None

    def ask(self, *more: tuple[str, str]) -> IncomingBody:
        """Ask once; `done` with the answer. Raises what a failed request means."""
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self.fetcher.seconds
        left = max(self._deadline - now, 0.001)
        try:
            answer = self.fetcher.open(self.url, (*self._headers, *more), seconds=left)
        except TransportError as error:
            raise failure_of(error) from error
        self.first = self.first or answer.about
        return answer

    def done(self, answer: IncomingBody) -> None:
        """Let an answer go and count what it cost."""
        self.fetched += answer.fetched
        answer.close()

    def twice(self, read: Callable[[IncomingBody], T], *more: tuple[str, str]) -> T:
        """Ask and read; once more where the body was cut or the connection lost."""
        for last in (False, True):
            answer = self.ask(*more)
            try:
                return read(answer)
            except TransportError as error:
                if last or error.kind not in _AGAIN:
                    raise self.failed(error) from error
            finally:
                self.done(answer)
        raise AssertionError("the second attempt returns or raises")

    def failed(self, error: TransportError) -> Verify4kError:
        """Return what a body means that could not be read for the last time."""
        if error.kind in _BROKEN:
            self.cut = error.message
        return failure_of(error)


def failure_of(error: TransportError) -> Verify4kError:
    """Return what a failed request means: broken where people would see it, undecided otherwise."""
    if error.kind in _NOWHERE:
        way = " -> ".join([*(hop.url for hop in error.hops), error.hops[-1].location])
        return Missing(f"{error.message}: {way}", "correct the redirect, or promise the URL that it means")
    if error.kind in _BROKEN:
        kind = error.kind if error.kind == "mispacked" else ""
        return Damaged(error.message, error.hint or _CLOSED, kind)
    if error.kind == "too-large":
        return LimitHit(error.message, "no picture that a page shows is that large")
    where = f" (redirected to {error.hops[-1].location})" if error.hops else ""
    return CannotRead(f"{error.message}{where}", error.hint or _LATER)


def judge_status(about: ResponseInfo, head: bytes) -> None:
    """Raise what a status means where the body is no picture. A picture is always looked at."""
    status = about.status
    if sniff(head) is not None or (200 <= status < 300 and not about.challenged):
        return
    said = f"the server answers {about.said}" + (f" at {about.final_url}" if about.hops else "")
    if about.challenged and status not in (404, 410):
        raise CannotRead(f"{said}: a protection against robots asks who is there", _LET_IN)
    if status in _UNTOLD or status >= 500 or status < 400:
        raise CannotRead(said, {401: _SHOW, 407: PROXY_LOGIN}.get(status, _LATER))
    raise Missing(said, "publish it under this URL, or correct the URL")
