"""What checking costs, in one run: real photographs of 3840x2160, CPU against Pillow's bare open().load().

    python -m benchmarks.full [--work DIR] [FOLDER]

DIR keeps the photographs of Debian's wallpaper packages (downloaded once, nothing is installed); FOLDER:
4K PNGs and JPEGs of your own instead. Commands are run one after another, several times, so that a busy
machine meets all alike; what they take is that of one file more, the difference between all files and a third
of them. CPU is user and system time of all threads and processes.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np  # noqa: F401 - every side starts warm
import simplejpeg  # noqa: F401

from benchmarks import headers, photographs
from benchmarks.timing import Timed, interleaved, with_bytecode
from verify4k import load_manifest
from verify4k.artifacts.artifact import Artifact
from verify4k.files.source import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.model import Manifest

ANALYSES = frozenset({"native-resolution", "not-padded", "not-blank"})
TURNS = 3


def promised(files: list[Path], scratch: Path) -> Manifest:
    """Return a manifest of these files that asks what is asked of any."""
    path = scratch / f"{len(files)} {files[0].name}.yaml"
    listed = ", ".join(f'"{file.name}": {{width: 1..}}' for file in files)
    path.write_text(f"version: 1\nroot: {files[0].parent.resolve()}\nfiles: {{{listed}}}\n")
    return load_manifest(path)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, of all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def of_one_more(
    commands: dict[str, Callable[[list[Path]], list[str]]], files: list[Path]
) -> dict[str, Timed]:
    """Return the seconds that each command takes for one file more: what starting takes is not in them."""
    few = files[: len(files) // 3]
    found = interleaved(
        {name: of(files) for name, of in commands.items()}
        | {f"{name} of few": of(few) for name, of in commands.items()},
        TURNS,
    )
    more = len(files) - len(few)
    return {
        name: Timed(
            *((all_ - own) / more for all_, own in zip(found[name], found[f"{name} of few"], strict=True))
        )
        for name in commands
    }


def checking(scratch: Path, *argv: str) -> Callable[[list[Path]], list[str]]:
    """Return a command that checks files, without the cache."""
    verify4k = str(Path(sys.executable).with_name("verify4k"))

    def command(files: list[Path]) -> list[str]:
        return [verify4k, "check", "-c", promised(files, scratch).path, "--no-cache", *argv]

    return command


def against_pillow(files: list[Path], scratch: Path) -> dict[str, float]:
    """Return CPU seconds of one file more: Pillow's decode, the rules about the file, and all."""
    decode = "import sys\nfrom PIL import Image\nfor path in sys.argv[1:]:\n    Image.open(path).load()"
    found = of_one_more(
        {
            "pillow": lambda files: [sys.executable, "-c", decode, *map(str, files)],
            "file": checking(scratch, "--jobs", "1", "--ignore", ",".join(ANALYSES)),
            "all": checking(scratch, "--jobs", "1"),
        },
        files,
    )
    return {name: each.cpu for name, each in found.items()}


def analyses(file: Path, scratch: Path) -> dict[str, float]:
    """Return CPU seconds of each analysis of a decoded file."""
    asset = promised([file], scratch).assets[0]
    turns = []
    for _ in range(TURNS):
        artifact = Artifact(asset, FileSource(asset.path))
        _ = artifact.damage, artifact.pixels
        turns.append(
            {
                "native": cpu(lambda a=artifact: a.native),  # type: ignore[misc]
                "plain": cpu(lambda a=artifact: (a.blank, a.padding)),  # type: ignore[misc]
            }
        )
        artifact.close()
    return {name: min(turn[name] for turn in turns) for name in turns[0]}


def both_cores(files: list[Path], scratch: Path) -> float:
    """Return how many times sooner two jobs are done with one file more, by the clock."""
    jobs = {number: checking(scratch, "--jobs", number) for number in ("1", "2")}
    found = of_one_more(jobs, files)
    return found["1"].wall / found["2"].wall


def whole_process(file: Path) -> tuple[float, float]:
    """Return CPU seconds and peak megabytes of ``inspect --native``."""
    command = [str(Path(sys.executable).with_name("verify4k")), "inspect", "--native", str(file)]
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    turns = []
    for _ in range(TURNS):
        done = subprocess.run(
            [sys.executable, "-c", program, *command],
            capture_output=True, text=True, check=True, env=with_bytecode(),
        )  # fmt: skip
        seconds, megabytes = map(float, done.stdout.split())
        turns.append((seconds, megabytes))
    return min(turns)


def header_runs(folder: Path) -> dict[str, Timed]:
    """Return whole commands over 2,400 files, and PyPI's imagesize where it is installed."""
    headers.pictures(folder, 2400)
    verify4k = str(Path(sys.executable).with_name("verify4k"))
    sizes = "import imagesize, os, sys\nfor e in os.scandir(sys.argv[1]):\n    imagesize.get(e.path)"
    return interleaved(
        {
            "imagesize": [sys.executable, "-c", sizes, str(folder)],
            "inspect": [verify4k, "inspect", "--depth", "header", "--format", "json", str(folder)],
            "check": [verify4k, "check", "--depth", "header", "-c", f"{folder}/verify4k.yaml"],
            "click": [sys.executable, "-c", "import click"],
            "--help": [verify4k, "--help"],
            "size": [verify4k, "size", "3840x2160"],
        },
        TURNS,
    )


def row(what: str, measured: str, goal: str) -> None:
    print(f"| {what} | {measured} | {goal} |", flush=True)


def tenths(seconds: list[float]) -> str:
    """Return "median / what nine of ten need" in milliseconds."""
    ordered = sorted(seconds)
    high = ordered[min(len(ordered) - 1, round(0.9 * len(ordered)) - 1)]
    return f"{statistics.median(ordered) * 1000:.0f} / {high * 1000:.0f} ms"


def show(folder: Path, scratch: Path, most: int) -> None:
    files = {suffix: sorted(folder.glob(f"*.{suffix}"))[:most] for suffix in ("png", "jpg")}
    print(f"{len(files['png'])} PNG and {len(files['jpg'])} JPEG photographs; OPENBLAS_NUM_THREADS="
          f"{os.environ.get('OPENBLAS_NUM_THREADS', 'not set')}")  # fmt: skip
    print("| what | measured | goal |\n|---|---|---|")
    for suffix, goal in (("jpg", "3x"), ("png", "1.5x")):
        taken = against_pillow(files[suffix], scratch)
        decode = f"Pillow's bare decode ({taken['pillow'] * 1000:.0f} ms)"
        row(
            f"default rules, one 4K {suffix} more, against {decode}",
            f"{taken['all'] / taken['pillow']:.2f}x (rules about the file: "
            f"{taken['file'] / taken['pillow']:.2f}x)",
            goal,
        )
    parts = [analyses(file, scratch) for suffix in files for file in files[suffix]]
    row("native resolution on the decoded pixels: median / nine of ten", tenths([p["native"] for p in parts]),
        "100 / 200 ms")  # fmt: skip
    row("not-blank and not-padded together", tenths([p["plain"] for p in parts]), "20 ms")
    seconds, megabytes = whole_process(files["png"][0])
    row(
        "inspect --native of one 4K PNG, whole process",
        f"{seconds:.2f} s, {megabytes:.0f} MB",
        "0.5 s, 120 MB",
    )
    for suffix, chosen in files.items():
        row(
            f"two jobs against one, full check, one {suffix} more",
            f"{both_cores(chosen, scratch):.2f}x",
            "1.8x",
        )
    show_starts(scratch)


def show_starts(scratch: Path) -> None:
    found = header_runs(scratch)
    if importlib.util.find_spec("imagesize") is None:
        print("imagesize is not installed: header runs are not compared")
        del found["inspect"], found["check"]
    for command, goal in (("inspect", "1.5x"), ("check", "2.5x")):
        if command not in found:
            continue
        row(f"header: {command} of 2,400 files, CPU against imagesize",
            f"{found[command].cpu / found['imagesize'].cpu:.2f}x", goal)  # fmt: skip
    for command in ("--help", "size"):
        row(
            f"start-up: {command}, against `import click`",
            f"{found[command].cpu / found['click'].cpu:.2f}x",
            "1.2x",
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "verify4k-photographs")
    parser.add_argument("--most", type=int, default=12, help="photographs of each format")
    given = parser.parse_args()
    folder = given.folder or photographs.prepared(given.work)
    with tempfile.TemporaryDirectory() as scratch:
        show(folder, Path(scratch), given.most)


if __name__ == "__main__":
    main()
