"""Dates in HTTP headers are UTC, wherever the machine is that reads them."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from verify4k.net.http_dates import moment
from verify4k.net.throttling import retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = 784_111_777.0  # the example of RFC 9110, 5.6.7


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Lima"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be set here")
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 -0000",
        "Sun, 06 Nov 1994 17:49:37 +0900",
    ],
)
def test_every_shape_is_read_as_utc(text: str) -> None:
    assert moment(text) == WRITTEN
    assert retry_after(text, WRITTEN - 7) == 7.0


@pytest.mark.parametrize(
    "text", ["", "today", "-1", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 99999 08:49:37 GMT"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None
