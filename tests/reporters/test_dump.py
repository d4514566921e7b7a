"""JSON of reports: whatever stands in it, strict parsers take it, and it says what was there."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.reporters._dump import _whole, dump

TEXTS = st.text(st.sampled_from('a\\u\x7f#[é\U0001f5bc\ud83d\udcff\udfff"\n'), max_size=6)
VALUES = st.recursive(
    TEXTS | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.sampled_from([None, 2]))
def test_what_is_written_is_read_by_strict_parsers(value: Any, indent: int | None) -> None:
    text = dump(value, indent=indent)
    read = json.loads(text, parse_constant=pytest.fail)
    assert read == json.loads(json.dumps(_whole(value)))
    json.dumps(read, ensure_ascii=False).encode()  # without half pairs
    assert text.isascii()
    assert "##" not in text
    assert "\x7f" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("b\udcff.png", '"b\\\\xff.png"'),
        (["\ud83d", "\U0001f5bc"], '["\\\\ud83d","\\ud83d\\uddbc"]'),
        ({"a": math.nan, "b": [math.inf, 1.5]}, '{"a":null,"b":[null,1.5]}'),
        ({"##[error]": "\x7f"}, '{"#\\u0023[error]":"\\u007f"}'),
    ],
)
def test_what_no_parser_takes_is_written_otherwise(value: Any, text: str) -> None:
    assert dump(value) == text
