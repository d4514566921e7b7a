"""What a provider makes of tasks: pictures in first answers, odd ids, tasks that nobody knows any more."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from apiserver.server import KEY

from verify4k.provenance.ledger import Ledger

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench

GOOD = picture(1024, 640)
ENCODED = base64.b64encode(GOOD).decode()
POLL = {"path": "/tasks/{id}", "picture": "output.0", "every": 1}
PROMPT = "a hill under nine moons by the sea"
DONE = {"status": "succeeded", "output": [ENCODED]}


def begin(
    bench: Bench, first: dict[str, Any], then: dict[str, Any] | None = None, status: int = 200, **poll: str
) -> None:
    """Let the first answer of a provider be ``first``, and those about its task ``then``."""
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": PROMPT}}},
        generate={"route": "own", "quality": "low"},
        routes={"own": {"kind": "openai-compatible", "base_url": bench.server.url, "poll": {**POLL, **poll}}},
    )
    bench.server.script[PROMPT] = [lambda handler: handler.json(202, first)]
    bench.server.tasks = lambda handler: handler.json(status, then or {"error": "no such task"})


def bought(bench: Bench) -> int:
    return sum(seen.path.endswith("generations") for seen in bench.server.seen)


def a_day_earlier(bench: Bench) -> None:
    """Let everything in the ledger have happened before yesterday."""
    path = bench.path("verify4k.ledger.jsonl")
    lines = [{**line, "time": "2020-01-01T00:00:00Z"} for line in bench.ledger]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    "first",
    [
        {"id": "t1", **DONE},
        {"id": "t1", "output": [ENCODED]},
        {"id": "t1", "data": [{"b64_json": ENCODED}]},
        {"id": "t1", "status": "succeeded", "data": [{"b64_json": ENCODED}]},
        {"id": "t1", "status": "ok", "data": [{"b64_json": ENCODED}]},
    ],
    ids=["done", "no-state", "as-usual", "as-usual-done", "another-state"],
)
def test_a_first_answer_that_carries_the_picture_is_no_task(bench: Bench, first: dict[str, Any]) -> None:
    begin(bench, first, status=404)
    made = bench.generate()
    assert made.code == 0, made.all
    assert bench.path("hero.png").read_bytes() == GOOD
    assert len(bench.server.seen) == 1


@pytest.mark.parametrize(
    "first",
    [
        {"id": "t1", "status": "success"},
        {"id": "t1", "status": "queued", "data": [{"url": "https://127.0.0.1/not-there-yet.png"}]},
        {"id": "t1", "status": "queued", "output": ["https://127.0.0.1/not-there-yet.png"]},
    ],
    ids=["accepted", "url-to-come", "output-to-come"],
)
def test_a_first_answer_without_the_picture_is_a_task_whatever_it_says(
    bench: Bench, first: dict[str, Any]
) -> None:
    begin(bench, first, DONE)
    made = bench.generate()
    assert made.code == 0, made.all
    assert [seen.path for seen in bench.server.seen] == ["/v1/images/generations", "/v1/tasks/t1"]


def test_a_task_is_over_when_its_answer_is_the_picture(bench: Bench) -> None:
    begin(bench, {"id": "t1", "status": "queued"})
    bench.server.tasks = lambda handler: handler.send(200, GOOD, {"Content-Type": "image/png"})
    made = bench.generate()
    assert made.code == 0, made.all
    assert bench.path("hero.png").read_bytes() == GOOD


def test_a_picture_that_the_profile_looked_for_in_the_wrong_place_is_read_by_the_next_run(
    bench: Bench,
) -> None:
    begin(bench, {"id": "t1", "status": "queued"}, DONE, picture="result.0")
    failed = bench.generate()
    assert failed.code == 1
    assert "nothing stands at result.0" in failed.out
    begin(bench, {"id": "t2", "status": "queued"}, status=404)
    made = bench.generate()
    assert made.code == 0, made.all
    assert "read from hero.unread.answer" in made.out
    assert bought(bench) == 1


def test_a_long_id_is_asked_for_as_it_is(bench: Bench) -> None:
    begin(bench, {"id": "t" * 4096, "status": "queued"}, DONE)
    made = bench.generate()
    assert made.code == 0, made.all
    assert bench.server.seen[-1].path == f"/v1/tasks/{'t' * 4096}"


def test_an_id_that_no_address_can_hold_is_no_task(bench: Bench) -> None:
    begin(bench, {"id": "t" * 4097, "status": "queued"}, DONE)
    failed = bench.generate()
    assert failed.code == 1
    assert "it may have been billed" in failed.out
    assert bench.path("hero.unread.answer").exists()
    assert len(bench.server.seen) == 1


@pytest.mark.parametrize(
    "path", ["/täsks/{id}", "/tasks/{id} x", "/tasks/{id}#x", "/%2e%2e/{id}", "/a;b/{id}"]
)
def test_an_address_that_cannot_be_asked_is_told_before_anything_is_sent(bench: Bench, path: str) -> None:
    begin(bench, {"id": "t1"}, DONE, path=path)
    refused = bench.generate()
    assert refused.code == 2
    assert refused.err.startswith("verify4k.yaml:1:")
    assert not bench.server.seen
    assert not bench.ledger


def test_surroundings_that_change_while_a_task_runs_make_nothing_free(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.one(
        PROMPT, generate={"route": "slow"}, routes={"slow": {"kind": "openai-responses", "background": True}}
    )

    def changing(handler: Handler) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "nowhere")
        handler.json(200, {"id": "resp_1", "status": "queued", "output": []})

    bench.server.script[PROMPT] = [changing]
    failed = bench.generate()
    assert failed.code == 1
    assert "OPENAI_BASE_URL is no web address" in failed.out
    assert not any(line["event"] == "outcome" for line in bench.ledger)
    monkeypatch.setenv("OPENAI_BASE_URL", bench.server.url)
    call = {"type": "image_generation_call", "status": "completed", "result": ENCODED}
    answer = {"id": "resp_1", "status": "completed", "output": [call]}
    bench.server.tasks = lambda handler: handler.json(200, answer)
    made = bench.generate()
    assert made.code == 0, made.all
    assert [seen.path for seen in bench.server.seen] == ["/v1/responses", "/v1/responses/resp_1"]


def test_a_task_that_the_ledger_could_not_name_is_found_on_the_disk(bench: Bench) -> None:
    ledger = bench.path("verify4k.ledger.jsonl")
    begin(bench, {}, DONE)

    def locked(handler: Handler) -> None:
        ledger.rename(bench.path("aside"))
        ledger.mkdir()
        handler.json(202, {"id": "t1", "status": "queued"})

    bench.server.script[PROMPT] = [locked]
    failed = bench.generate()
    assert failed.code == 1
    assert "the ledger verify4k.ledger.jsonl cannot be" in failed.out
    ledger.rmdir()
    bench.path("aside").rename(ledger)
    made = bench.generate()
    assert made.code == 0, made.all
    assert bought(bench) == 1


def test_a_task_that_the_provider_does_not_know_is_given_up_after_a_day(bench: Bench) -> None:
    begin(bench, {"id": "t1", "status": "queued"}, status=404)
    for _ in range(2):
        waiting = bench.generate()
        assert "pending   hero.png" in waiting.out
        assert "(404): no such task; a day after it was begun it will be given up" in waiting.out
    a_day_earlier(bench)
    given_up = bench.generate()
    assert given_up.code == 1
    assert "failed    hero.png" in given_up.out
    assert "nobody knows task t1 any more: own refused the request (404)" in given_up.out
    assert bench.ledger[-1]["billed"] == "likely"
    assert not list(Ledger(bench.folder).read().pending())
    assert bought(bench) == 1


def test_a_task_that_is_gone_is_given_up_at_once(bench: Bench) -> None:
    begin(bench, {"id": "t1", "status": "queued"}, status=410)
    given_up = bench.generate()
    assert "nobody knows task t1 any more" in given_up.out
    assert bench.ledger[-1]["billed"] == "likely"
    begin(bench, {"id": "t2", "status": "queued"}, DONE)
    assert bench.generate().code == 0


@pytest.mark.parametrize("what", ["batches", "files"])
def test_a_batch_that_the_server_does_not_know_is_given_up_after_a_day(bench: Bench, what: str) -> None:
    bench.one(PROMPT)
    assert bench.generate("--batch").code == 1
    getattr(bench.server.shelf, what).clear()
    waiting = bench.generate("--resume")
    assert "pending   hero.png" in waiting.out
    assert "a day after it was begun it will be given up" in waiting.out
    a_day_earlier(bench)
    given_up = bench.generate("--resume")
    assert "nobody knows batch batch_1 or its results any more" in given_up.out
    assert bench.ledger[-1]["billed"] == "likely"
    assert not list(Ledger(bench.folder).read().pending())


def _says(bench: Bench, answer: dict[str, Any]) -> str:
    begin(bench, {"id": "t1", "status": "queued"}, answer)
    said = bench.generate("--deadline", "1").all
    return said + bench.path("verify4k.ledger.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "failed", "error": {"message": f"bad: {PROMPT} {KEY}"}},
        {"status": "failed", "message": "x" * 280 + KEY},
        {"status": f"drawing {PROMPT} with {KEY}"},
        {"status": "x" * 50 + KEY},
    ],
    ids=["failed", "failed-cut", "state", "state-cut"],
)
def test_what_is_said_of_a_task_is_told_without_key_and_prompt(bench: Bench, answer: dict[str, Any]) -> None:
    told = _says(bench, answer)
    assert "task" in told
    assert "nine moons" not in told
    assert KEY[:10].upper() not in told.upper()


@pytest.mark.parametrize("secret", [KEY, PROMPT])
def test_an_id_with_key_or_prompt_in_it_is_asked_for_and_written_nowhere(bench: Bench, secret: str) -> None:
    begin(bench, {"id": f"task-{secret}", "status": "queued"}, {"status": "running"})
    waiting = bench.generate("--deadline", "1")
    assert "pending   hero.png" in waiting.out
    assert secret not in waiting.all
    assert "nine moons" not in waiting.all + bench.path("verify4k.ledger.jsonl").read_text("utf-8")
    again = bench.generate("--deadline", "1")
    assert "pending   hero.png" in again.out
    bench.server.tasks = lambda handler: handler.json(200, DONE)
    made = bench.generate()
    assert made.code == 0, made.all
    assert bought(bench) == 1
    assert not list(bench.folder.glob(".hero*"))
