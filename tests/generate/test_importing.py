"""``verify4k import``: pictures made by hand, judged like any other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from apiserver.drawing import picture

if TYPE_CHECKING:
    from bench import Bench


@pytest.fixture
def tool(bench: Bench) -> Bench:
    bench.manifest(
        {"art/m.png": {"size": "1024x640", "provenance": "ledger", "generate": {"prompt": "a tower"}}},
        generate={"route": "browser"},
    )
    bench.path("export.png").write_bytes(picture(1024, 640))
    return bench


def test_generate_prints_what_to_make_by_hand(tool: Bench) -> None:
    done = tool.run("generate")
    assert done.code == 1
    assert (
        "make a 1024x640 png by hand, then: verify4k import FILE --as art/m.png --route browser" in done.out
    )
    assert "prompt: a tower" in done.out
    assert tool.server.seen == []
    assert tool.ledger == []


def test_an_export_is_taken_in_with_its_origin(tool: Bench) -> None:
    done = tool.run("import", "export.png", "--as", "art/m.png", "--source", "yingtu.ai", "--terms", "paid plan",
                    "--rights", "ours, worldwide")  # fmt: skip
    assert done.code == 0, done.all
    assert tool.path("art/m.png").read_bytes() == picture(1024, 640)
    request, outcome = tool.ledger
    assert (request["route"], request["kind"]) == ("browser", "browser")
    assert (outcome["source"], outcome["terms"], outcome["rights"]) == (
        "yingtu.ai",
        "paid plan",
        "ours, worldwide",
    )
    assert tool.run("check").code == 0


def test_rights_are_wanted_before_a_release(tool: Bench) -> None:
    done = tool.run("import", "export.png", "--as", "art/m.png")
    assert done.code == 0
    assert "its rights are not recorded" in done.out
    check = tool.run("check")
    assert check.code == 1
    assert "the rights are not recorded" in check.out


def test_nothing_is_imported_as_a_placeholder_for_a_check_would_fail_it(tool: Bench) -> None:
    done = tool.run("import", "export.png", "--as", "art/m.png", "--route", "placeholder")
    assert done.code == 2
    assert "--route browser" in done.err
    assert not tool.ledger
    assert not tool.path("art/m.png").exists()


def test_blanks_are_no_rights(tool: Bench) -> None:
    done = tool.run("import", "export.png", "--as", "art/m.png", "--rights", "  ")
    assert "its rights are not recorded" in done.out
    assert "the rights are not recorded" in tool.run("check").out
    request, outcome = (json.dumps(one) for one in tool.ledger)
    by_hand = outcome.replace('"rights": ""', '"rights": " "')
    tool.path("verify4k.ledger.jsonl").write_text(f"{request}\n{by_hand}\n", encoding="utf-8")
    assert "the rights are not recorded" in tool.run("check").out
    assert tool.run("import", "export.png", "--as", "art/m.png", "--rights", "ours").code == 0
    assert tool.run("check").code == 0


def test_a_record_with_many_words_can_be_read_again(tool: Bench) -> None:
    terms = "a, " * 660
    assert (
        tool.run("import", "export.png", "--as", "art/m.png", "--terms", terms, "--rights", terms).code == 0
    )
    assert tool.run("check").code == 0


@pytest.mark.parametrize(
    ("file", "rights", "says"),
    [
        ("export.png", "r" * 2001, "--rights has 2,001 characters, at most 2,000"),
        ("https://example.com/a.png", "ours", "import takes a file, not a URL"),
    ],
)
def test_what_cannot_be_recorded_is_told_before(tool: Bench, file: str, rights: str, says: str) -> None:
    done = tool.run("import", file, "--as", "art/m.png", "--rights", rights)
    assert done.code == 2
    assert says in done.err
    assert not tool.path("art/m.png").exists()


@pytest.mark.parametrize(
    ("data", "code"), [(picture(512, 512), 1), (b"<html>", 1), (picture(1024, 640)[:999], 1)]
)
def test_what_breaks_a_promise_stays_outside(tool: Bench, data: bytes, code: int) -> None:
    tool.path("export.png").write_bytes(data)
    done = tool.run("import", "export.png", "--as", "art/m.png", "--rights", "ours")
    assert done.code == code
    assert not tool.path("art/m.png").exists()
    assert tool.ledger == []
    assert not list(tool.path("art").glob(".m*"))


@pytest.mark.parametrize("arguments", [["nope.png", "--as", "art/m.png"], ["export.png", "--as", "nope.png"],
                                       ["export.png"], ["export.png", "--as", "art/m.png", "--route", "x"]])  # fmt: skip
def test_a_wrong_call_is_a_usage_mistake(tool: Bench, arguments: list[str]) -> None:
    assert tool.run("import", *arguments).code == 2
    assert tool.ledger == []


def test_a_file_that_is_there_stays_unless_it_fails_and_may_go(tool: Bench) -> None:
    tool.path("art").mkdir()
    tool.path("art/m.png").write_bytes(picture(64, 64))
    assert tool.run("import", "export.png", "--as", "art/m.png").code == 1
    assert tool.path("art/m.png").read_bytes() == picture(64, 64)
    assert tool.run("import", "export.png", "--as", "art/m.png", "--replace").code == 0
    tool.path("export.png").write_bytes(picture(1024, 640, shade=3))
    assert tool.run("import", "export.png", "--as", "art/m.png", "--replace").code == 1
    assert tool.path("art/m.png").read_bytes() == picture(1024, 640)


def test_identical_bytes_get_the_record_they_lack(tool: Bench) -> None:
    tool.path("art").mkdir()
    tool.path("art/m.png").write_bytes(picture(1024, 640))
    tool.path("export.png").write_bytes(picture(1024, 640))
    assert tool.run("check").code == 1, "nothing vouches for it"
    done = tool.run("import", "export.png", "--as", "art/m.png", "--rights", "ours")
    assert done.code == 0, done.all
    assert "its record is added" in done.out
    assert tool.run("check").code == 0
    again = tool.run("import", "export.png", "--as", "art/m.png", "--rights", "ours")
    assert again.code == 1
    assert "and recorded" in again.out
    assert len(tool.ledger) == 2


def test_rights_are_added_to_a_record_without_them(tool: Bench) -> None:
    tool.path("export.png").write_bytes(picture(1024, 640))
    tool.run("import", "export.png", "--as", "art/m.png")
    assert tool.run("check").code == 1
    assert tool.run("import", "export.png", "--as", "art/m.png", "--rights", "ours").code == 0
    assert tool.run("check").code == 0


def test_a_picture_that_is_not_there_is_named(tool: Bench) -> None:
    done = tool.run("import", "nowhere.png", "--as", "art/m.png")
    assert done.code == 2
    assert "nowhere.png': the file does not exist" in done.err
    assert "drop its entry" not in done.err
