"""Dates in HTTP headers -> seconds since the epoch, in all three shapes of RFC 9110, 5.6.7."""

from __future__ import annotations


def moment(text: str) -> float | None:
    """Return a date's seconds since the epoch; None for what is no date.

    A date without a zone (asctime's, the third shape) is UTC, whatever zone this machine is in.
    """
    import datetime as dt
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
