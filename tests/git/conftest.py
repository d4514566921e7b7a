"""A repository and the real command in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from repositories import SMALL, Repo, clean_environment, new_repo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    env = clean_environment(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GIT_", "VERIFY4K_"))]:
        monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return new_repo(tmp_path / "repo", env)


@pytest.fixture
def check(repo: Repo, run: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `verify4k check` in the repository, or in ``cwd``."""

    def call(*argv: str, cwd: Path | None = None) -> Any:
        monkeypatch.chdir(cwd or repo.path)
        return run("check", *argv)

    return call


@pytest.fixture
def history(repo: Repo) -> Repo:
    for name in ("a.png", "b.png"):
        repo.write(name, SMALL)  # both are wrong: only what is checked can fail
    repo.promise("a.png: 64x36", "b.png: 64x36")
    repo.commit()
    return repo
