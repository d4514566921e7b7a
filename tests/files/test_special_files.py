"""Names under which no plain file lies: each is told for what it is, and nothing hangs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from permissions import permissions_hold
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


@pytest.mark.parametrize("workers", ["fork", "spawn"])
def test_a_file_without_read_permission_is_undecided_not_a_pass(
    workers: str, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY4K_WORKERS", workers)
    (tmp_path / "hero.png").write_bytes(PNG)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {hero.png: 64x36}\n")
    (tmp_path / "hero.png").chmod(0)
    with permissions_hold():
        facts, outcome = verify4k.inspect(tmp_path / "hero.png"), run("check")
    assert facts["integrity"] is None
    assert "permission" in facts["error"]
    assert outcome.code == 3
    assert "permission" in outcome.out
    assert "hero.png" in outcome.out


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


SURROUNDINGS = ["verify4k.ledger.jsonl", "known.json", "pyproject.toml"]


@pytest.mark.parametrize("trap", ["fifo", "device"])
@pytest.mark.parametrize("name", SURROUNDINGS)
@pytest.mark.skipif(os.name == "nt", reason="Windows has neither")
def test_no_file_of_a_checkout_is_waited_for_or_read_without_end(
    name: str, trap: str, run: Any, tmp_path: Path
) -> None:
    """A ledger, a baseline or a pyproject.toml comes with a pull request as a picture does."""
    (tmp_path / "hero.png").write_bytes(PNG)
    manifest = "elsewhere.yaml" if name == "pyproject.toml" else "verify4k.yaml"
    (tmp_path / manifest).write_text("version: 1\nfiles: {hero.png: {size: 64x36, provenance: ledger}}\n")
    if trap == "fifo":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    outcome = run("check", *(["--baseline", name] if name == "known.json" else []))
    kind = "named pipe" if trap == "fifo" else "device"
    if name == "verify4k.ledger.jsonl":
        assert (outcome.code, f"the ledger {name} cannot be read: this is a {kind}" in outcome.out) == (
            3,
            True,
        )
    else:
        words = f"this is a {kind}" if name == "known.json" else "no manifest found"
        assert (outcome.code, words in outcome.err) == (2, True), outcome


class Growing:
    """A file that somebody writes to as fast as it is read."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, length: int = -1) -> bytes:
        assert length > 0, "asked for everything there will ever be"
        self.read_bytes += length
        return bytes(length)


def test_a_file_that_grows_while_it_is_read_is_read_to_the_limit_and_undecided() -> None:
    from verify4k.errors import LimitHit
    from verify4k.files.source import _to_the_end

    file = Growing()
    with pytest.raises(LimitHit, match="grows while it is read"):
        _to_the_end(file, 10, 5 << 20)  # type: ignore[arg-type]
    assert file.read_bytes <= 7 << 20
