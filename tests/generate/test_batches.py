"""Batches: half the price, collected later, found again after a kill, never begun twice."""

from __future__ import annotations

import io
import json
import os
import re
import signal
from typing import TYPE_CHECKING, Any

import openai
import pytest
from apiserver.drawing import picture
from apiserver.server import KEY
from batched import answer_with, good_line, two
from kill_points import kill_points

from verify4k.model import LEDGER
from verify4k.provenance.ledger import Ledger

if TYPE_CHECKING:
    from bench import Bench


def test_a_batch_is_sent_and_collected_at_half_the_price(bench: Bench) -> None:
    two(bench)
    single = bench.run("generate", "--dry-run", "--format", "json")
    plan = bench.run("generate", "--dry-run", "--batch", "--format", "json")
    price, half = (json.loads(one.out)["plan"][0]["estimate"]["dollars"] for one in (single, plan))
    assert half == price / 2
    sent = bench.generate("--batch")
    assert sent.code == 1
    assert "pending   a.png" in sent.out
    assert "sent in batch batch_1; collect it with: verify4k generate --resume" in sent.out
    assert len(bench.server.shelf.batches) == 1
    done = bench.run("generate", "--resume")
    assert done.code == 0, done.all
    assert bench.path("a.png").read_bytes() == picture(1024, 640, shade=sum(b"picture a.png") % 256)
    outcomes = [line for line in bench.ledger if line["event"] == "outcome"]
    assert [line["dollars"] for line in outcomes] == [pytest.approx((12 * 5 + 1000 * 30) / 2e6)] * 2
    assert outcomes[0]["request_id"].startswith("req_")
    assert not list(Ledger(bench.folder).read().pending())
    assert bench.run("check").code == 0
    assert bench.generate("--batch").code == 0
    assert len(bench.server.shelf.batches) == 1


def test_what_waits_is_not_asked_for_again(bench: Bench) -> None:
    two(bench)
    bench.generate("--batch")
    bench.server.shelf.status = "in_progress"
    seen = len(bench.server.seen)
    for options in (("--batch",), (), ("--resume",)):
        done = bench.generate(*options)
        assert done.code == 1
        assert "--resume" in done.out
    assert "batch batch_1 is in_progress" in done.out
    assert len(bench.server.seen) == seen
    assert len(bench.server.shelf.batches) == 1


def test_a_batch_whose_answer_was_lost_is_found_by_its_mark(bench: Bench) -> None:
    two(bench)
    bench.server.shelf.lose = True
    sent = bench.generate("--batch")
    assert sent.code == 1
    assert "whether the batch has begun is not known" in sent.out
    assert bench.generate("--batch").code == 1
    assert len(bench.server.shelf.batches) == 1
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    assert bench.path("b.png").exists()


def an_hour_later(bench: Bench) -> None:
    """Date every line of the ledger back."""
    path = bench.folder / LEDGER
    if path.exists():
        text = re.sub(r'"time": ?"[^"]*"', '"time": "2026-01-01T00:00:00Z"', path.read_text("utf-8"))
        path.write_text(text, "utf-8")


def test_a_batch_that_is_not_listed_yet_is_not_begun_again(bench: Bench) -> None:
    two(bench)
    bench.server.shelf.lose = True
    bench.generate("--batch")
    begun = dict(bench.server.shelf.batches)
    bench.server.shelf.batches.clear()
    waiting = bench.generate("--resume")
    assert "no batch with its mark is listed yet, for which 10 minutes are given" in waiting.out
    assert "waits" in bench.generate("--batch").out
    assert not bench.server.shelf.batches
    bench.server.shelf.batches.update(begun)
    assert bench.generate("--resume").code == 0


def test_a_batch_that_is_not_listed_for_long_was_never_begun(bench: Bench) -> None:
    two(bench)
    bench.server.shelf.lose = True
    bench.generate("--batch")
    bench.server.shelf.batches.clear()
    an_hour_later(bench)
    assert "it was never begun" in bench.generate("--resume").out
    assert not list(Ledger(bench.folder).read().pending())


def test_a_batch_that_was_refused_costs_nothing_and_may_be_sent_again(bench: Bench) -> None:
    two(bench)
    bench.server.shelf.refuse = "Invalid batch"
    sent = bench.generate("--batch")
    assert sent.code == 1
    assert "may have been billed" not in sent.out
    bench.server.shelf.refuse = ""
    bench.generate("--batch")
    assert bench.generate("--resume").code == 0


def test_a_picture_that_was_refused_inside_a_batch_is_named(bench: Bench) -> None:
    bench.manifest(
        {
            "good.png": {"size": "1024x640", "generate": {"prompt": "x"}},
            "bad.png": {"size": "1024x640", "generate": {"prompt": "y", "extra": {"moderation": "nonsense"}}},
        }
    )
    bench.generate("--batch")
    done = bench.generate("--resume")
    assert done.code == 1
    assert "made      good.png" in done.out
    assert "failed    bad.png" in done.out
    assert "refused the request" in done.out
    assert bench.ledger[-1]["billed"] == "no"


@pytest.mark.parametrize("status", ["expired", "failed", "cancelled"])
def test_a_batch_that_ended_without_a_picture_is_settled(bench: Bench, status: str) -> None:
    two(bench)
    bench.generate("--batch")
    shelf = bench.server.shelf
    shelf.status = status
    for batch in shelf.batches.values():
        batch.update(ok=False, bad=False)
    done = bench.generate("--resume")
    assert done.code == 1
    assert f"the batch is {status} and holds nothing of it" in done.out
    assert not list(Ledger(bench.folder).read().pending())


def test_what_a_batch_says_of_itself_tells_neither_prompt_nor_key(bench: Bench) -> None:
    line = good_line(bench)
    shelf, quoted = bench.server.shelf, f"a crimson lighthouse {KEY[:20]}"
    shelf.status = f"in {quoted}"
    waiting = bench.generate("--resume")
    answer_with(bench)
    shelf.status = "failed"
    shelf.batches["batch_1"]["errors"] = {"data": [{"message": f"{'x' * 280} {quoted}"}]}
    failed = bench.generate("--resume")
    assert "batch_1 is in <prompt>" in waiting.out
    assert "the batch failed: x" in failed.out
    told = waiting.all + failed.all + bench.path("verify4k.ledger.jsonl").read_text("utf-8")
    assert [word for word in ("crimson", "light", KEY[:8]) if word in told] == [], line["id"]


def test_a_refusal_of_a_batch_tells_neither_prompt_nor_key(bench: Bench) -> None:
    two(bench)
    bench.server.shelf.refuse = f"bad: picture b.png, {KEY[:20]}"
    sent = bench.generate("--batch")
    said = "openai-images refused the request: bad: <prompt>, <key from OPENAI_API_KEY>"
    assert said in sent.out
    assert [line["reason"] for line in bench.ledger if line["event"] == "outcome"] == [said] * 2


def test_sending_and_collecting_at_once_is_refused(bench: Bench) -> None:
    two(bench)
    done = bench.generate("--resume", "--batch")
    assert done.code == 2
    assert "which one is meant?" in done.err
    assert not bench.server.seen


def test_one_picture_in_a_batch_is_collected_by_its_own_command(bench: Bench) -> None:
    one = ("--prompt", "a hill", "--size", "1024x640", "-o", "hill.png")
    sent = bench.generate(*one, "--batch")
    assert "collect it with: the same command, with --resume in place of --batch" in sent.out
    assert bench.generate(*one, "--resume").code == 0
    assert bench.path("hill.png").exists()


def test_an_older_version_of_the_request_does_not_get_the_name(bench: Bench) -> None:
    two(bench)
    bench.generate("--batch")
    two(bench, background="auto")
    done = bench.generate("--resume")
    assert done.code == 1
    assert "answers an older version" in done.out
    assert "unknown price" not in done.out
    assert bench.run("ledger").code == 0  # it was received, and what it cost is known
    assert bench.path("a.rejected.png").exists()
    assert not bench.path("a.png").exists()


@pytest.mark.parametrize(
    ("generate", "says"),
    [
        ({"edit": "day.png"}, "edits are not sent in batches"),
        ({"n": 2}, "variants are not sent in batches"),
        ({"route": "openai-responses"}, "the route openai-responses has no batches"),
    ],
)
def test_what_no_batch_takes_is_told_before(bench: Bench, generate: dict[str, Any], says: str) -> None:
    bench.path("day.png").write_bytes(picture(64, 64))
    bench.one("x", generate=generate)
    done = bench.generate("--batch")
    assert done.code == 2
    assert says in done.err
    assert not bench.ledger


def test_a_sent_batch_takes_the_steps_when_it_is_collected(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.generate("--batch")
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    assert bench.path("hero.original.png").exists()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("at", ["--batch", "--resume"])
def test_a_kill_anywhere_begins_no_batch_twice_and_loses_no_picture(bench: Bench, at: str) -> None:
    two(bench)
    if at == "--resume":
        bench.generate("--batch")
    with kill_points(bench, at) as run:
        steps = run.steps(1 if at == "--batch" else 0)
        assert steps > 5
        for step in range(1, steps + 1, 2 if at == "--batch" else 4):
            for path in (
                *bench.folder.glob("*.png"),
                *bench.folder.glob("*.jsonl"),
                *bench.folder.glob(".*.verify4k*"),
            ):
                path.unlink()
            bench.server.shelf.batches.clear()
            if at == "--resume":
                bench.generate("--batch")
            assert run.at(step) == -signal.SIGKILL
            bench.generate("--resume", "-q")
            an_hour_later(bench)
            bench.generate("--resume", "-q")
            bench.generate("--batch", "-q")
            mended = bench.generate("--resume", "-q")
            assert mended.code == 0, (step, mended.all)
            pictures = sum(batch["total"] for batch in bench.server.shelf.batches.values())
            assert pictures == 2, step
            assert not list(bench.folder.glob(".*.verify4k*")), step
            assert not list(Ledger(bench.folder).read().pending()), step


def test_the_official_sdk_finds_that_the_server_speaks_of_batches(bench: Bench) -> None:
    line = {"custom_id": "1", "method": "POST", "url": "/v1/images/generations",
            "body": {"model": "gpt-image-2", "prompt": "x", "size": "1024x640", "quality": "low"}}  # fmt: skip
    with openai.OpenAI(base_url=bench.server.url, api_key=KEY, max_retries=0) as client:
        file = client.files.create(file=("a.jsonl", io.BytesIO(json.dumps(line).encode())), purpose="batch")
        begun = client.batches.create(
            input_file_id=file.id,
            endpoint="/v1/images/generations",
            completion_window="24h",
            metadata={"a": "b"},
        )
        assert begun.status == "validating"
        found = client.batches.retrieve(begun.id)
        assert found.status == "completed"
        assert [one.id for one in client.batches.list(limit=100)] == [begun.id]
        assert found.output_file_id is not None
        text = client.files.content(found.output_file_id).text
    assert json.loads(text)["response"]["status_code"] == 200
