"""A command that is killed at any step: copies of a process that runs `dying.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench import Bench


class KillPoints:
    """Runs ``verify4k generate`` in the bench's folder, as often as is asked."""

    def __init__(self, bench: Bench, process: subprocess.Popen[str]) -> None:
        self._bench = bench
        self._process = process

    def steps(self, code: int = 0) -> int:
        """Run it to its end, which is ``code``; return at how many steps it can be killed. Comes first."""
        assert self.at(0) == code
        steps: int = json.loads(self._bench.path("events").read_text("utf-8"))["count"]
        return steps

    def at(self, step: int) -> int:
        """Run it and kill it there; return its exit status, a signal as a negative number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{step}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def kill_points(bench: Bench, *argv: str) -> Iterator[KillPoints]:
    """Start what runs ``verify4k generate --yes -q`` with more arguments."""
    program = str(Path(__file__).with_name("dying.py"))
    command = [sys.executable, program, str(bench.folder), "generate", "--yes", "-q", *argv]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=bench.folder, stdin=pipe, stdout=pipe, text=True) as process:
        yield KillPoints(bench, process)
