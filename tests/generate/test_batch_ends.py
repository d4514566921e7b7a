"""What ends one batch, or one picture of it, is told beside the others: what was sent is never left unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from batched import two

from verify4k.generate.batches import MOST

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

ASKED = {"size": "1024x640", "generate": {"prompt": "x"}}


def many(bench: Bench) -> None:
    """Promise one picture more than a batch takes."""
    bench.manifest({f"{number}.png": ASKED for number in range(MOST + 1)})


class _Begun(dict[str, Any]):
    """Batches; with the first, a folder takes the ledger's place, so that nothing more can be written."""

    def __init__(self, ledger: Path) -> None:
        super().__init__()
        self._ledger = ledger

    def __setitem__(self, name: str, batch: Any) -> None:
        super().__setitem__(name, batch)
        self._ledger.rename(self._ledger.with_suffix(".aside"))
        self._ledger.mkdir()


def test_what_was_sent_is_told_when_the_ledger_cannot_be_written_any_more(bench: Bench) -> None:
    many(bench)
    ledger = bench.path("verify4k.ledger.jsonl")
    bench.server.shelf.batches = _Begun(ledger)
    sent = bench.generate("--batch")
    assert sent.code == 1, sent.all
    assert sent.out.count("sent in batch batch_1, which its mark finds: the ledger") == MOST
    assert f"failed    {MOST}.png\n  the ledger {ledger.name} cannot be" in sent.out
    ledger.rmdir()
    ledger.with_suffix(".aside").rename(ledger)
    found = bench.generate("--resume")
    assert f"{MOST} made, 1 not-sent" in found.out
    assert len(bench.server.shelf.batches) == 1


def test_a_ledger_that_cannot_be_written_from_the_start_is_refused(bench: Bench) -> None:
    many(bench)
    bench.path("verify4k.ledger.jsonl").mkdir()
    assert bench.generate("--batch").code == 2
    assert not bench.server.seen


def test_no_further_batch_is_tried_when_the_account_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(bench)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-one-that-nobody-knows")
    sent = bench.generate("--batch")
    assert sent.code == 1
    assert f"{MOST} failed, 1 not-sent" in sent.out


def test_one_picture_that_cannot_be_written_leaves_the_others_to_be_collected(bench: Bench) -> None:
    two(bench)
    bench.generate("--batch")
    bench.path(".a.png.verify4k-new").mkdir()
    found = bench.generate("--resume")
    assert found.code == 1, found.all
    assert "failed    a.png\n  'a.png' cannot be written: Is a directory" in found.out
    assert bench.path("b.png").exists()
    bench.path(".a.png.verify4k-new").rmdir()
    assert bench.generate("--resume").code == 0


@pytest.mark.parametrize("way", ["--batch", "--resume"])
def test_a_place_that_cannot_be_written_ends_no_run_that_has_sent_something(bench: Bench, way: str) -> None:
    offline = {"size": "64x64", "generate": {"prompt": "x", "route": "placeholder"}}
    bench.manifest({"a.png": ASKED, "b.png": offline})
    bench.path(".b.png.verify4k-answer").mkdir()
    if way == "--resume":
        bench.path(".a.png.verify4k-answer").mkdir()
    sent = bench.generate(way)
    assert sent.code == 1, sent.all
    assert "failed    b.png\n  'b.png' cannot be written" in sent.out
    assert ("sent in batch batch_1" if way == "--batch" else "'a.png' cannot be written") in sent.out


def test_a_batch_is_collected_by_the_route_that_it_was_sent_by(bench: Bench) -> None:
    mine: dict[str, Any] = {"routes": {"mine": {"kind": "openai-images"}}}
    bench.one("a hill", **mine)
    bench.generate("--batch", "--route", "mine")
    bench.server.seen.clear()
    found = bench.generate("--resume")
    assert found.code == 1
    assert (
        "it waits in a batch of the route mine; collect it with: verify4k generate --resume --route mine"
        in (found.out)
    )
    assert not bench.server.seen
    assert bench.generate("--resume", "--route", "mine").code == 0


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"hero.png": "1024x640"}, "nothing in the manifest asks for it"),
        ({"other.png": ASKED}, "nothing in the manifest asks for it"),
        ({"hero.png": ASKED}, "a file has its name"),
    ],
    ids=["no prompt any more", "not promised", "there"],
)
def test_what_is_not_collected_is_told(bench: Bench, files: dict[str, Any], why: str) -> None:
    bench.one("x")
    bench.generate("--batch")
    bench.manifest(files)
    if "file has" in why:
        bench.path("hero.png").write_bytes(picture(1024, 640))
    found = bench.generate("--resume")
    assert f"note: hero.png waits in a batch (batch_1) and is not collected: {why}" in found.err


def test_what_waits_and_is_not_meant_this_time_is_not_told(bench: Bench) -> None:
    two(bench)
    bench.generate("--batch")
    found = bench.generate("--resume", "a.png")
    assert (found.code, found.err) == (0, "")
