"""Runs of the command with a format whose files do to their decoder what they say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DANGEROUS = Path(__file__).parent / "dangerous"
NEIGHBOURS = ("a.png", "b.jpg", "y.webp", "z.png")


class Told(NamedTuple):
    """What a run that wrote JSON said."""

    code: int
    report: dict[str, Any]
    out: str
    err: str

    @property
    def verdicts(self) -> dict[str, str]:
        return {asset["target"]: asset["verdict"] for asset in self.report["assets"]}


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "verify4k", *argv]


def environment(start: str) -> Mapping[str, str]:
    path = os.pathsep.join(filter(None, [str(DANGEROUS), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "VERIFY4K_WORKERS": start}


def run(argv: Sequence[str], folder: Path, start: str = "fork") -> Told:
    """Run a command that writes JSON in a folder, to its end."""
    done = subprocess.run(
        argv, cwd=folder, env=environment(start), capture_output=True, text=True, check=False
    )
    return Told(done.returncode, json.loads(done.stdout), done.stdout, done.stderr)
