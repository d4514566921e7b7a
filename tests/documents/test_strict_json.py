"""JSON that programs wrote: bounded before it is read, no key twice, no words that JSON lacks."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from verify4k.documents.strict_json import NotStrict, parse_json

REFUSED: list[tuple[Any, str]] = [
    (b'{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' twice"),
    ('{"result": "FAILED", "result": "PASSED"}', "the key 'result' twice"),
    (b"[NaN]", "NaN is no JSON"),
    (b"[-Infinity]", "-Infinity is no JSON"),
    (b"[1,]", "it is not JSON"),
    (b"\xff", "it is not JSON"),
    (b"[" * 100_000, "it is not JSON"),
    (b"", "it is not JSON"),
    (b"1" * 5000, "it is not JSON"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(data: Any, words: str) -> None:
    with pytest.raises(NotStrict) as caught:
        parse_json(data)
    assert words in str(caught.value)


def test_a_text_of_brackets_is_refused_before_an_object_is_made_of_it() -> None:
    data = b"[" + b"[]," * 3_000_000 + b"[]]"
    tracemalloc.start()
    try:
        with pytest.raises(NotStrict, match="more than 2,000,000 values"):
            parse_json(data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_text_may_have_its_limits_and_not_one_more() -> None:
    assert parse_json(b"[1,2]", most_bytes=5, most_values=2) == [1, 2]
    with pytest.raises(NotStrict, match="5 bytes, more than 4"):
        parse_json(b"[1,2]", most_bytes=4)
    with pytest.raises(NotStrict, match="more than 1 values"):
        parse_json(b"[1,2]", most_values=1)
    assert parse_json('{"a": {"a": 1}}') == {"a": {"a": 1}}
