"""What was paid for and could not be read is kept, and a later run finishes from it without a request."""

from __future__ import annotations

import base64
import codecs
import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from hypothesis import given
from hypothesis import strategies as st

from verify4k.routes.protocol.pictures import decoded, is_data_url
from verify4k.routes.protocol.streams import EventReader, ended

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench


def _two(handler: Handler) -> None:
    good = base64.b64encode(picture(*handler.size, handler.form)).decode()
    handler.json(200, {**handler.envelope(good), "data": [{"b64_json": good}] * 2})


def _promise(bench: Bench, outputs: int, prompt: str = "a hill") -> None:
    route = {"kind": "openai-images", "outputs": outputs}
    entry = {"size": "1024x640", "alpha": "forbidden", "generate": {"prompt": prompt}}
    defaults = {"route": "mine", "quality": "low"}
    bench.manifest({"hero.png": entry}, routes={"mine": route}, generate=defaults)


def test_a_kept_answer_is_read_by_the_next_run_that_can(bench: Bench) -> None:
    bench.server.script["a hill"] = [_two]
    _promise(bench, outputs=1)
    first = bench.generate()
    assert first.code == 1
    assert "hero.unread.answer" in first.out
    _promise(bench, outputs=2)
    second = bench.generate()
    assert second.code == 0, second.all
    assert len(bench.server.seen) == 1, "paid for once"
    assert "read from hero.unread.answer" in second.out
    assert not bench.path("hero.unread.answer").exists()
    assert bench.path("hero.other.png").exists(), "the second picture was paid for too"
    assert bench.ledger[-1]["id"] == bench.ledger[0]["id"]
    assert bench.ledger[-1]["verdict"] == "accepted"


def test_a_kept_answer_to_another_prompt_is_left_alone(bench: Bench) -> None:
    bench.server.script["a hill"] = [_two]
    _promise(bench, outputs=1)
    bench.generate()
    _promise(bench, outputs=2, prompt="a lake")
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 2
    assert bench.path("hero.unread.answer").exists()


def test_an_answer_that_stays_unreadable_is_named_and_stays(bench: Bench) -> None:
    bench.server.script["a hill"] = [_two]
    _promise(bench, outputs=1)
    bench.generate()
    again = bench.generate()
    assert again.code == 1
    assert "still cannot be read and stays as hero.unread.answer" in again.out
    assert bench.path("hero.unread-2.answer").exists()


@pytest.mark.parametrize("name", ["../hero.answer", "hero.png", "sub/x.answer", "gone.answer"])
def test_a_ledger_names_no_file_elsewhere(bench: Bench, name: str) -> None:
    bench.server.script["a hill"] = [_two]
    _promise(bench, outputs=1)
    bench.generate()
    lines = bench.ledger
    lines[-1]["answer"] = name
    text = "".join(json.dumps(line) + "\n" for line in lines)
    bench.path("verify4k.ledger.jsonl").write_text(text)
    _promise(bench, outputs=2)
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 2


@given(st.binary(min_size=1), st.booleans(), st.booleans(), st.integers(1, 20))
def test_every_spelling_of_base64_gives_the_bytes(data: bytes, url: bool, padded: bool, width: int) -> None:
    text = (base64.urlsafe_b64encode if url else base64.b64encode)(data).decode()
    text = text if padded else text.rstrip("=")
    lines = "\r\n".join(text[start : start + width] for start in range(0, len(text), width))
    assert decoded(lines) == data
    assert decoded(f" data:;base64,{lines}") == data


@pytest.mark.parametrize("text", ["a", "a*bc", "+_ab", "ab=c", "abc===", "é", "data:image/png", "null!"])
def test_what_is_no_base64_is_nothing(text: str) -> None:
    assert decoded(text) is None


def test_a_data_url_without_base64_is_percent_encoded() -> None:
    assert decoded("data:image/png,%89PNG") == b"\x89PNG"
    assert is_data_url("DATA:,x")
    assert not is_data_url("https://example.com/data:,")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", None),
        (b'data: {"type": "image_generation.partial_image", "b64_json": "AA"}\n\n', None),
        (b'data: {"type": "image_generation.completed", "b64_json": "AA"}', "AA"),
        (b'event: image_edit.completed\ndata: {"b64_json":\ndata: "AA"}\n\n', "AA"),
        (b"event: image_edit.completed\ndata: {oops\n\n", None),
        (b"data: [DONE]\n\n", None),
        (b': awake\r\nevent: image_edit.completed\r\rdata: {"b64_json": "AA"}\r\r', None),
        (b': awake\r\nevent: image_edit.completed\rdata: {"b64_json": "AA"}\r\r', "AA"),
        ('data: {"type": "image_edit.completed", "a": "\u2028\x85", "b64_json": "AA"}\n\n'.encode(), "AA"),
    ],
)
def test_only_a_completed_event_is_a_picture(body: bytes, found: Any) -> None:
    done = ended(body).body
    assert (done["data"][0]["b64_json"] if done else None) == found


def test_an_empty_chunk_between_the_two_signs_of_a_line_end_ends_no_event() -> None:
    reader = EventReader()
    chunks = (b'data: {"a": 1}\r', b"", b"\nevent: e\r\n", b"\r\n")
    assert [list(reader.feed(chunk)) for chunk in chunks] == [[], [], [], [{"type": "e", "a": 1}]]


@given(st.lists(st.sampled_from([b"event: e", b'data: {"a": 1}', b": x", b"", b"data: 7"])), st.data())
def test_events_are_the_same_wherever_chunks_end(lines: list[bytes], data: st.DataObject) -> None:
    ends = data.draw(
        st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=len(lines), max_size=len(lines))
    )
    body = b"".join(line + end for line, end in zip(lines, ends, strict=True))
    whole = list(EventReader().feed(body))
    body = data.draw(st.sampled_from([b"", codecs.BOM_UTF8])) + body
    reader, start = EventReader(), 0
    found: list[Any] = []
    for end in [*sorted(data.draw(st.lists(st.integers(0, len(body))))), len(body)]:
        found += reader.feed(body[start:end])
        start = end
    assert found == whole
