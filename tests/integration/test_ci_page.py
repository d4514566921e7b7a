"""docs/ci.md can be copied: every block is taken from the page and given to the tool it is for."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from installed_tools import ROOT, tool
from repositories import GOOD, SMALL, Repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
YAML = [text for kind, text in BLOCKS if kind == "yaml"]
SHELL = [text for kind, text in BLOCKS if kind == "sh"]
WORKFLOWS = [text for text in YAML if "jobs:\n  " in text and text.startswith("name:")]
[GITLAB] = [text for text in YAML if "artifacts:" in text]
[PRE_COMMIT] = [text for text in YAML if text.startswith("repos:")]
[LEFTHOOK] = [text for text in YAML if text.startswith("pre-commit:")]
[MANIFEST] = [text for text in YAML if text.startswith("version:")]


def test_there_are_the_workflows_that_people_look_for() -> None:
    assert len(WORKFLOWS) == 4
    for words in ("upload-sarif", "upload-artifact", "actions/attest@", "on: pull_request\n"):
        assert any(words in text for text in WORKFLOWS)
    assert "pull_request_target" not in PAGE
    assert all("lfs: true" in text for text in WORKFLOWS)


def test_no_verdict_on_any_page_is_skipped_since_a_skipped_job_counts_as_passed() -> None:
    pages = [path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")]
    blocks = [text for page in pages for text in re.findall(r"```ya?ml\n(.*?)```", page, re.DOTALL)]
    jobs = [job for text in blocks if "\n    needs:" in text for job in yaml.safe_load(text)["jobs"].values()]
    waiting = [job for job in jobs if "needs" in job]
    assert waiting
    assert all(job.get("if") == "always()" for job in waiting)


@pytest.mark.parametrize("number", range(4))
def test_a_workflow_fits_the_schema_and_passes_the_auditor(number: int, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "page.yml").write_text(WORKFLOWS[number])
    schema = [
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.github-workflows",
        str(folder / "page.yml"),
    ]
    done = subprocess.run(schema, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    audit = [tool("zizmor"), "--persona=auditor", "--offline", "--no-progress", str(tmp_path)]
    done = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_input_and_output_of_the_action_is_on_the_page_and_no_other() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    section = PAGE.partition("## GitHub Actions")[2].partition("### Code scanning")[0]
    tables = "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([\w-]+)`", tables)) == {*action["inputs"], *action["outputs"]}
    for text in WORKFLOWS:
        for job in yaml.safe_load(text)["jobs"].values():
            for step in job["steps"]:
                if "/verify4k@" in step["uses"]:
                    assert set(step.get("with", {})) <= set(action["inputs"])


def test_the_gate_works_as_it_stands(shipped: Repo, environment: dict[str, str], tmp_path: Path) -> None:
    project = Repo(tmp_path / "project", environment)
    project.path.mkdir()
    project.git("clone", "-q", str(shipped.path), ".")
    project.write("a.png", GOOD)
    project.promise("a.png: 64x36")
    gate = re.sub(r"\S+/verify4k@[0-9a-f]{40}.*", "./", WORKFLOWS[0]).replace("on: pull_request", "on: push")
    project.write(".github/workflows/gate.yml", gate)
    project.commit()
    argv = [tool("act"), "push", "-P", "ubuntu-latest=-self-hosted"]
    env = environment | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(argv, cwd=project.path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Every promise holds" in done.stdout


def test_the_gitlab_job_fits_the_schema(tmp_path: Path) -> None:
    (tmp_path / "gitlab-ci.yml").write_text(GITLAB)
    argv = [tool("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    done = subprocess.run(
        [*argv, str(tmp_path / "gitlab-ci.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_hook_configuration_is_accepted(project: Repo, call: Any) -> None:
    project.write(".pre-commit-config.yaml", PRE_COMMIT)
    for name in ("pre-commit", "prek"):
        assert call(tool(name), "validate-config", ".pre-commit-config.yaml").returncode == 0
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert set(re.findall(r"- id: ([\w-]+)", PRE_COMMIT)) == hooks


@pytest.fixture
def commits(project: Repo) -> Callable[[], int]:
    """A user's repository; call it to commit a bad image and get git's answer."""
    project.write("a.png", GOOD)
    project.promise("a.png: 64x36")
    project.commit()

    def commit() -> int:
        project.write("a.png", SMALL)
        project.git("add", ".")
        argv = ["git", "commit", "-qm", "x"]
        return subprocess.run(
            argv, cwd=project.path, env=project.env, capture_output=True, check=False
        ).returncode

    return commit


def test_lefthook_blocks_a_bad_image(project: Repo, commits: Callable[[], int], call: Any) -> None:
    project.write("lefthook.yml", LEFTHOOK)
    assert call(tool("lefthook"), "install").returncode == 0
    assert commits() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a hook in sh")
def test_a_hook_in_shell_blocks_a_bad_image(project: Repo, commits: Callable[[], int]) -> None:
    hook = project.write(".git/hooks/pre-commit", SHELL[0])
    hook.chmod(0o755)
    assert commits() == 1


def test_the_commands_of_the_page_work(project: Repo, call: Any) -> None:
    project.write("a.png", GOOD)
    project.write("b.png", SMALL)
    project.promise("a.png: 64x36", "b.png: 64x36")
    assert call("sh", "-ec", SHELL[2].strip()).returncode == 1  # every report, and the verdict
    for name in ("report.html", "report.sarif", "report.json", "statement.json", "SHA256SUMS"):
        assert (project.path / name).stat().st_size > 0
    assert call("sh", "-ec", SHELL[3].strip()).returncode == 0  # the baseline accepts b.png
    project.promise("a.png: 64x36")
    assert call("verify4k", "check", "--report", "in-toto=verify4k.intoto.json").returncode == 0
    assert call("sh", "-ec", SHELL[1].strip()).returncode == 0  # verify-attestation


def test_the_manifest_of_the_page_is_read_as_it_says(tmp_path: Path, run: Any) -> None:
    data = b"test"
    (tmp_path / "dist").mkdir()
    for name in ("legacy.png", "hero.png"):
        (tmp_path / "dist" / name).write_bytes(data)
    (tmp_path / "verify4k.yaml").write_text(MANIFEST)
    assert hashlib.sha256(data).hexdigest() in MANIFEST
    outcome = run("check", "--format", "json")
    report = json.loads(outcome.out)
    assert (outcome.code, report["suppressed"]) == (1, [])  # "test" is no image, and that is not accepted
    assert {finding["rule"] for finding in report["findings"]} == {"readable"}
    assert report["notes"] == []
