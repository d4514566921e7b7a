"""Folders that cannot be listed are told wherever files are looked for: what lies there is not known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from permissions import permissions_hold
from pictures import gradient, save

from verify4k.errors import UsageError
from verify4k.files.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a picture, and one of which nobody may say what it holds."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open/a.png").write_bytes(save(gradient(8, 8), "a.png"))
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut").chmod(0)
    monkeypatch.chdir(tmp_path)
    with permissions_hold():
        yield tmp_path
    (tmp_path / "shut").chmod(0o755)


def test_folders_come_with_their_files_sorted_and_without_those_that_are_hidden_or_skipped(
    tmp_path: Path,
) -> None:
    for name in ("b/2", "b/1", "a/3", ".git/4", "node_modules/5", "6"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = list(walk(str(tmp_path), {"node_modules"}))
    assert found == [(str(tmp_path), ["6"]), (f"{tmp_path}/a", ["3"]), (f"{tmp_path}/b", ["1", "2"])]


@pytest.mark.parametrize("name", ["gone", "file", "file/below"])
def test_what_is_no_folder_has_no_files(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert list(walk(str(tmp_path / name))) == []


def test_a_folder_that_cannot_be_listed_is_an_error_or_told(closed: Path) -> None:
    with pytest.raises(UsageError, match="shut cannot be listed: Permission denied"):
        list(walk(str(closed)))
    told: list[str] = []
    assert [folder for folder, _ in walk(str(closed), closed=told)] == [str(closed), f"{closed}/open"]
    assert told == [f"{closed}/shut"]


@pytest.mark.parametrize("kind", ["folder", "steam", "itch", "fastlane", "lfs-pointers"])
def test_a_source_is_not_read_in_part(kind: str, closed: Path, run: Any) -> None:
    if kind == "fastlane":
        (closed / "shut").rename(closed / "screenshots")
    outcome = run("init", "--from", f"{kind}=.", "-o", "-")
    if kind == "fastlane":
        (closed / "screenshots").rename(closed / "shut")
    assert (outcome.code, "cannot be listed: Permission denied" in outcome.err) == (2, True)


def test_an_app_is_not_checked_in_part(closed: Path, run: Any) -> None:
    (closed / "next.config.mjs").write_text("export default {images: {deviceSizes: [640]}}\n")
    outcome = run("check", "next.config.mjs")
    assert (outcome.code, "shut cannot be listed" in outcome.err) == (2, True)


@pytest.mark.usefixtures("closed")
def test_init_promises_what_is_seen_and_names_what_is_not(run: Any) -> None:
    outcome = run("init", "-o", "-")
    assert outcome.code == 0
    assert "  open/a.png: 8x8\n  # shut/: cannot be listed" in outcome.out


@pytest.mark.usefixtures("closed")
def test_inspect_tells_it_among_the_files(run: Any) -> None:
    outcome = run("inspect", ".", "--format", "json")
    found = {each["target"]: each["error"] for each in map(json.loads, outcome.out.splitlines())}
    assert (outcome.code, list(found)) == (1, ["./open/a.png", "./shut"])
    assert found["./shut"]
