"""What git's attributes and index say of promised files, in the work tree and in a commit to be."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from repositories import GOOD, OTHER, Repo, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 57199\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    env = clean_environment(tmp_path.parent)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, env[name])
    made = Repo(tmp_path, env)
    made.git("init", "-q")
    return made


def commit(repo: Repo, attributes: str, **files: bytes) -> None:
    (repo.path / ".gitattributes").write_text(attributes)
    for name, data in files.items():
        (repo.path / f"{name}.png").write_bytes(data)
    listed = ", ".join(f"{name}.png: {{}}" for name in files)
    (repo.path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{listed}}}\n")
    repo.git("add", ".")


def told(run: Any, *argv: str) -> list[tuple[str, str, str]]:
    report = json.loads(run("check", "--format", "json", *argv).out)
    return [(f["target"], f["rule"], f["actual"]) for f in report["findings"]]


EVERYWHERE = pytest.mark.parametrize("argv", [[], ["--staged"]], ids=["work tree", "staged"])


@EVERYWHERE
def test_a_picture_that_lfs_was_meant_to_hold_is_told(argv: list[str], repo: Repo, run: Any) -> None:
    commit(repo, "*.md text\n", hero=GOOD)
    (repo.path / ".gitattributes").write_text("*.png filter=lfs diff=lfs merge=lfs -text\n")
    repo.git("add", ".gitattributes")
    assert told(run, *argv) == [("hero.png", "lfs-as-said", "a blob")]


def test_a_pointer_that_no_attribute_covers_is_told_before_it_is_committed(repo: Repo, run: Any) -> None:
    commit(repo, "*.md text\n", hero=POINTER)
    (repo.path / "hero.png").write_bytes(GOOD)
    found = told(run, "--staged")
    assert ("hero.png", "lfs-as-said", "a pointer") in found


def test_a_pointer_that_no_attribute_covers_is_told_of_the_work_tree(repo: Repo, run: Any) -> None:
    commit(repo, "*.md text\n", hero=POINTER, team=GOOD)
    assert told(run) == [
        ("hero.png", "readable", "something else"),
        ("hero.png", "lfs-as-said", "a pointer"),
    ]


@EVERYWHERE
def test_attributes_of_the_commit_count_for_the_commit(argv: list[str], repo: Repo, run: Any) -> None:
    commit(repo, "* text\n", hero=GOOD)
    (repo.path / ".gitattributes").write_text("*.png binary\n")
    broken = ("hero.png", "readable", "something else")  # for git has converted it already
    expected = [broken, ("hero.png", "kept-by-git", ".gitattributes: text")] if argv else []
    assert told(run, *argv) == expected


@EVERYWHERE
def test_usual_repositories_are_not_accused(argv: list[str], repo: Repo, run: Any) -> None:
    commit(repo, "* text=auto eol=lf\n*.sh text\n", hero=GOOD, team=OTHER)
    assert told(run, *argv) == []


@pytest.mark.parametrize("line", ["* text=auto", "*.svg text eol=lf", "* eol=lf"])
def test_a_drawing_is_text_whose_line_ends_may_change(line: str, repo: Repo, run: Any) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">\n<path d="M0 0h8v8z"/></svg>\n'
    (repo.path / ".gitattributes").write_text(f"{line}\n*.png binary\n")
    (repo.path / "a.svg").write_text(drawing)
    (repo.path / "verify4k.yaml").write_text("version: 1\nfiles: {a.svg: {format: svg}}\n")
    repo.git("add", ".")
    assert told(run) == []
    digest = hashlib.sha256(drawing.encode()).hexdigest()  # unless its bytes are what was promised
    (repo.path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{a.svg: {{sha256: {digest}}}}}\n")
    assert [rule for _, rule, _ in told(run)] == ["kept-by-git"]


@EVERYWHERE
def test_a_name_that_folds_to_another_is_told_for_both(argv: list[str], repo: Repo, run: Any) -> None:
    commit(repo, "*.md text\n", hero=GOOD)
    (repo.path / "HERO.png").write_bytes(OTHER)
    repo.git("add", "HERO.png")
    assert told(run, *argv) == [("hero.png", "name-apart", "HERO.png")]


def test_one_accent_in_two_forms_is_one_name_elsewhere(repo: Repo, run: Any) -> None:
    (repo.path / ".gitattributes").write_text("*.md text\n")
    for name, data in (("caf\u00e9.png", GOOD), ("cafe\u0301.png", OTHER)):
        (repo.path / name).write_bytes(data)
    (repo.path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"caf\u00e9.png": "64x36"}}))
    repo.git("add", ".")
    assert told(run) == [("caf\u00e9.png", "name-apart", "cafe\\u0301.png")]


def test_what_git_does_not_track_is_not_asked(repo: Repo, run: Any) -> None:
    commit(repo, "* text\n", hero=GOOD)
    repo.git("rm", "-q", "--cached", "hero.png")
    report = json.loads(run("check", "--format", "json").out)
    assert report["findings"] == []
    assert {report["assets"][0]["rules"][rule] for rule in ("kept-by-git", "lfs-as-said", "name-apart")} == {
        "not-asked"
    }


def test_git_is_not_started_where_no_attributes_are_given(
    repo: Repo, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repo, "", hero=GOOD)
    (repo.path / ".gitattributes").unlink()
    monkeypatch.setenv("PATH", str(repo.path))
    assert told(run) == []
