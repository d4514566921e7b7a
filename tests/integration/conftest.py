"""The tools that users run verify4k with, each set up once a session and away from anybody's home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from installed_tools import ROOT, SHIPPED, TAG
from repositories import Repo, clean_environment, new_repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the tools keep to temporary folders; package caches are shared."""
    home = tmp_path_factory.mktemp("home")
    caches = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
    env = clean_environment(home)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "CI", "GITHUB_ACTIONS"):
        env.pop(name, None)
    return env | {
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), env["PATH"]]),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PREK_HOME": str(home / "prek"),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", f"{caches}/pip"),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", f"{caches}/uv"),
        "NO_COLOR": "1",
    }


@pytest.fixture(scope="session")
def shipped(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with what verify4k ships, tagged, as users name it under ``repo:``."""
    repo = new_repo(tmp_path_factory.mktemp("verify4k"), environment)
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, repo.path / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, repo.path / name)
    repo.commit()
    repo.git("tag", TAG)
    return repo


@pytest.fixture
def project(environment: dict[str, str], tmp_path: Path) -> Repo:
    """An empty repository of a user."""
    return new_repo(tmp_path / "project", environment)


@pytest.fixture
def call(project: Repo) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a tool in the user's repository."""

    def run(*argv: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv,
            cwd=project.path,
            env=project.env | extra,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    return run
