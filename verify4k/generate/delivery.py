"""Sends one request and brings back an answer that claims success, trying again only where that is free.

The deadline covers everything: waiting, sending, receiving, trying again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.generate.retry_delays import requested_delay
from verify4k.named_tuple import NamedTuple
from verify4k.net.exchange import CAP, Answer, TransportError
from verify4k.routes.protocol.failures import NotMade, from_transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.generate.edges import Edges
    from verify4k.net.exchange import Head, Request, Sink
    from verify4k.routes.protocol.failures import Failure

ATTEMPTS = 5
_FIRST_WAIT = 0.5
_DIGITS = 6
_RESENT = ("x-litellm-attempted-retries", "x-portkey-retry-attempt-count")


class NullSink:
    """Keeps nothing of an answer that can be had again for nothing (`verify4k.net.exchange.Sink`)."""

    def begin(self, head: Head) -> None:
        """Let the head go."""

    def write(self, chunk: bytes) -> None:
        """Let the bytes go."""


class DeliveredAnswer(NamedTuple):
    """An answer, and how often it was asked for."""

    answer: Answer
    attempts: int


def deliver(
    edges: Edges,
    request: Request,
    *,
    deadline: float,
    explain: Callable[[Answer], Failure],
    sink: Callable[[], Sink],
    cap: int = CAP,
) -> DeliveredAnswer:
    """Send until there is an answer with a 2xx status or a reason to stop. Raises `NotMade`."""
    end = edges.clock() + deadline
    attempt = 0
    while True:
        attempt += 1
        left = end - edges.clock()
        try:
            answer = edges.transport.send(request, deadline=max(left, 0.001), sink=sink(), cap=cap)
        except TransportError as error:
            failure, asked = from_transport(error), None
        else:
            if 200 <= answer.head.status < 300:
                return DeliveredAnswer(answer, attempt)
            failure, asked = explain(answer), requested_delay(answer.head, edges.now())
        if not failure.retry:
            raise NotMade(failure)
        asked = failure.wait if asked is None else asked
        wait = asked or _FIRST_WAIT * 2 ** (attempt - 1)  # "at once" would use up all tries in a moment
        _wait(edges, failure, wait, left=end - edges.clock(), attempt=attempt)


def _wait(edges: Edges, failure: Failure, wait: float, *, left: float, attempt: int) -> None:
    if attempt >= ATTEMPTS:
        raise NotMade(failure._replace(message=f"{failure.message}; given up after {attempt} tries"))
    if wait >= left:
        said = f"{failure.message}; it wants {wait:.0f} s of waiting, more than the deadline leaves"
        raise NotMade(failure._replace(message=said, wait=wait))
    if not edges.pause(wait):
        raise NotMade(failure._replace(kind="stopped", message=f"{failure.message}; stopped while waiting"))


def resent(head: Head) -> str:
    """Return a warning about a gateway that sends again on its own, as its headers tell; else nothing."""
    made = next((head.headers[name] for name in _RESENT if _positive(head.headers.get(name, ""))), "")
    if made:
        return f"the gateway sent this request {made} more times on its own: each may have been billed"
    allowed = head.headers.get("x-litellm-max-retries", "")
    if _positive(allowed):
        return f"the gateway may send again on its own, up to {allowed} times, each billed: turn it off there"
    return ""


def _positive(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < _DIGITS
