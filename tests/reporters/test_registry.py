"""Reports are files that are there as a whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from reports import asset, report

from verify4k.errors import UsageError
from verify4k.report import RenderOptions
from verify4k.reporters import names, parse_wanted, reporter, text_pieces, write_all, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_every_reporter_is_found_by_its_file_and_says_what_it_is_for() -> None:
    assert {"text", "concise", "json", "jsonl", "github", "sarif", "junit", "html", "in-toto"} <= set(names())
    for name in names():
        assert callable(reporter(name).render)
        assert reporter(name).__doc__


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("json", "FMT=PATH"),
        ("json=", "FMT=PATH"),
        ("jsn=x", "did you mean json=PATH"),
        ("zzz=x", "FMT is one of"),
    ],
)
def test_a_report_that_is_not_fmt_path_is_explained(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_wanted(text)
    assert words in caught.value.message + caught.value.hint


def test_a_report_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    write_file(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["report.json"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_a_report_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_file(str(tmp_path / "report"), b"x")
    finally:
        os.umask(mask)
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="POSIX devices")
def test_a_device_is_written_to_not_replaced() -> None:
    write_file("/dev/null", b"x")
    assert not os.path.isfile("/dev/null")


@pytest.mark.parametrize("name", ["no/such/folder/report", ""])
def test_where_nothing_can_be_written_the_path_is_named(name: str, tmp_path: Path) -> None:
    path = os.path.join(tmp_path, name)
    with pytest.raises(UsageError, match="cannot write"):
        write_file(path, b"x")
    assert os.listdir(tmp_path) == []


def test_what_breaks_in_the_middle_leaves_the_old_report_and_nothing_beside_it(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("no more")

    path = tmp_path / "report.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="no more"):
        write_file(str(path), pieces())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.json"]


@pytest.mark.parametrize("name", ["json", "jsonl", "junit"])
def test_a_long_list_of_lines_is_written_in_pieces_that_are_whole_lines(name: str, tmp_path: Path) -> None:
    whole = report(tuple(asset(f"dist/{number}.png") for number in range(1500)))
    pieces = list(text_pieces(reporter(name), whole, RenderOptions()))
    assert len(pieces) > 3, "1,500 assets take several hundred thousand characters"
    assert all(piece.endswith("\n") for piece in pieces)
    assert max(map(len, pieces)) < 80_000
    assert "".join(pieces) == reporter(name).render(whole, RenderOptions())
    write_all([parse_wanted(f"{name}={tmp_path / 'report'}")], whole, RenderOptions())
    assert (tmp_path / "report").read_text() == "".join(pieces)


def test_a_report_that_says_nothing_has_no_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter("concise"), "render", lambda _report, _options: "")
    assert list(text_pieces(reporter("concise"), report((asset(),)), RenderOptions())) == []
