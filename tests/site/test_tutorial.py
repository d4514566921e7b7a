"""The tutorial as a newcomer follows it: each command in turn, in a virtual environment of its own."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from installed_tools import ROOT, tool

import verify4k

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")


class Step(NamedTuple):
    """A command and what it prints, where ``...`` stands for any lines."""

    command: str
    expected: tuple[str, ...]


def steps() -> list[Step]:
    found: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = part.rstrip("\n").split("\n")
            found.append(Step(command, tuple(expected)))
    return found


def agrees(expected: tuple[str, ...], printed: list[str]) -> bool:
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r" *\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("build", "hatchling", "hatch_fancy_pypi_readme"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    folder: Path = tmp_path_factory.mktemp("wheel")
    argv = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    assert subprocess.run(argv, capture_output=True, check=False).returncode == 0
    [found] = folder.glob("*.whl")
    return found


def test_dots_stand_for_lines_and_nothing_else_does() -> None:
    assert agrees(("a", "...", "c"), ["a", "b", "b", "c"])
    assert agrees(("a", "..."), ["a"])
    assert not agrees(("a", "c"), ["a", "b", "c"])
    assert not agrees((), ["a"])


@pytest.mark.skipif(sys.platform == "win32", reason="the tutorial is written for a POSIX shell")
def test_every_command_does_what_the_tutorial_says(wheel: Path, tmp_path: Path) -> None:
    bash, state = tool("bash"), tmp_path / "state"
    home = tmp_path / "home"
    home.mkdir()
    env = {"PATH": os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"])), "HOME": str(home)}
    env |= {
        name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_", "HTTP", "http"))
    }
    env.setdefault("PIP_CACHE_DIR", os.path.expanduser("~/.cache/pip"))  # what is fetched, once a machine
    env["PIP_NO_COMPILE"] = "1"  # modules are compiled when they are first used, and most never are
    state.write_text(f"cd {tmp_path}\n")
    listed = steps()
    assert len(listed) > 20
    for step in listed:
        command = step.command.replace("pip install --quiet verify4k", f"pip install --quiet {wheel}")
        kept = "{ export -p; printf 'cd %q\\n' \"$PWD\"; }"
        script = (
            f". {state}\n{command}\ncode=$?\n{kept} > {state}.new && mv {state}.new {state}\nexit $code\n"
        )
        done = subprocess.run(
            [bash, "-c", script],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode and "pip install" in command:
            pytest.skip(f"pip reaches no index: {done.stdout[-300:]}")
        assert done.returncode == 0, f"$ {step.command}\n{done.stdout}"
        printed = [line for line in done.stdout.splitlines() if not line.startswith("[notice]")]
        if step.command == "verify4k --version":
            assert printed == [f"verify4k {verify4k.__version__}"]
        assert agrees(step.expected, printed), f"$ {step.command}\n{done.stdout}"
