"""Times whole commands in turn and quotes ratios: machines are noisy, ratios of one run hold."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple


class Timed(NamedTuple):
    """Medians of several runs, in seconds."""

    wall: float
    cpu: float


def interleaved(commands: dict[str, list[str]], runs: int, cwd: str | None = None) -> dict[str, Timed]:
    """Run every command ``runs`` times in turn, after one warm-up each; return medians by name."""
    samples: dict[str, list[Timed]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            sample = once(command, cwd)
            if turn:
                samples[name].append(sample)
    return {
        name: Timed(statistics.median(s.wall for s in found), statistics.median(s.cpu for s in found))
        for name, found in samples.items()
    }


def with_bytecode() -> dict[str, str]:
    """The environment, in which every program keeps its bytecode, as pip leaves it for an installed one."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": os.path.join(tempfile.gettempdir(), "benchmarks-bytecode"), **kept}


def once(command: list[str], cwd: str | None = None) -> Timed:
    """Run one command, its output thrown away."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with open(os.devnull, "wb") as nothing:
        subprocess.run(command, stdout=nothing, stderr=nothing, check=False, cwd=cwd, env=with_bytecode())
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timed(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
