"""A target that gets its picture another way: what a killed run had received of it is kept, and used later."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from killed import body_with, leave

from verify4k.generate.slots import Slot

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench

GOOD = picture(1024, 640, shade=1)
OTHER = picture(1024, 640, shade=2)


def finishes(bench: Bench, **entry: Any) -> None:
    """Make the picture anew: what was received is used, and nothing is asked for."""
    bench.one("a hill", **entry)
    bench.server.seen.clear()
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen == []
    assert bench.path("hero.png").read_bytes() == GOOD


def is_kept(bench: Bench, said: str) -> None:
    """Say that the answer is kept, and that the ledger names it."""
    assert "is kept as hero.unread.answer: it may have been billed" in said
    assert not list(bench.folder.glob(".hero*"))
    assert [line["answer"] for line in bench.ledger if line.get("verdict") == "lost"] == [
        "hero.unread.answer"
    ]
    bench.path("hero.png").unlink()
    finishes(bench)


def test_an_import_that_fails_leaves_an_answer_where_it_is(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("export.png").write_bytes(picture(64, 64))
    done = bench.run("import", "export.png", "--as", "hero.png")
    assert done.code == 1
    assert "exact-size" in done.out
    finishes(bench)


def test_an_import_beside_a_file_leaves_an_answer_where_it_is(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("hero.png").write_bytes(picture(64, 64))
    bench.path("export.png").write_bytes(OTHER)
    done = bench.run("import", "export.png", "--as", "hero.png")
    assert "is already a file" in done.out
    bench.path("hero.png").unlink()
    finishes(bench)


@pytest.mark.parametrize("there", [False, True])
def test_an_import_keeps_an_answer(bench: Bench, *, there: bool) -> None:
    leave(bench, body_with(GOOD))
    bench.path("export.png").write_bytes(OTHER)
    if there:  # byte for byte: only its record is added
        bench.path("hero.png").write_bytes(OTHER)
    done = bench.run("import", "export.png", "--as", "hero.png")
    assert done.code == 0, done.all
    is_kept(bench, done.out)


def test_a_run_that_finds_a_verified_picture_keeps_an_answer(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("hero.png").write_bytes(OTHER)
    done = bench.generate()
    assert done.code == 0
    is_kept(bench, done.err)
    assert not bench.path("hero.unread.answer").exists()


@pytest.mark.parametrize(("data", "code"), [(OTHER, 0), (picture(64, 64), 1)], ids=["verified", "failing"])
def test_a_picture_that_appears_meanwhile_costs_no_answer(bench: Bench, data: bytes, code: int) -> None:
    leave(bench, body_with(GOOD))

    def appear(handler: Handler) -> None:
        bench.path("hero.png").write_bytes(data)
        handler.answer()

    bench.server.script["first"] = [appear]
    entry = {"size": "1024x640", "alpha": "forbidden"}
    bench.manifest(
        {
            "a.png": {**entry, "generate": {"prompt": "first"}},
            "hero.png": {**entry, "generate": {"prompt": "a hill"}},
        }
    )
    done = bench.generate("-j", "1")
    assert done.code == code, done.all
    is_kept(bench, done.out)


def test_a_variant_that_gets_the_name_costs_no_answer(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.one("a hill", generate={"n": 2})
    done = bench.generate()
    assert done.code == 0, done.all
    is_kept(bench, done.out)


def test_a_picture_out_of_a_batch_costs_no_answer(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    answer = bench.path(".hero.png.verify4k-answer").read_bytes()
    lines = bench.path("verify4k.ledger.jsonl").read_text()
    bench.path(".hero.png.verify4k-answer").unlink()
    bench.path("verify4k.ledger.jsonl").unlink()
    bench.generate("--batch")
    with bench.path("verify4k.ledger.jsonl").open("a") as ledger:
        ledger.write(lines)  # as git merges what another machine did
    bench.path(".hero.png.verify4k-answer").write_bytes(answer)
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    is_kept(bench, "is kept as hero.unread.answer: it may have been billed")


def test_an_answer_that_was_settled_is_not_kept_again(bench: Bench) -> None:
    leave(bench, body_with(GOOD), outcome=True)
    bench.path("hero.png").write_bytes(OTHER)
    assert bench.generate().err == ""
    assert not list(bench.folder.glob("*.answer"))


def test_a_task_that_can_be_asked_for_again_is_not_given_up(bench: Bench) -> None:
    leave(bench, b'{"id": "t1"}')
    line = bench.ledger[0] | {"ticket": {"task": "t1"}}
    bench.path("verify4k.ledger.jsonl").write_text(json.dumps(line) + "\n")
    bench.path("hero.png").write_bytes(OTHER)
    assert bench.generate().err == ""
    assert [line["event"] for line in bench.ledger] == ["request"]


def accepted_and_not_named(bench: Bench, **entry: Any) -> bytes:
    """Leave a picture as a process does that was killed between its record and its name, without a spool."""
    bench.one("a hill", **entry)
    bench.generate()
    data = bench.path("hero.png").read_bytes()
    bench.path("hero.png").rename(bench.path(".hero.png.verify4k-new"))
    bench.server.seen.clear()
    return data


def test_an_accepted_picture_gets_its_name_without_a_spool(bench: Bench) -> None:
    data = accepted_and_not_named(bench)
    done = bench.generate()
    assert done.code == 0, done.all
    assert "received by an earlier run, not asked for again" in done.out
    assert bench.server.seen == []
    assert bench.path("hero.png").read_bytes() == data


def test_an_accepted_picture_of_an_older_version_does_not_get_the_name(bench: Bench) -> None:
    data = accepted_and_not_named(bench)
    bench.one("a valley")
    done = bench.generate()
    assert done.code == 0, done.all
    assert [seen.values["prompt"] for seen in bench.server.seen] == ["a valley"]
    assert "a picture of an older version of the request is kept as hero.rejected.png" in done.out
    assert bench.path("hero.rejected.png").read_bytes() == data
    assert [line["dollars"] for line in bench.ledger if line["event"] == "outcome"] == [0.03006] * 3


def test_an_accepted_picture_of_other_steps_is_made_anew(bench: Bench) -> None:
    data = accepted_and_not_named(bench, size="1200x630", generate={"then": "crop"})
    bench.one("a hill", size="1200x630", generate={"then": {"crop": "top"}})
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen == []
    assert "hero.original.png was paid for earlier" in done.out
    assert bench.path("hero.png").read_bytes() != data


def test_an_accepted_placeholder_is_not_taken_for_what_is_asked_for(bench: Bench) -> None:
    bench.one("a hill")
    bench.generate("--route", "placeholder")
    bench.path("hero.png").rename(bench.path(".hero.png.verify4k-new"))
    done = bench.generate()
    assert done.code == 0, done.all
    assert len(bench.server.seen) == 1


def test_a_picture_that_lies_there_is_not_cut_to_be_written_again(bench: Bench) -> None:
    with Slot(bench.path("hero.png")) as slot:
        slot.put(GOOD)
        os.utime(slot.new_path, (1, 1))
        slot.put(GOOD)
        assert slot.new_path.stat().st_mtime == 1
        slot.put(OTHER)
        assert slot.new_path.read_bytes() == OTHER


def test_a_kept_answer_survives_a_kill_before_its_picture_has_its_name(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("hero.png").write_bytes(OTHER)
    bench.generate()
    bench.path("hero.png").unlink()
    finishes(bench)
    bench.path("hero.png").rename(bench.path(".hero.png.verify4k-new"))
    finishes(bench)
