"""This repository checks itself: its workflow, its own hooks and action on its own sample."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from installed_tools import ROOT, SHIPPED, tool
from repositories import SMALL, Repo

if TYPE_CHECKING:
    from collections.abc import Callable

WORKFLOW = ROOT / ".github" / "workflows" / "verify4k.yml"
CONFIG = ROOT / ".pre-commit-config.yaml"
SAMPLE = "examples/sample/verify4k.yaml"


def test_the_sample_keeps_its_promises(run: Any) -> None:
    assert run("check", "--no-ignores", "--fail-on", "note", "-c", str(ROOT / SAMPLE)).code == 0


def test_the_workflow_fits_the_schema_and_passes_the_auditor() -> None:
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        argv = [tool("check-jsonschema"), "--builtin-schema", schema, str(WORKFLOW)]
        assert subprocess.run(argv, capture_output=True, check=False).returncode == 0
    audit = [tool("zizmor"), "--persona=auditor", "--offline", "--no-progress", str(WORKFLOW.parent)]
    done = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_workflow_runs_tests_and_linters_on_every_system() -> None:
    job = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["tests"]
    assert job["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    commands = " ".join(step.get("run", "") for step in job["steps"])
    for program in ("pytest", "ruff check .", "ruff format --check .", "mypy"):
        assert f"python -m {program}" in commands


def test_the_workflow_uses_the_action_on_the_sample() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    [step] = [step for step in workflow["jobs"]["action"]["steps"] if step.get("uses") == "./"]
    assert step["with"]["manifest"] == SAMPLE
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in WORKFLOW.read_text("utf-8")


def test_the_repository_uses_the_hooks_that_it_ships() -> None:
    shipped = {
        hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    }
    own = {
        hook["id"]: hook
        for repo in yaml.safe_load(CONFIG.read_text("utf-8"))["repos"]
        if repo["repo"] == "local"
        for hook in repo["hooks"]
        if hook["id"].startswith("verify4k")
    }
    assert own.keys() == shipped.keys()
    for name, hook in own.items():
        assert hook["entry"] == f"python -m {shipped[name]['entry']} -c {SAMPLE}"
        for key in ("language", "always_run", "pass_filenames", "require_serial"):
            assert hook[key] == shipped[name][key]


def test_its_own_hooks_need_what_the_project_needs() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {line.partition(">=")[0] for line in wanted}
    for repo in yaml.safe_load(CONFIG.read_text("utf-8"))["repos"]:
        for hook in repo["hooks"]:
            if hook["id"].startswith("verify4k"):
                assert set(hook["additional_dependencies"]) == names


@pytest.mark.parametrize("name", ["pre-commit", "prek"])
def test_running_all_hooks_of_a_clone_checks_the_sample(
    name: str, project: Repo, call: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    program = tool(name)
    for part in (*SHIPPED, "examples"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, project.path / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, project.path / part)
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    config["repos"] = [repo for repo in config["repos"] if repo["hooks"][0]["id"].startswith("verify4k")]
    project.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    project.git("add", ".")
    done = call(program, "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    project.write("examples/sample/images/banner.png", SMALL)
    project.git("add", ".")
    done = call(program, "run", "--all-files")
    assert done.returncode == 1
    assert done.stdout.count("error[exact-size] examples/sample/images/banner.png") == 2
