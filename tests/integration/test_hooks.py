"""The hooks, run by the real pre-commit and the real prek in real repositories."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from installed_tools import ROOT, TAG, tool
from repositories import GOOD, OTHER, SMALL, Repo

if TYPE_CHECKING:
    from collections.abc import Callable

RUNNERS = ("pre-commit", "prek")
HOOKS = ("verify4k", "verify4k-staged")
MOST_MEGABYTES = 150


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest) -> str:
    return tool(request.param)


@pytest.fixture(params=HOOKS)
def hook(request: pytest.FixtureRequest) -> str:
    hook: str = request.param
    return hook


@pytest.fixture
def hooked(project: Repo, shipped: Repo, runner: str, hook: str) -> Repo:
    """A user's repository with one good image, its promise, and the hook installed."""
    project.write(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {shipped.path}\n  rev: {TAG}\n  hooks:\n  - id: {hook}\n",
    )
    project.write("a.png", GOOD)
    project.promise("a.png: 64x36")
    project.commit()
    done = subprocess.run(
        [runner, "install"], cwd=project.path, env=project.env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return project


def commit(repo: Repo) -> tuple[int, str]:
    """Commit what is staged, with the installed hook."""
    done = subprocess.run(
        ["git", "commit", "-m", "x"],
        cwd=repo.path,
        env=repo.env,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_commit_is_blocked_by_what_breaks_a_promise_and_by_nothing_else(hooked: Repo) -> None:
    hooked.write("a.png", SMALL)
    hooked.git("add", ".")
    code, said = commit(hooked)
    assert (code, "exact-size" in said) == (1, True), said

    hooked.write("a.png", OTHER)
    hooked.git("add", ".")
    assert commit(hooked)[0] == 0

    hooked.git("rm", "-q", "a.png")  # a hook that selects files would be skipped now
    code, said = commit(hooked)
    assert (code, "readable" in said) == (1, True), said

    hooked.git("reset", "-q", "--hard")
    hooked.promise("a.png: 32x18")  # and now, when it selects images
    hooked.git("add", ".")
    code, said = commit(hooked)
    assert (code, "exact-size" in said) == (1, True), said

    hooked.git("reset", "-q", "--hard")
    hooked.write("notes.txt", "nothing of ours")
    hooked.git("add", ".")
    assert commit(hooked)[0] == 0


def test_three_hundred_files_make_one_report(hooked: Repo) -> None:
    for number in range(300):
        hooked.write(f"img/{number}.png", SMALL)
    hooked.promise('"img/*.png": {size: 64x36, same-as-others: allowed}')
    hooked.git("add", ".")
    code, said = commit(hooked)
    assert code == 1
    assert said.count("300 assets: 0 passed, 300 failed (300 errors)") == 1


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
def test_names_with_spaces_and_line_breaks_are_checked(hooked: Repo) -> None:
    name = "two words\nand a line.png"
    hooked.write(name, SMALL)
    hooked.promise("a.png: 64x36", f"{json.dumps(name)}: 64x36")
    hooked.git("add", ".")
    code, said = commit(hooked)
    assert (code, r"two words\x0aand a line.png" in said) == (1, True)
    hooked.write(name, OTHER)
    hooked.git("add", ".")
    assert commit(hooked)[0] == 0


def test_partial_staging_checks_what_is_committed(hooked: Repo) -> None:
    hooked.write("a.png", SMALL)
    hooked.git("add", ".")
    hooked.write("a.png", OTHER)  # mended, but not staged
    assert commit(hooked)[0] == 1
    hooked.git("add", ".")
    hooked.write("a.png", SMALL)  # broken, but not staged
    assert commit(hooked)[0] == 0


def test_run_all_files_checks_every_promise(
    hooked: Repo, hook: str, runner: str, call: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert call(runner, "run", "--all-files").returncode == 0
    hooked.write("a.png", SMALL)
    hooked.commit()
    expected = 1 if hook == "verify4k" else 0  # nothing is staged any more
    assert call(runner, "run", "--all-files").returncode == expected


def test_try_repo_runs_the_hooks_of_a_checkout(
    project: Repo, shipped: Repo, runner: str, call: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    project.write("a.png", SMALL)
    project.promise("a.png: 64x36")
    project.git("add", ".")
    done = call(runner, "try-repo", str(shipped.path), "verify4k", "--ref", TAG, "--all-files")
    assert done.returncode == 1
    assert "exact-size" in done.stdout


@pytest.mark.parametrize("name", RUNNERS)
def test_the_environment_stays_small(name: str, shipped: Repo, project: Repo, call: Any) -> None:
    program = tool(name)
    project.write(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {shipped.path}\n  rev: {TAG}\n  hooks:\n  - id: verify4k\n",
    )
    project.git("add", ".")
    assert call(program, "install-hooks" if name == "pre-commit" else "prepare-hooks").returncode == 0
    if name == "pre-commit":
        environments = list(Path(project.env["PRE_COMMIT_HOME"]).glob("repo*/py_env-*"))
    else:
        environments = list(Path(project.env["PREK_HOME"]).glob("hooks/python-*"))
    assert environments
    for environment in environments:
        files = [path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()]
        assert sum(path.stat().st_size for path in files) < MOST_MEGABYTES * 1_000_000


def test_pre_commit_accepts_the_hooks_file(call: Any) -> None:
    assert call(tool("pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")).returncode == 0
    assert call(tool("prek"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")).returncode == 0
