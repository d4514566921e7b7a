"""`check --all --staged` asks the manifests that the commit will hold, whatever lies in the work tree."""

from __future__ import annotations

from typing import Any

import pytest
from repositories import GOOD, SMALL, Repo, checked

PROMISE = "version: 1\nfiles: {h.png: 64x36}\n"
PROJECT = '[tool.verify4k]\nversion = 1\nfiles = {"h.png" = "64x36"}\n'


@pytest.fixture
def monorepo(repo: Repo) -> Repo:
    """Commit manifests of three projects, and some in folders that nobody looks into."""
    for folder in ("a", "b/inner", "node_modules/x", ".hidden"):
        repo.write(f"{folder}/h.png", GOOD)
        repo.write(f"{folder}/verify4k.yaml", PROMISE)
    repo.write("b/h.png", GOOD)
    repo.write("b/pyproject.toml", PROJECT)
    repo.write("c/pyproject.toml", "[project]\n")
    repo.commit()
    return repo


def spoil(repo: Repo) -> None:
    """Stage a wrong picture in every folder."""
    for path in sorted(repo.path.rglob("h.png")):
        repo.write(str(path.relative_to(repo.path)), SMALL)
    repo.git("add", ".")


def asked(check: Any, **where: Any) -> list[str]:
    outcome = check("--all", "--staged", "--format", "json", **where)
    assert outcome.code == 1
    return checked(outcome)


def test_every_manifest_of_the_index_is_asked_in_the_order_of_folders(monorepo: Repo, check: Any) -> None:
    spoil(monorepo)
    assert asked(check) == ["a/h.png", "b/h.png", "b/inner/h.png"]
    assert asked(check, cwd=monorepo.path / "b") == ["h.png", "inner/h.png"]


def test_one_that_the_work_tree_lacks_is_asked_all_the_same(monorepo: Repo, check: Any) -> None:
    spoil(monorepo)
    (monorepo.path / "a/verify4k.yaml").unlink()
    (monorepo.path / "b/pyproject.toml").write_text("")
    assert asked(check) == ["a/h.png", "b/h.png", "b/inner/h.png"]


def test_one_that_nobody_has_added_is_none_of_the_commits_business(monorepo: Repo, check: Any) -> None:
    monorepo.write("c/verify4k.yaml", "version: nonsense")
    assert check("--all", "--staged").code == 0
    spoil(monorepo)
    monorepo.git("reset", "-q", "c/verify4k.yaml")
    assert asked(check) == ["a/h.png", "b/h.png", "b/inner/h.png"]


def test_where_the_index_has_none_that_is_a_usage_mistake(repo: Repo, check: Any) -> None:
    repo.write("verify4k.yaml", PROMISE)
    outcome = check("--all", "--staged")
    assert (outcome.code, "there is no manifest in" in outcome.err) == (2, True)
