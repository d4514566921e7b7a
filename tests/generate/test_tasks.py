"""Providers that answer with a task, and Responses in background: asked again after a kill, never paid twice."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from kill_points import kill_points

from verify4k.provenance.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler
    from bench import Bench

GOOD = picture(1024, 640)
POLL = {
    "path": "/tasks/{id}",
    "id": "data.task",
    "status": "data.state",
    "picture": "data.images.0",
    "every": 1,
}


def tasks(bench: Bench, **more: Any) -> None:
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x"}}},
        generate={"route": "own", "quality": "low"},
        routes={"own": {"kind": "openai-compatible", "base_url": bench.server.url, "poll": POLL, **more}},
    )
    bench.server.script["x"] = [begun]


def begun(handler: Handler) -> None:
    handler.json(202, {"data": {"task": "t/1", "state": "queued"}})


def states(bench: Bench, *answers: dict[str, Any]) -> None:
    """Let the questions about a task meet these answers, the last one for ever."""
    left = list(answers)

    def asked(handler: Handler) -> None:
        handler.json(200, left.pop(0) if len(left) > 1 else left[0])

    bench.server.tasks = asked


def done(data: bytes = GOOD) -> dict[str, Any]:
    return {"data": {"state": "SUCCESS", "images": [base64.b64encode(data).decode()]}}


def test_a_task_is_asked_for_until_its_picture_is_there(bench: Bench) -> None:
    tasks(bench)
    states(bench, {"data": {"state": "running"}}, done())
    made = bench.generate()
    assert made.code == 0, made.all
    assert bench.path("hero.png").read_bytes() == GOOD
    assert [seen.path for seen in bench.server.seen] == [
        "/v1/images/generations",
        "/v1/tasks/t%2F1",
        "/v1/tasks/t%2F1",
    ]
    assert any(line.get("ticket") == {"task": "t/1"} for line in bench.ledger)


def test_what_is_still_running_is_asked_for_later_and_not_bought_again(bench: Bench) -> None:
    tasks(bench)
    states(bench, {"data": {"state": "running"}})
    waiting = bench.generate("--deadline", "1")
    assert waiting.code == 1
    assert "pending   hero.png" in waiting.out
    assert "task t/1 is running; run again" in waiting.out
    states(bench, done())
    made = bench.generate()
    assert made.code == 0, made.all
    assert sum(seen.path.endswith("generations") for seen in bench.server.seen) == 1
    assert not list(Ledger(bench.folder).read().pending())
    assert not list(bench.folder.glob("*.unread*"))


def changed(bench: Bench) -> None:
    """Let a task be pending, and the entry ask for something else."""
    tasks(bench)
    states(bench, {"data": {"state": "running"}})
    assert "pending   hero.png" in bench.generate("--deadline", "1").out
    manifest = bench.path("verify4k.yaml")
    manifest.write_text(manifest.read_text("utf-8").replace('"x"', '"y"'), encoding="utf-8")
    bench.server.script["y"] = [begun]


def test_an_older_version_that_a_provider_works_on_is_taken_in_before_another_is_asked_for(
    bench: Bench,
) -> None:
    changed(bench)
    states(bench, {"data": {"state": "running"}})
    waiting = bench.generate("--deadline", "1")
    assert "an older version of the request: task t/1 is running" in waiting.out
    assert sum(seen.path.endswith("generations") for seen in bench.server.seen) == 1
    states(bench, done(picture(1024, 640, shade=3)), done())
    made = bench.generate()
    assert made.code == 0, made.all
    assert "an older version of the request was answered, which is kept as hero.rejected.png" in made.out
    assert bench.path("hero.rejected.png").read_bytes() == picture(1024, 640, shade=3)
    assert bench.path("hero.png").read_bytes() == GOOD
    assert not list(Ledger(bench.folder).read().pending())
    assert not list(bench.folder.glob(".hero*"))


def test_an_older_version_that_failed_is_settled(bench: Bench) -> None:
    changed(bench)
    spool = bench.path(".hero.png.verify4k-answer")
    seen: list[bool] = []

    def failing(handler: Handler) -> None:
        handler.json(200, {"data": {"state": "failed"}})
        bench.server.tasks = finished

    def finished(handler: Handler) -> None:
        seen.append(spool.exists())
        handler.json(200, done())

    bench.server.tasks = failing
    made = bench.generate()
    assert made.code == 0, made.all
    assert "an older version of the request: " in made.out
    assert seen == [True]
    assert not list(Ledger(bench.folder).read().pending())


def test_a_provider_that_cannot_be_reached_meanwhile_is_asked_later(bench: Bench) -> None:
    tasks(bench)
    bench.server.tasks = lambda handler: handler.error(500, None)
    waiting = bench.generate()
    assert waiting.code == 1
    assert "cannot be asked for" in waiting.out
    states(bench, done())
    assert bench.generate().code == 0
    assert sum(seen.path.endswith("generations") for seen in bench.server.seen) == 1


def test_a_task_that_failed_is_settled(bench: Bench) -> None:
    tasks(bench)
    states(bench, {"data": {"state": "failed"}, "message": "no capacity"})
    failed = bench.generate()
    assert failed.code == 1
    assert "the task ended as failed: no capacity; it may have been billed" in failed.out
    assert not list(Ledger(bench.folder).read().pending())


@pytest.mark.parametrize(
    ("poll", "says"),
    [
        ({"every": 5}, "poll does not say where to ask"),
        ({"path": "/tasks"}, "a path below base_url with {id} in it is needed"),
        ({"path": "/../{id}"}, "a path below base_url with {id} in it is needed"),
        ({"path": "/t/{id}", "evry": 5}, "did you mean every?"),
    ],
)
def test_a_wrong_profile_is_told(bench: Bench, poll: dict[str, Any], says: str) -> None:
    tasks(bench, poll=poll)
    refused = bench.generate()
    assert refused.code == 2
    assert says in refused.err


def background(bench: Bench) -> None:
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x"}}},
        generate={"route": "openai-responses", "quality": "low"},
        routes={"openai-responses": {"kind": "openai-responses", "background": True}},
    )
    bench.server.script["x"] = [queued]


def queued(handler: Handler) -> None:
    assert handler.asked.values["background"] is True
    handler.json(200, {"id": "resp_7", "status": "queued", "output": [], "error": None})


def answered(handler: Handler) -> None:
    call = {"type": "image_generation_call", "status": "completed", "result": base64.b64encode(GOOD).decode()}
    handler.json(200, {"id": "resp_7", "status": "completed", "output": [call], "error": None})


def test_responses_in_background_are_asked_for(bench: Bench) -> None:
    background(bench)
    bench.server.script.clear()  # the server works as the API does
    bench.server.kept.waits = 0
    made = bench.generate()
    assert made.code == 0, made.all
    assert [seen.path for seen in bench.server.seen] == ["/v1/responses", "/v1/responses/resp_1"]


def test_an_edit_in_background_that_outlives_its_deadline_is_collected_by_the_next_run(bench: Bench) -> None:
    bench.path("day.png").write_bytes(GOOD)
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x", "edit": "day.png"}}},
        generate={"route": "openai-responses", "quality": "low"},
        routes={"openai-responses": {"kind": "openai-responses", "background": True}},
    )
    waiting = bench.generate("--deadline", "3")
    assert waiting.code == 1
    assert "task resp_1 is in_progress; run again" in waiting.out
    assert bench.generate().code == 0
    assert [seen.path for seen in bench.server.seen] == ["/v1/responses", *["/v1/responses/resp_1"] * 2]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize(
    ("begin", "tasked"), [(tasks, None), (background, answered)], ids=["tasks", "background"]
)
def test_a_kill_once_the_task_is_noted_buys_nothing_twice(
    bench: Bench, begin: Callable[[Bench], None], tasked: Callable[[Handler], None] | None
) -> None:
    begin(bench)
    states(bench, done())
    bench.server.tasks = tasked or bench.server.tasks
    noted = 0
    with kill_points(bench) as run:
        for step in range(1, run.steps() + 1, 2):
            for path in (*bench.folder.glob("hero*"), *bench.folder.glob("*.jsonl")):
                path.unlink()
            bench.server.seen.clear()
            run.at(step)
            ticket = any(line.get("ticket") for line in bench.ledger)
            noted += ticket
            mended = bench.generate("-q")
            assert mended.code == 0, (step, mended.all)
            posts = sum(seen.path.endswith(("generations", "/responses")) for seen in bench.server.seen)
            assert posts == 1 or not ticket, step
            assert not list(bench.folder.glob(".hero*")), step
            assert not list(Ledger(bench.folder).read().pending()), step
    assert noted > 3
