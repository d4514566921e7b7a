"""What the action is made of: action.yml, its scripts and its lock, each by the tool that knows it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from installed_tools import ROOT, script, tool
from repositories import Repo

if TYPE_CHECKING:
    from pathlib import Path


def test_the_action_fits_the_schema_and_passes_the_auditor(tmp_path: Path) -> None:
    schema = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml")]
    assert subprocess.run(schema, capture_output=True, check=False).returncode == 0
    audit = [tool("zizmor"), "--persona=auditor", "--offline", "--no-progress", str(ROOT / "action.yml")]
    done = subprocess.run(audit, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_checkout_on_windows_leaves_the_scripts_as_bash_wants_them(
    shipped: Repo, environment: dict[str, str], tmp_path: Path
) -> None:
    clone = Repo(tmp_path, environment)
    clone.git("clone", "-q", "-c", "core.autocrlf=true", str(shipped.path), "x")
    for name in ("run.sh", "lock.sh", "requirements.txt"):
        assert b"\r" not in (tmp_path / "x" / "action" / name).read_bytes()
    assert b"\r" in (tmp_path / "x" / "action.yml").read_bytes()  # what happens to other files


def test_pip_cannot_be_sent_elsewhere(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "pip.txt").write_text("nonsense==1\n")
    env = environment | {
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_CONSTRAINT": str(tmp_path / "pip.txt"),
        "V4K_MANIFEST": str(ROOT / "examples" / "sample" / "verify4k.yaml"),
    }
    argv = ["bash", str(ROOT / "action" / "run.sh")]
    done = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "elsewhere").exists()


def test_an_installation_that_fails_is_an_annotation_and_exit_code_2(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    env = environment | {
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "PIP_EXTRA_INDEX_URL": "",
    }
    argv = ["bash", str(ROOT / "action" / "run.sh")]
    done = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "::error title=verify4k::verify4k could not be installed" in done.stdout
    assert "error\n" in (tmp_path / "output").read_text()


def test_no_input_is_ever_part_of_a_script() -> None:
    import yaml

    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    [step] = action["runs"]["steps"]
    assert "${{" not in step["run"]
    assert set(step["env"].values()) == {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}


def test_the_lock_holds_every_dependency_by_hash_and_names_no_registry() -> None:
    import tomllib

    lock = (ROOT / "action" / "requirements.txt").read_text("utf-8")
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    assert {line.partition(">=")[0] for line in wanted} <= locked
    assert all("==" in line or line.startswith("    --hash=sha256:") for line in lock.splitlines())
    assert "://" not in lock


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_no_variable_of_the_job_selects_ignores_or_accepts_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = script("action/main.py")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nenv > {tmp_path}/seen\necho "$@" >> {tmp_path}/seen\n')
    python.chmod(0o755)
    for name in ("VERIFY4K_SELECT", "VERIFY4K_IGNORE", "verify4k_config"):
        monkeypatch.setenv(name, "still")
    monkeypatch.setenv("V4K_NO_IGNORES", "true")
    assert main.check(python, tmp_path, tmp_path) == (0, "")
    seen = (tmp_path / "seen").read_text()
    assert "verify4k_" not in seen.lower()
    assert "--no-ignores" in seen
