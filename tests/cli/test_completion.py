"""Shell completion: the scripts, and what they offer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_asks_us(shell: str, run: Any) -> None:
    assert "_VERIFY4K_COMPLETE" in run("completion", shell).out


def _asked(words: str, count: int) -> str:
    environ = os.environ | {
        "COMP_WORDS": words,
        "COMP_CWORD": str(count),
        "_VERIFY4K_COMPLETE": "bash_complete",
    }
    script = "import sys; from verify4k.__main__ import main; sys.exit(main([]))"
    return subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("check dist/he", ["file,dist/he"]),
        ("check -c ver", ["file,ver"]),
        ("explain exact", ["plain,exact-size"]),
        ("check --select exact", ["plain,exact-size"]),
        ("check --format js", ["plain,json", "plain,jsonl"]),
        ("size 64x64 --model gpt-image-1-", ["plain,gpt-image-1-mini"]),
        ("demo sam", ["dir,sam"]),
    ],
)
def test_completion_knows_files_formats_rules_and_models(words: str, offered: list[str]) -> None:
    assert _asked(f"verify4k {words}", len(words.split())).splitlines() == offered


def test_completion_knows_commands_and_options() -> None:
    assert "plain,check" in _asked("verify4k ch", 1)
    assert "--fail-on" in _asked("verify4k check --fa", 2)
