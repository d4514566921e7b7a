"""`check --staged` in every kind of work tree that git knows, and while git runs a hook."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo, checked, new_repo

if TYPE_CHECKING:
    from pathlib import Path


def test_a_linked_work_tree_has_its_own_index(history: Repo, check: Any, tmp_path: Path) -> None:
    other = tmp_path / "linked"
    history.git("worktree", "add", "-q", str(other))
    linked = Repo(other, history.env)
    linked.write("a.png", OTHER)
    linked.git("add", "a.png")
    assert checked(check("--staged", "--format", "json", cwd=other)) == ["a.png"]
    assert checked(check("--staged", "--format", "json")) == []


def test_inside_a_submodule_its_own_index_counts(repo: Repo, check: Any, tmp_path: Path) -> None:
    inner = new_repo(tmp_path / "inner", repo.env)
    inner.write("a.png", GOOD)
    inner.promise("a.png: 64x36")
    inner.commit()
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.git("commit", "-qm", "x")
    sub = Repo(repo.path / "sub", repo.env)
    sub.write("a.png", SMALL)
    sub.git("add", ".")
    assert check("--staged", cwd=sub.path).code == 1
    sub.git("commit", "-qm", "x")


@pytest.fixture
def submodule(repo: Repo, tmp_path: Path) -> Repo:
    """A submodule `sub` with a good image that the repository around it promises."""
    inner = new_repo(tmp_path / "inner", repo.env)
    inner.write("a.png", GOOD)
    inner.commit()
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.promise("sub/a.png: 64x36")
    return Repo(repo.path / "sub", repo.env)


def test_a_file_in_a_submodule_is_read_at_the_commit_that_is_staged(
    repo: Repo, submodule: Repo, check: Any
) -> None:
    repo.git("add", ".")
    assert check("--staged").code == 0
    repo.git("commit", "-qm", "x")
    submodule.write("a.png", SMALL)
    assert checked(check("--staged", "--format", "json")) == []  # nothing is staged here
    submodule.commit()
    assert checked(check("--staged", "--format", "json")) == []
    repo.git("add", "sub")
    submodule.write("a.png", GOOD)  # not what the staged commit holds
    outcome = check("--staged")
    assert (outcome.code, "exact-size" in outcome.out) == (1, True)
    submodule.git("rm", "-q", "--cached", "a.png")
    submodule.git("commit", "-qm", "x")
    repo.git("add", "sub")
    outcome = check("--staged")
    assert (outcome.code, "does not hold it at commit" in " ".join(outcome.out.split())) == (1, True)


@pytest.mark.parametrize("empty", [True, False])
def test_a_submodule_that_is_not_checked_out_is_undecided(
    empty: bool, repo: Repo, submodule: Repo, check: Any
) -> None:
    repo.git("add", ".")
    shutil.rmtree(submodule.path)
    if empty:
        submodule.path.mkdir()
    outcome = check("--staged")
    assert outcome.code == 3
    assert "git submodule update --init" in outcome.out


def test_a_submodule_itself_is_no_file(repo: Repo, submodule: Repo, check: Any) -> None:
    repo.promise("sub: 64x36")
    repo.git("add", ".")
    outcome = check("--staged")
    assert (outcome.code, "this is a submodule" in outcome.out) == (1, True)


def test_a_sparse_checkout_is_read_from_the_index(repo: Repo, check: Any) -> None:
    repo.write("img/a.png", SMALL)
    repo.write("src/x", "1")
    repo.promise('"img/*.png": 64x36')
    repo.commit()
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "src")
    assert not (repo.path / "img").exists()
    repo.promise('"img/*.png": {size: 64x36, alpha: forbidden}')
    repo.git("add", "verify4k.yaml")
    assert check("--staged").code == 1


def test_a_detached_head_is_a_base_like_any_other(history: Repo, check: Any) -> None:
    history.git("checkout", "-q", "--detach")
    history.write("a.png", OTHER)
    history.git("add", ".")
    assert checked(check("--staged", "--format", "json")) == ["a.png"]


def test_outside_of_a_repository_it_says_so(run: Any, repo: Repo) -> None:
    outcome = run("check", "--staged")
    assert outcome.code == 2
    assert "is not in a git repository" in outcome.err
    assert "without git, check everything: leave --staged and --changed out" in outcome.err


def test_in_a_bare_repository_it_says_so(
    run: Any, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    outcome = run("check", "--staged")
    assert outcome.code == 2
    assert "start verify4k in a checkout" in outcome.err


def test_without_git_it_says_so(
    repo: Repo, check: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = check("--staged")
    assert outcome.code == 2
    assert "git is not installed" in outcome.err


def test_a_merge_conflict_is_undecided(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 64x36")
    repo.commit()
    repo.git("checkout", "-qb", "other")
    repo.write("a.png", OTHER)
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("a.png", SMALL)
    repo.commit()
    subprocess.run(["git", "merge", "other"], cwd=repo.path, env=repo.env, capture_output=True, check=False)
    outcome = check("--staged")
    assert outcome.code == 3
    assert "merge conflict" in outcome.out
