"""What an earlier process left is finished, explained or thrown away: never paid for twice, never believed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from killed import body_with, leave

from verify4k.errors import UsageError
from verify4k.generate.slots import Slot

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

GOOD = picture(1024, 640, shade=1)


def _verdicts(bench: Bench) -> list[str]:
    return [line["verdict"] for line in bench.ledger if line["event"] == "outcome"]


def test_a_whole_answer_on_the_disk_is_used(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen == []
    assert "received by an earlier run, not asked for again" in done.out
    assert bench.path("hero.png").read_bytes() == GOOD
    assert _verdicts(bench) == ["accepted"]
    assert bench.ledger[-1]["request_id"] == "req_early"


def test_a_wrong_picture_on_the_disk_is_rejected_like_any_other(bench: Bench) -> None:
    leave(bench, body_with(picture(64, 64)))
    done = bench.generate()
    assert done.code == 1
    assert bench.server.seen == []
    assert bench.path("hero.rejected.png").read_bytes() == picture(64, 64)
    assert _verdicts(bench) == ["rejected"]


@pytest.mark.parametrize(
    ("data", "more"),
    [
        (body_with(GOOD)[:-5], {}),
        (body_with(GOOD)[: len(body_with(GOOD)) // 2], {}),
        (b"", {}),
        (b"<html>", {}),
        (b'{"error": {"code": "x"}}', {"status": 500}),
    ],
)
def test_an_answer_that_brought_nothing_is_asked_for_again_and_said(
    bench: Bench, data: bytes, more: dict[str, Any]
) -> None:
    leave(bench, data, **more)
    done = bench.generate()
    assert done.code == 0, done.all
    assert len(bench.server.seen) == 1
    assert "sent earlier and never received: it may have been billed" in done.out
    assert _verdicts(bench) == ["lost", "accepted"]
    assert not list(bench.folder.glob(".hero*"))


def test_an_answer_to_another_prompt_is_kept_but_not_used(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.one("a valley")
    done = bench.generate()
    assert done.code == 0, done.all
    assert [seen.values["prompt"] for seen in bench.server.seen] == ["a valley"]
    assert bench.path("hero.rejected.png").read_bytes() == GOOD
    assert "older version" in bench.path("hero.rejected.png.txt").read_text()
    assert "an older version of the request and is kept as hero.rejected.png" in done.out
    assert "never received" not in done.out
    kept = bench.ledger[1]
    assert (kept["verdict"], kept["kept_as"], kept["billed"]) == ("rejected", "hero.rejected.png", "yes")
    assert bench.run("ledger").code == 0


def test_an_answer_of_a_request_that_nobody_recorded_is_ignored(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("verify4k.ledger.jsonl").unlink()
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 1
    assert bench.path("hero.png").read_bytes() != GOOD


@pytest.mark.parametrize(
    ("left", "used"), [("the picture", True), ("other bytes", False), ("nothing", False)]
)
def test_an_accepted_picture_gets_its_name_at_last(bench: Bench, left: str, *, used: bool) -> None:
    bench.one("a hill")
    bench.generate()
    data = bench.path("hero.png").read_bytes()
    leave(bench, b"", outcome=True)
    if left != "nothing":
        with Slot(bench.path("hero.png")) as slot:
            slot.put(data if left == "the picture" else GOOD)
    done = bench.generate()
    assert done.code == 0, done.all
    assert len(bench.server.seen) == (0 if used else 1)
    assert bench.path("hero.png").read_bytes() == data


def test_a_placeholder_that_was_not_finished_is_no_money_lost(bench: Bench) -> None:
    bench.manifest({"a.png": "64x64"}, generate={"route": "placeholder"})
    bench.run("generate")
    bench.path("a.png").unlink()
    first = bench.path("verify4k.ledger.jsonl").read_text().splitlines(keepends=True)[0]
    bench.path("verify4k.ledger.jsonl").write_text(first)
    done = bench.run("generate")
    assert done.code == 0
    assert "billed" not in done.out
    assert _verdicts(bench) == ["lost", "accepted"]


def test_leftovers_beside_a_verified_picture_are_cleared(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    bench.path("hero.png").write_bytes(GOOD)
    assert bench.generate().code == 0
    assert not list(bench.folder.glob(".hero*"))


def test_a_target_that_is_being_made_is_left_alone(bench: Bench) -> None:
    bench.one("a hill")
    with Slot(bench.path("hero.png")) as slot:
        assert slot.held
        done = bench.generate()
        assert done.code == 1
        assert "another verify4k is making it right now" in done.out
        assert bench.run("import", "verify4k.yaml", "--as", "hero.png").code == 2
    assert bench.server.seen == []


def test_a_slot_is_free_again_when_its_holder_goes(tmp_path: Path) -> None:
    with Slot(tmp_path / "a.png") as first, Slot(tmp_path / "a.png") as second:
        assert first.held
        assert not second.held
    with Slot(tmp_path / "a.png") as third:
        assert third.held
        assert third.spooled() is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "data", [b"{}\n", b"x\ny\n", b'{"request": "1"}\nnot json\n', b'{"request": "1"}\n[]\n', b"\0" * 99]
)
def test_a_garbled_spool_tells_at_most_its_request(tmp_path: Path, data: bytes) -> None:
    with Slot(tmp_path / "a.png") as slot:
        slot.answer_path.write_bytes(data)
        found = slot.spooled()
    assert found is not None
    assert found.answer is None
    assert found.request in ("", "1")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "art").write_text("a file where a folder should be")
    with pytest.raises(UsageError, match="cannot be written"), Slot(tmp_path / "art" / "a.png"):
        pass


def test_a_link_where_the_picture_is_to_be_written_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    with Slot(tmp_path / "a.png") as slot:
        slot.new_path.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(UsageError):
            slot.put(b"x")
    assert (tmp_path / "elsewhere").read_text() == "precious"


@pytest.mark.parametrize("there", [True, False])
def test_without_hard_links_a_rename_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "a.png"
    if there:
        target.write_bytes(b"mine")
    with Slot(target) as slot:
        slot.put(b"new")
        assert slot.accept(replace=False) is not there
        assert target.read_bytes() == (b"mine" if there else b"new")
        slot.put(b"bad")
        assert slot.reject("why").read_bytes() == b"bad"
        slot.put(b"newer")
        assert slot.reject("why").name == "a.rejected-2.png"
        slot.clear()


def test_a_full_disk_while_spooling_does_not_lose_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError("no space left")

    with Slot(tmp_path / "a.png") as slot:
        monkeypatch.setattr(os, "write", full)
        slot.write(b"x")
        monkeypatch.undo()
