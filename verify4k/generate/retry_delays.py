"""How long a server asks to wait: ``retry-after-ms``, ``Retry-After`` as seconds or as a date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from verify4k.net.http_dates import moment

if TYPE_CHECKING:
    from verify4k.net.exchange import Head


def requested_delay(head: Head, now: float) -> float | None:
    """Return seconds, or None when nothing usable is said.

    A date counts from the answer's own Date, else from ``now`` (seconds since the epoch).
    """
    milliseconds = _seconds(head.headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = head.headers.get("retry-after", "").strip()
    seconds = _seconds(text)
    if seconds is not None:
        return seconds
    until, sent = moment(text), moment(head.headers.get("date", ""))
    return None if until is None else max(0.0, until - (now if sent is None else sent))


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
