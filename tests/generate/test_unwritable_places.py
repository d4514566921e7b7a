"""Where pictures and what is kept of them lie: told before anything is paid, and nothing overwritten."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from verify4k.generate.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apiserver.server import Handler
    from bench import Bench

ASKED = {"size": "1024x640", "generate": {"prompt": "x"}}


def _file(bench: Bench) -> None:
    bench.path("art").write_text("a file")


def _link(bench: Bench) -> None:
    bench.path("art").symlink_to("art")


def _nothing(_bench: Bench) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "target", "says"),
    [
        (
            _file,
            "art/hero.png",
            "a file lies where its folder should be (move that file, or name another target)",
        ),
        (_file, "art/new/hero.png", "a file lies where its folder should be"),
        (_link, "art/hero.png", "symbolic link"),
        (
            _nothing,
            "a" * 240 + ".png",
            "File name too long (give it a shorter name: files beside it are called",
        ),
        (_nothing, "new/" + "a" * 240 + ".png", "give it a shorter name"),
        (_nothing, "n" * 256 + "/hero.png", "give it a shorter name"),
        (_nothing, "good.png/hero.png", "would lie in 'good.png', which is made as a picture"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="links and the length of names are POSIX's")
def test_a_place_where_nothing_can_be_written_is_told_before_others_are_paid_for(
    bench: Bench, before: Callable[[Bench], None], target: str, says: str
) -> None:
    before(bench)
    bench.manifest({"good.png": ASKED, target: ASKED})
    refused = bench.generate()
    assert refused.code == 2, refused.all
    assert refused.err.startswith("verify4k.yaml:1:")
    assert says in refused.err
    assert not bench.server.seen
    assert not bench.ledger


def test_a_name_is_as_long_as_it_may_be(bench: Bench) -> None:
    target = "a" * (255 - len("..verify4k-answer") - len(".png")) + ".png"
    bench.manifest({target: ASKED})
    assert bench.generate().code == 0
    assert bench.path(target).exists()
    bench.manifest({f"b{target}": ASKED})
    assert bench.generate().code == 2
    bench.manifest({target.replace("a", "c"): {**ASKED, "generate": {"prompt": "x", "n": 2}}})
    assert bench.generate().code == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(bench: Bench) -> None:
    bench.path("art").mkdir(mode=0o500)
    bench.manifest({"good.png": ASKED, "art/hero.png": ASKED})
    refused = bench.generate()
    assert refused.code == 2
    assert "make its folder writable" in refused.err


@pytest.mark.parametrize("links", [True, False])
def test_two_targets_of_one_stem_overwrite_no_original_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    with Slot(tmp_path / "hero.png") as first, Slot(tmp_path / "hero.webp") as second:
        put = first.put

        def meanwhile(data: bytes) -> None:
            put(data)
            assert second.keep_original(b"theirs", "png") == "hero.original.png"

        monkeypatch.setattr(first, "put", meanwhile)
        assert first.keep_original(b"ours", "png") == "hero.original-2.png"
        monkeypatch.undo()
        assert first.keep_original(b"theirs", "png") == "hero.original.png"
        for slot in (first, second):
            slot.start("1")
            slot.answered = True
        assert [first.keep_answer(), second.keep_answer()] == ["hero.unread.answer", "hero.unread-2.answer"]
        first.clear()
        second.clear()
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir() if "original" in path.name}
    assert kept == {"hero.original.png": b"theirs", "hero.original-2.png": b"ours"}
    assert not list(tmp_path.glob(".hero*"))


@pytest.mark.skipif(os.name == "nt", reason="links are POSIX's")
def test_a_picture_that_a_kill_left_under_two_names_is_not_written_over(tmp_path: Path) -> None:
    with Slot(tmp_path / "hero.png") as slot:
        slot.put(b"first")
        os.link(slot.new_path, slot.target)
        slot.put(b"second")
        assert slot.target.read_bytes() == b"first"
        assert slot.new_path.read_bytes() == b"second"
        slot.clear()


@pytest.mark.skipif(os.name == "nt", reason="a folder with open files stays there")
@pytest.mark.parametrize("entry", [{}, {"size": "1200x630", "then": "crop"}], ids=["plain", "then"])
def test_a_folder_that_a_build_removes_meanwhile_costs_no_picture(
    bench: Bench, entry: dict[str, str]
) -> None:
    then = {"then": entry["then"]} if entry else {}
    size = entry.get("size", "1024x640")
    bench.manifest({"dist/art/hero.png": {"size": size, "generate": {"prompt": "x", **then}}})

    def begin_anew(handler: Handler) -> None:
        shutil.rmtree(bench.path("dist"))
        handler.answer()

    bench.server.script["x"] = [begin_anew]
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.path("dist/art/hero.png").exists()
    assert not list(bench.path("dist/art").glob(".hero*"))


@pytest.mark.skipif(os.name == "nt", reason="a folder with open files stays there")
def test_what_cannot_be_read_is_kept_in_a_folder_made_anew(bench: Bench) -> None:
    bench.manifest({"dist/hero.png": ASKED})

    def begin_anew(handler: Handler) -> None:
        shutil.rmtree(bench.path("dist"))
        handler.send(200, b"{cut", {"Content-Type": "application/json"})

    bench.server.script["x"] = [begin_anew]
    assert "kept as hero.unread.answer" in bench.generate().out
    assert bench.path("dist/hero.unread.answer").exists()


@pytest.mark.skipif(os.name == "nt", reason="a folder with open files stays there")
def test_a_file_in_the_place_of_the_folder_lets_the_picture_be_kept_elsewhere(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    bench.manifest({"dist/hero.png": ASKED})

    def in_its_place(handler: Handler) -> None:
        shutil.rmtree(bench.path("dist"))
        bench.path("dist").write_text("a file")
        handler.answer()

    bench.server.script["x"] = [in_its_place]
    done = bench.generate()
    assert done.code == 1
    assert "a file lies where its folder should be; what was received is kept as" in done.out
    (kept,) = elsewhere.iterdir()
    assert str(kept) in done.out
    bench.path("dist").unlink()
    bench.server.seen.clear()
    assert bench.run("import", str(kept), "--as", "dist/hero.png").code == 0


@pytest.mark.skipif(os.name == "nt", reason="a folder with open files stays there")
def test_a_spool_in_a_folder_made_anew_is_not_ours(tmp_path: Path) -> None:
    with Slot(tmp_path / "dist" / "hero.png") as slot:
        assert slot.whole
        shutil.rmtree(tmp_path / "dist")
        assert not slot.whole
        (tmp_path / "dist").mkdir()
        slot.answer_path.touch()
        assert not slot.whole
