"""Whatever a server writes, reading it ends in bytes or in a reason, never in a crash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verify4k.generate.retry_delays import requested_delay
from verify4k.net.exchange import Answer, Head, Secret
from verify4k.routes import find_route, kinds
from verify4k.routes.protocol.error_bodies import Recipient, error_failure
from verify4k.routes.protocol.failures import NotMade

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = [
    "data", "b64_json", "url", "usage", "output_tokens", "output_tokens_details", "output", "type", "status",
    "result", "error", "message", "code", "param", "moderation_details", "stage", "categories", "created",
]  # fmt: skip
WORDS = [
    "completed",
    "image_generation_call",
    "moderation_blocked",
    "insufficient_quota",
    "size",
    "AAAA",
    "model does not exist",
]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)
BODIES = JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "retry-after", "retry-after-ms", "date", "x-should-retry", "x-request-id"]
    ),
    st.text(max_size=12) | st.sampled_from(["application/json", "1", "Sun, 22 Nov 2026 18:00:00 GMT"]),
)


def _near(kind: str, value: Any) -> bytes:
    """Put arbitrary JSON where an answer keeps its picture."""
    if kind == "openai-images":
        return json.dumps({"data": [value]}).encode()
    return json.dumps({"status": "completed", "output": [value]}).encode()


@pytest.mark.parametrize("kind", ["openai-images", "openai-responses"])
@settings(max_examples=150, deadline=None)
@given(value=JSON, body=BODIES, near=st.booleans())
def test_any_success_is_read_or_refused(kind: str, value: Any, body: bytes, *, near: bool) -> None:
    route = find_route(kind)
    assert route.read is not None
    answer = Answer(Head(200, {"content-type": "application/json"}), _near(kind, value) if near else body)
    try:
        received = route.read(answer, route.official)
    except NotMade as error:
        assert error.failure.retry is False
        assert error.failure.message
    else:
        assert received.data or received.url


@settings(max_examples=300, deadline=None)
@given(status=st.integers(100, 599), body=BODIES, headers=HEADERS, kind=st.sampled_from(kinds()))
@example(
    status=400, body=b'{"type": "insufficient_quota", "code": "\\u001f"}', headers={}, kind="openai-images"
)
@example(
    status=429,
    body=b'{"error": {"status": "RESOURCE_EXHAUSTED", "details": [{"reason": [], "violations": {}}, {"retryDelay": 7}]}}',
    headers={},
    kind="gemini",
)
def test_any_error_has_a_reason_and_only_known_ones_are_retried(
    status: int, body: bytes, headers: Mapping[str, str], kind: str
) -> None:
    failure = error_failure(
        Answer(Head(status, headers), body), Recipient("r", "KEY"), find_route(kind).coded
    )
    assert failure.message
    assert failure.message.isprintable()
    assert not failure.retry or status in (429, 503, 529)


@settings(max_examples=200, deadline=None)
@given(headers=HEADERS)
def test_any_wait_is_a_length_of_time(headers: Mapping[str, str]) -> None:
    wait = requested_delay(Head(429, headers), now=0.0)
    assert wait is None or 0 <= wait < float("inf")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, 90.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT", "date": "Thu, 01 Jan 1970 00:01:37 GMT"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:01 GMT"}, 0.0),
    ],
)
def test_a_wait_is_seconds_milliseconds_or_a_date(headers: dict[str, str], wait: float | None) -> None:
    assert requested_delay(Head(429, headers), now=10.0) == wait


def test_a_secret_is_scrubbed_from_what_comes_back() -> None:
    secret = Secret("sk-one", "KEY")
    answer = Answer(
        Head(400, {}), json.dumps({"error": {"message": "bad sk-one", "code": "invalid_value"}}).encode()
    )
    failure = error_failure(answer, Recipient("r", "KEY"))
    assert "sk-one" not in secret.scrub(failure.message)
