"""`check --staged` while git runs a hook, and with what the environment may say about git."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo, checked, new_repo

if TYPE_CHECKING:
    from pathlib import Path


def hook(repo: Repo, line: str) -> None:
    """Install a hook as people write it: a line of shell."""
    folder = Repo(repo.path, repo.env).git("rev-parse", "--git-common-dir")
    path = repo.path / folder / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line.replace('verify4k', f'{sys.executable!r} -m verify4k')}\n")
    path.chmod(0o755)


def commit(repo: Repo, *argv: str) -> tuple[int, str]:
    done = subprocess.run(
        ["git", "commit", "-qm", "x", *argv],
        cwd=repo.path,
        env=repo.env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a hook in sh")
def test_a_plain_hook_blocks_and_lets_pass(history: Repo) -> None:
    hook(history, "exec verify4k check --staged")
    history.write("a.png", SMALL + b"x")
    history.git("add", ".")
    code, said = commit(history)
    assert (code, "exact-size" in said) == (1, True)
    history.write("a.png", GOOD)
    history.git("add", ".")
    code, said = commit(history)
    assert (code, "1 passed" in said) == (0, True)


@pytest.mark.skipif(os.name == "nt", reason="a hook in sh")
@pytest.mark.parametrize("argv", [["-a"], ["a.png"], ["--only", "a.png"]])
def test_git_commits_an_index_of_its_own_and_that_is_checked(argv: list[str], history: Repo) -> None:
    hook(history, "exec verify4k check --staged")
    history.write("a.png", SMALL + b"x")  # in no index until commit makes one
    code, said = commit(history, *argv)
    assert (code, "exact-size" in said) == (1, True)


@pytest.mark.skipif(os.name == "nt", reason="a hook in sh")
def test_a_hook_may_change_into_a_subfolder(history: Repo, tmp_path: Path) -> None:
    history.write("sub/c.png", SMALL)
    history.write("sub/verify4k.yaml", "version: 1\nfiles: {c.png: 64x36}\n")
    history.git("rm", "-q", "verify4k.yaml")
    history.git("add", ".")
    hook(history, "cd sub && exec verify4k check --staged")
    code, said = commit(history)
    assert (code, "sub/c.png" in said or "c.png" in said) == (1, True)
    history.git("commit", "-qm", "x", "--no-verify")
    other = tmp_path / "linked"
    history.git("worktree", "add", "-q", str(other))
    linked = Repo(other, history.env)
    linked.write("sub/c.png", SMALL + b"x")
    linked.git("add", ".")
    code, said = commit(linked)
    assert (code, "exact-size" in said) == (1, True)
    linked.write("sub/c.png", GOOD)
    linked.git("add", ".")
    assert commit(linked)[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="a hook in sh")
def test_git_dir_and_work_tree_of_a_bare_repository_are_obeyed(
    history: Repo, check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    (history.path / ".git").rename(bare)
    monkeypatch.setenv("GIT_DIR", str(bare))
    monkeypatch.setenv("GIT_WORK_TREE", str(history.path))
    history.env |= {
        "GIT_DIR": str(bare),
        "GIT_WORK_TREE": str(history.path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "false",
    }
    for name, value in history.env.items():
        monkeypatch.setenv(name, value)
    history.write("a.png", SMALL + b"x")
    history.git("add", "a.png")
    assert checked(check("--staged", "--format", "json")) == ["a.png"]


def test_settings_that_change_output_change_nothing(
    history: Repo, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in (
        ("core.quotePath", "true"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("color.ui", "always"),
        ("core.pager", "false"),
    ):
        history.git("config", key, value)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    history.git("mv", "b.png", "c.png")
    assert checked(check("--staged", "--format", "json")) == ["b.png"]
    assert checked(check("--since", "HEAD", "--format", "json")) == ["b.png"]


def test_the_index_is_left_as_it_was(history: Repo, check: Any) -> None:
    history.write("a.png", OTHER)
    history.git("add", ".")
    os.utime(history.path / "b.png", (1, 1))  # git would like to refresh its stat
    before = (history.path / ".git" / "index").read_bytes()
    check("--staged")
    assert (history.path / ".git" / "index").read_bytes() == before


def test_git_dir_alone_means_the_linked_work_tree_around_a_subfolder(
    history: Repo, check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.write("sub/x", "1")
    history.commit()
    other = tmp_path / "linked"
    history.git("worktree", "add", "-q", str(other))
    Repo(other, history.env).git("rm", "-q", "a.png")
    git_dir = Repo(other, history.env).git("rev-parse", "--absolute-git-dir")
    monkeypatch.setenv("GIT_DIR", git_dir)
    assert checked(check("--staged", "--format", "json", cwd=other / "sub")) == ["a.png"]
    monkeypatch.setenv("GIT_DIR", ".git")  # as some versions of git put it, from the top
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    history.write("sub/y", "1")
    history.git("rm", "-q", "b.png")
    assert checked(check("--staged", "--format", "json", cwd=history.path / "sub")) == ["b.png"]
    history.git("reset", "-q", "--hard")
    monkeypatch.delenv("GIT_INDEX_FILE")
    monkeypatch.setenv("GIT_DIR", str(history.path / ".git"))  # not the repository around us
    assert checked(check("--staged", "--format", "json", cwd=other)) == []


def test_git_dir_without_a_repository_around_it_means_the_folder(
    history: Repo, check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (history.path / ".git").rename(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    history.env["GIT_DIR"] = str(tmp_path / "elsewhere")
    history.git("rm", "-q", "a.png")
    assert checked(check("--staged", "--format", "json")) == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="a program without a suffix")
def test_a_git_that_cannot_be_started_is_a_usage_mistake(
    repo: Repo, check: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "git"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = check("--staged")
    assert (outcome.code, "git cannot be started" in outcome.err) == (2, True)


def test_words_of_git_cannot_move_the_cursor(repo: Repo, check: Any, tmp_path: Path) -> None:
    (repo.path / ".git" / "config").write_text('[core]\n\trepositoryformatversion = "\x1b[31mred"\n')
    outcome = check("--staged")
    assert outcome.code == 2
    assert "\x1b" not in outcome.err


@pytest.mark.skipif(os.name == "nt", reason="a hook in sh")
def test_a_hook_reads_submodules_although_git_names_its_own_index(repo: Repo, tmp_path: Path) -> None:
    inner = new_repo(tmp_path / "inner", repo.env)
    inner.write("a.png", GOOD)
    inner.commit()
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.promise("sub/a.png: 64x36")
    hook(repo, "exec verify4k check --staged")
    repo.git("add", ".")
    code, said = commit(repo)
    assert (code, "1 passed" in said) == (0, True), said
