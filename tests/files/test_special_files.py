"""Names under which no plain file lies: each is told for what it is, and nothing hangs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

import verify4k

if TYPE_CHECKING:
    from pathlib import Path

PNG = save(gradient(64, 36), "x.png")


def make(kind: str, path: Path) -> None:
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to("nowhere.png")
    elif kind == "link to itself":
        path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("directory", "directory"),
        ("fifo", "FIFO"),
        ("dangling link", "link to a file that does not exist"),
        ("link to itself", "symbolic links"),
        ("nothing", "does not exist"),
    ],
)
def test_what_is_no_regular_file_is_unreadable_and_says_why(kind: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "hero.png"
    make(kind, path)
    facts = verify4k.inspect(path)
    assert facts["integrity"] == "unreadable"
    assert words in facts["error"]


@pytest.mark.parametrize("kind", ["directory", "fifo", "dangling link", "link to itself", "nothing"])
def test_a_promise_about_it_fails(kind: str, run: Any, tmp_path: Path) -> None:
    make(kind, tmp_path / "hero.png")
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {hero.png: 64x36}\n")
    outcome = run("check")
    assert outcome.code == 1
    assert "readable" in outcome.out


def test_a_link_to_a_good_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "good.png").write_bytes(PNG)
    (tmp_path / "link.png").symlink_to("good.png")
    assert verify4k.inspect(tmp_path / "link.png")["integrity"] == "ok"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_a_file_without_read_permission_is_undecided_not_a_pass(tmp_path: Path, run: Any) -> None:
    (tmp_path / "hero.png").write_bytes(PNG)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {hero.png: 64x36}\n")
    assert run("check").code == 0  # also imports all that will be needed without root's rights
    (tmp_path / "hero.png").chmod(0)
    was_root = os.geteuid() == 0
    if was_root:
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(0o755)
        os.seteuid(65534)  # root may read everything
    try:
        facts, outcome = verify4k.inspect(tmp_path / "hero.png"), run("check")
    finally:
        if was_root:
            os.seteuid(0)
    assert facts["integrity"] is None
    assert "permission" in facts["error"]
    assert outcome.code == 3
    assert "permission" in outcome.out


HOSTILE = ["-rf.png", "new\nline.png", "bell\x07\x1b[31mred.png", "::error file=a.py,line=1::pwn.png", "sp ace .png", "[1]*?.png", "图像-🖼.png", "rtl\u202egnp.exe.png"]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "concise", "github", "markdown", "json", "junit", "sarif"])
def test_a_hostile_name_is_checked_and_never_printed_raw(
    name: str, form: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(PNG)
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"*.png": 65x36}\n')
    outcome = run("check", "--format", form)
    assert outcome.code == 1
    for raw in ("\x1b", "\x07", "\u202e", "new\nline"):
        assert raw not in outcome.out
    commands = [line for line in outcome.out.splitlines() if line.startswith("::")]
    assert all(line.startswith(("::error title=verify4k", "::notice", "::warning")) for line in commands)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_no_utf8_is_checked_by_a_pattern(run: Any, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(PNG)
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"*.png": 65x36}\n')
    outcome = run("check")
    assert outcome.code == 1
    assert "caf\\xe9.png" in outcome.out
