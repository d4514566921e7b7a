"""Several pictures of one prompt: all are kept, one gets the name, none is bought twice."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import signal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from apiserver.drawing import encoded, picture
from kill_points import kill_points
from PIL import Image

from verify4k.provenance.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler
    from bench import Bench


def delivering(*answers: bytes) -> list[Callable[[Handler], None]]:
    return [lambda handler, data=data: handler.deliver(data) for data in answers]  # type: ignore[misc]


def blurred(sharpness: int) -> bytes:
    """A picture that has more detail, the larger ``sharpness`` is."""
    noise = np.random.default_rng(sharpness).integers(0, 256, (640, 1024, 3), dtype=np.uint8)
    base = np.asarray(Image.open(io.BytesIO(picture(1024, 640)))).astype(float)
    mixed = base * (1 - sharpness / 10) + noise * (sharpness / 10)
    return encoded(Image.fromarray(mixed.clip(0, 255).astype(np.uint8)), "png")


GOOD = [picture(1024, 640, shade=shade) for shade in (10, 20, 30, 40)]
BAD = picture(512, 320)


def test_the_first_that_passes_is_taken_and_no_more_are_bought(bench: Bench) -> None:
    bench.one("x", generate={"n": 4, "choose": "first-passing"})
    bench.server.script["x"] = delivering(BAD, GOOD[1], GOOD[2])
    done = bench.generate()
    assert done.code == 0, done.all
    assert len(bench.server.seen) == 2
    assert bench.path("hero.png").read_bytes() == bench.path("hero.variant-2.png").read_bytes() == GOOD[1]
    assert bench.path("hero.variant-1.rejected.png").read_bytes() == BAD
    assert "hero.variant-1.png: rejected: exact-size" in done.out
    assert "taken from hero.variant-2.png: first-passing" in done.out
    taken = bench.ledger[-1]
    assert taken["target"] == "hero.png"
    assert taken["sha256"] == hashlib.sha256(GOOD[1]).hexdigest()
    assert taken["taken_from"] == "hero.variant-2.png"
    assert taken["among"] == {"hero.variant-1.png": "rejected", "hero.variant-2.png": "made"}
    assert bench.run("check").code == 0


def test_the_one_with_most_detail_is_taken(bench: Bench) -> None:
    bench.one("x", generate={"n": 3, "choose": "most-detail"}, native="off")
    bench.server.script["x"] = delivering(blurred(1), blurred(6), blurred(3))
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.path("hero.png").read_bytes() == bench.path("hero.variant-2.png").read_bytes()
    assert len(bench.server.seen) == 3
    spent = [line["dollars"] for line in bench.ledger if line.get("dollars") and "taken_from" not in line]
    assert f"spent about ${sum(spent):.3f}" in done.out


def test_a_person_chooses_and_nothing_is_asked_for_again(bench: Bench) -> None:
    bench.one("x", generate={"n": 3, "choose": "by-person"}, provenance="ledger")
    bench.server.script["x"] = delivering(GOOD[0], BAD, GOOD[2])
    first = bench.generate()
    assert first.code == 1
    assert "choose: hero.variant-1.png | hero.variant-3.png" in first.out
    assert not bench.path("hero.png").exists()
    assert bench.generate().code == 1
    assert len(bench.server.seen) == 3
    bench.one("x", generate={"n": 3, "choose": "hero.variant-3.png"}, provenance="ledger")
    plan = bench.run("generate", "--dry-run")
    assert "0 requests, about $0.000" in plan.out
    done = bench.run("generate")
    assert done.code == 0, done.all
    assert bench.path("hero.png").read_bytes() == GOOD[2]
    assert done.out.rstrip().endswith("1 made")  # and nothing is said to be spent
    assert bench.ledger[-1]["chosen"] == "hero.variant-3.png"
    assert len(bench.server.seen) == 3
    assert bench.run("check").code == 0


def test_a_variant_that_breaks_a_promise_cannot_be_chosen(bench: Bench) -> None:
    bench.one("x", generate={"n": 2, "choose": "hero.variant-2.png"})
    bench.path("hero.variant-2.png").write_bytes(BAD)
    done = bench.run("generate")
    assert done.code == 1
    assert "exact-size" in done.out
    assert not bench.path("hero.png").exists()
    bench.path("hero.variant-2.png").write_bytes(GOOD[0])
    unknown = bench.run("generate")
    assert unknown.code == 1
    assert "no record vouches for hero.variant-2.png" in unknown.out
    assert bench.run("import", "hero.variant-2.png", "--as", "hero.png").code == 0, "as it says"
    assert "take it in with: verify4k import hero.variant-2.png --as hero.png" in unknown.out


def test_when_none_passes_all_are_kept_and_named(bench: Bench) -> None:
    bench.one("x", generate={"n": 2})
    bench.server.script["x"] = delivering(BAD)
    done = bench.generate()
    assert done.code == 1
    assert "no variant passed" in done.out
    assert bench.path("hero.variant-1.rejected.png").exists()
    assert bench.path("hero.variant-2.rejected.png").exists()


def test_seeds_differ_where_a_route_knows_them(bench: Bench) -> None:
    route = {"kind": "openai-compatible", "base_url": bench.server.url, "owner": "x", "size": "honoured"}
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x", "n": 3, "choose": "by-person"}}},
        generate={"route": "own", "quality": "low", "extra": {"seed": 7}},
        routes={"own": route},
    )
    bench.generate()  # the server refuses the seed, as OpenAI does; what was sent is what counts here
    bodies = [seen.body.decode() for seen in bench.server.seen]
    assert [f'"seed": {seed}' in body for seed, body in zip((7, 8, 9), bodies, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    ("generate", "says"),
    [
        ({"n": 2, "choose": "most-details"}, "did you mean most-detail?"),
        ({"n": 2, "choose": "hero.variant-3.png"}, "is no variant of 'hero.png'"),
        (
            {"n": 2, "choose": "hero.variant-2.png"},
            "'hero.variant-2.png' is not there (make the variants first",
        ),
        ({"n": 11}, "a whole number from 1 to 10"),
    ],
)
def test_a_choice_that_cannot_be_is_told(bench: Bench, generate: dict[str, Any], says: str) -> None:
    bench.one("x", generate=generate)
    done = bench.generate()
    assert done.code == 2
    assert says in done.err


def test_the_budget_counts_every_variant(bench: Bench) -> None:
    bench.one("x", generate={"n": 4})
    assert "4 pictures would be asked for" in bench.generate("--max-images", "3").err
    plan = bench.run("generate", "--dry-run")
    assert "4 variants; chosen: first-passing" in plan.out
    assert "4 requests" in plan.out


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")
def test_a_kill_between_variants_buys_none_twice(bench: Bench) -> None:
    bench.one("x", generate={"n": 2, "choose": "most-detail"})
    with kill_points(bench) as run:
        for step in range(2, run.steps() + 1, 3):
            for path in (*bench.folder.glob("hero*"), *bench.folder.glob("*.jsonl")):
                path.unlink()
            bench.server.seen.clear()
            bench.server.complete.clear()
            assert run.at(step) == -signal.SIGKILL
            mended = bench.generate("-q")
            assert mended.code == 0, (step, mended.all)
            assert len(bench.server.seen) <= 3, step  # at most one was on its way
            assert not list(bench.folder.glob(".hero*")), step
            assert not list(Ledger(bench.folder).read().pending()), step


def test_what_a_kill_left_of_a_variant_that_was_rejected_is_cleared(bench: Bench) -> None:
    bench.one("x", generate={"n": 2, "choose": "first-passing"})
    bench.server.script["x"] = delivering(BAD, BAD)
    assert bench.generate().code == 1
    spool = bench.path(".hero.variant-1.png.verify4k-answer")
    spool.write_text(json.dumps({"request": bench.ledger[0]["id"]}) + "\n", encoding="utf-8")
    assert bench.generate().code == 1
    assert len(bench.server.seen) == 2
    assert not list(bench.folder.glob(".hero*"))


@pytest.mark.parametrize(("choose", "asked"), [("first-passing", 1), ("most-detail", 2)])
def test_a_variant_that_a_provider_works_on_is_waited_for(bench: Bench, choose: str, asked: int) -> None:
    tasks: list[str] = []
    poll = {"path": "/tasks/{id}", "picture": "output", "every": 1}
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x", "n": 2, "choose": choose}}},
        generate={"route": "own", "quality": "low"},
        routes={"own": {"kind": "openai-compatible", "base_url": bench.server.url, "poll": poll}},
    )

    def begun(handler: Handler) -> None:
        tasks.append(f"t{len(tasks) + 1}")
        handler.json(202, {"id": tasks[-1], "status": "queued"})

    def first_runs(handler: Handler) -> None:
        if handler.path.endswith("t1"):
            handler.json(200, {"status": "running"})
        else:
            finished(handler)

    def finished(handler: Handler) -> None:
        handler.json(200, {"status": "succeeded", "output": base64.b64encode(GOOD[1]).decode()})

    bench.server.script["x"] = [begun, begun, begun]
    bench.server.tasks = first_runs
    waiting = bench.generate("--deadline", "1")
    assert waiting.code == 1
    assert "pending   hero.png" in waiting.out
    assert "hero.variant-1.png: task t1 is running" in waiting.out
    assert not bench.path("hero.png").exists()
    assert len(tasks) == asked
    bench.server.tasks = finished
    assert bench.generate().code == 0
    assert len(tasks) == asked
    assert not list(Ledger(bench.folder).read().pending())
