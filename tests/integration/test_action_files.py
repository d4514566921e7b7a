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


def step(env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the action as its step does, in a folder."""
    argv = ["bash", str(ROOT / "action" / "run.sh")]
    given = {"GITHUB_ACTION_PATH": str(ROOT)} | env
    return subprocess.run(argv, env=given, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a job in which the action was installed, by a pip that was sent elsewhere in many ways."""
    folder = tmp_path_factory.mktemp("job")
    (folder / "pip.txt").write_text("nonsense==1\n")
    (folder / "summary").touch()
    env = environment | {
        "RUNNER_TEMP": str(folder / "two words"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "V4K_MANIFEST": str(ROOT / "examples" / "sample" / "verify4k.yaml"),
    }
    sent = {
        "PIP_TARGET": str(folder / "elsewhere"),
        "PIP_CONSTRAINT": str(folder / "pip.txt"),
        "PIP_EDITABLE": ".",
        "PIP_DRY_RUN": "1",
        "PIP_PLATFORM": "win_amd64",
        "PIP_PYTHON_VERSION": "3.9",
        "PIP_NO_BINARY": ":all:",
    }
    done = step(env | sent, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "elsewhere").exists()
    return env


def test_pip_cannot_be_sent_elsewhere(installed: dict[str, str], tmp_path: Path) -> None:
    done = step(installed, tmp_path)
    assert done.returncode == 0
    assert "::group::verify4k: install" not in done.stdout  # it is whole, so it is not installed again


def test_packages_that_a_configuration_sends_elsewhere_are_told_and_no_crash(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "pip.conf").write_text(f"[install]\ntarget = {tmp_path / 'elsewhere'}\n")
    for _ in range(2):  # what is not whole is not taken for ready either
        sent = {"RUNNER_TEMP": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
        done = step(environment | sent, tmp_path)
        assert done.returncode == 2
        assert "could not be installed: its packages are not where pip was told" in done.stdout


@pytest.mark.parametrize("given", [None, "", "relative", "FILE"])
def test_a_runner_without_a_folder_for_temporary_files_is_told(
    given: str | None, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "file").touch()
    env = environment | {"GITHUB_OUTPUT": str(tmp_path / "output")}
    if given is not None:
        env["RUNNER_TEMP"] = str(tmp_path / "file") if given == "FILE" else given
    done = step(env, tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert "::error title=verify4k::verify4k could not be installed: " in done.stdout
    assert "error\n" in (tmp_path / "output").read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"file", "output"}  # nothing lands in the checkout


@pytest.mark.parametrize("name", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_what_cannot_be_told_to_the_runner_is_no_pass(
    name: str, installed: dict[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "output"
    env = installed | {"GITHUB_OUTPUT": str(output), name: str(tmp_path / "gone" / "x")}
    done = step(env, tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert "::error title=verify4k::the runner's own files cannot be used: " in done.stdout
    assert name == "GITHUB_OUTPUT" or "passed" not in output.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("code", [0, 1, 3])
def test_an_answer_without_a_report_is_an_error(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main = script("action/main.py")
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho no module >&2; exit {code}\n")
    python.chmod(0o755)
    monkeypatch.setattr(main, "environment", lambda _base: python)
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert main.main() == 2
    assert f"no module%0Ano report was written (exit code {code})" in capsys.readouterr().out
    assert "error\n" in (tmp_path / "output").read_text()


def test_an_installation_that_fails_is_an_annotation_and_exit_code_2(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    env = environment | {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "PIP_EXTRA_INDEX_URL": "",
    }
    done = step(env, tmp_path)
    assert done.returncode == 2
    assert (
        "::error title=verify4k::verify4k could not be installed: pip ended with exit code 1" in done.stdout
    )
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
