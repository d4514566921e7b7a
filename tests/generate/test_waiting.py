"""How long a server asks to wait, however it says so."""

from __future__ import annotations

import pytest

from verify4k.generate.retry_delays import requested_delay
from verify4k.net.exchange import Head

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0.0),  # at once, which is not the same as saying nothing
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT"}, 60.0),
        ({"retry-after": "Tue, 14 Nov 2023 22:12:20 GMT"}, 0.0),  # over already
        (
            {"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT", "date": "Tue, 14 Nov 2023 22:14:10 GMT"},
            10.0,
        ),  # by the server's own clock
        ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT", "date": "today"}, 60.0),
    ],
)
def test_seconds_milliseconds_and_dates_are_understood(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert requested_delay(Head(429, headers), NOW) == seconds
