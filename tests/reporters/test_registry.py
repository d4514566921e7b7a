"""Reports are files that are there as a whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from verify4k.errors import UsageError
from verify4k.reporters import names, parse_wanted, reporter, write_file

if TYPE_CHECKING:
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
