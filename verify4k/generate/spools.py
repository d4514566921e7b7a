"""What a process wrote of an answer while it arrived, read by the next one: nothing is believed unseen."""

from __future__ import annotations

import json

from verify4k.named_tuple import NamedTuple
from verify4k.net.exchange import CAP, Answer, Head, TransportError, unpacked


class Spooled(NamedTuple):
    """What an earlier process left: which request it was for, and what there is of its answer."""

    request: str
    answer: Answer | None
    arrived: bool = False  # something of a body that claims success is there


def parse_spool(data: bytes) -> Spooled | None:
    """Read a spool: a line that names the request, a line with the head, the body as sent."""
    first, _, rest = data.partition(b"\n")
    second, newline, body = rest.partition(b"\n")
    request, head = _member(first, "request"), _head(second)
    if not isinstance(request, str) or head is None:
        return Spooled(request if isinstance(request, str) else "", None) if first else None
    arrived = 200 <= head.status < 300 and bool(body)
    return Spooled(request, _unpacked(head, body) if newline else None, arrived)


def _member(line: bytes, name: str) -> object:
    """Return a member of a line's JSON object; None for what is none: anyone may have written it."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found.get(name) if isinstance(found, dict) else None


def _head(line: bytes) -> Head | None:
    status, headers = _member(line, "status"), _member(line, "headers")
    if not isinstance(status, int) or not isinstance(headers, dict):
        return None
    return Head(status, {name: value for name, value in headers.items() if isinstance(value, str)})


def _unpacked(head: Head, body: bytes) -> Answer | None:
    """Return the answer as far as it arrived; whether it is whole, its JSON will tell."""
    try:
        return Answer(head, unpacked(head, body, CAP))
    except TransportError:
        return None
