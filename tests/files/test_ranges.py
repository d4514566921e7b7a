"""What headers tell of a part of a body: which part it is, and whether the body is still the same."""

from __future__ import annotations

import pytest

from verify4k.files.ranges import content_range, validator
from verify4k.net.responses import ResponseInfo


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        ({"etag": '"a"', "last-modified": "then"}, '"a"'),
        ({"etag": 'W/"a"', "last-modified": "then"}, "then"),  # a weak mark allows other bytes
        ({"etag": 'W/"a"'}, ""),
        ({"last-modified": "then"}, "then"),
        ({}, ""),
    ],
)
def test_a_further_range_is_asked_for_under_a_strong_mark(headers: dict[str, str], mark: str) -> None:
    assert validator(ResponseInfo("u", "u", (), 206, headers, ())) == mark


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("bytes 0-9/10", (0, 9, 10)),
        ("BYTES 5-9/*", (5, 9, None)),
        ("bytes 0-10/10", None),  # beyond its own size
        ("bytes */10", None),
        ("items 0-9/10", None),
        ("", None),
    ],
)
def test_a_range_that_contradicts_itself_is_none(said: str, found: object) -> None:
    assert content_range(ResponseInfo("u", "u", (), 206, {"content-range": said}, ())) == found
