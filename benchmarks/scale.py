"""How CPU and memory grow with the number of artifacts: a jsonl report, one command a row.

    python -m benchmarks.scale [--listed] [--full] [10000 100000 1000000]

At header depth the files are hard links of one JPEG of 3840x2160, made and removed again; a million take some
minutes and 10 GB of small folders. ``--full``: a default check, without a cache, of PNGs of 16x16 (4 KB of
disk each), no two alike, so that each is compared with all others. ``--listed``: promised one by one in a
JSONL file instead of by a pattern. Memory is the peak of the command itself; workers have their own.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timing import with_bytecode

if TYPE_CHECKING:
    from collections.abc import Iterator

A_FOLDER = 1_000  # files
AN_INODE = 30_000  # links; file systems allow some 32,000 to 65,000


def linked(folder: Path, count: int) -> Iterator[str]:
    """Make so many names of a picture; yield them."""
    from PIL import Image

    picture = Image.linear_gradient("L").convert("RGB").resize((3840, 2160))
    original = folder / "0.jpg"
    for number in range(count):
        if number % AN_INODE == 0:
            original = folder / f"{number}.jpg"
            picture.save(original)
        name = f"d/{number // A_FOLDER}/{number}.jpg"
        if number % A_FOLDER == 0:
            (folder / name).parent.mkdir(parents=True)
        os.link(original, folder / name)
        yield name


def drawn(folder: Path, count: int) -> Iterator[str]:
    """Make so many small pictures, no two alike; yield their names."""
    from PIL import Image

    for number in range(count):
        name = f"d/{number // A_FOLDER}/{number}.png"
        if number % A_FOLDER == 0:
            (folder / name).parent.mkdir(parents=True)
        Image.frombytes("RGB", (16, 16), random.Random(number).randbytes(768)).save(folder / name)
        yield name


def make(folder: Path, count: int, *, full: bool) -> None:
    """Make the files, a manifest with a pattern, and a list."""
    pattern, size = ("d/**/*.png", "16x16") if full else ("d/**/*.jpg", "3840x2160")
    (folder / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{pattern}: {size}}}\n")
    names = drawn(folder, count) if full else linked(folder, count)
    with open(folder / "all.jsonl", "w") as listing:
        listing.writelines(f'{{"file": "{name}", "size": "{size}"}}\n' for name in names)


def peak_of(process: int) -> int:
    """Return the peak of a running process's own memory, in KiB; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def watched(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run a command; return its seconds, those of CPU with all its workers, and its peak in MiB."""
    begun, peak, status = time.perf_counter(), 0, 0
    with open(folder / "said.txt", "wb") as said:
        process = subprocess.Popen(command, env=with_bytecode(), cwd=folder, stderr=said)
    while True:
        peak = max(peak, peak_of(process.pid))
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        time.sleep(0.02)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (folder / "said.txt").read_text()
    return wall, used.ru_utime + used.ru_stime, peak / 1024


def measured(count: int, *, listed: bool, full: bool) -> str:
    """Check so many artifacts with a command of its own; return a row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # by another process: what this one holds would count as memory of the command that it starts
        making = ["--make", name, *(["--full"] if full else []), str(count)]
        subprocess.run([sys.executable, "-m", "benchmarks.scale", *making], check=True)
        manifest = folder / ("all.jsonl" if listed else "verify4k.yaml")
        command = [sys.executable, "-m", "verify4k", "check", str(manifest)]
        command += ["--no-cache"] if full else ["--depth", "header"]
        command += ["--format", "jsonl", "--output-file", str(folder / "out.jsonl")]
        wall, cpu, memory = watched(command, folder)
        with open(folder / "out.jsonl", "rb") as report:
            told = sum(1 for line in report if line.startswith(b'{"type":"asset"'))
        assert told == count, told
    return (
        f"{count:>9,}   {wall:7.1f} s   CPU {cpu:7.1f} s, {1000 * cpu / count:.2f} ms each"
        f"   {memory:7.0f} MiB, {memory * 1024 / count:.1f} KiB each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--listed", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="only make the files there")
    arguments = parser.parse_args()
    for count in arguments.counts:
        if arguments.make is not None:
            make(arguments.make, count, full=arguments.full)
            continue
        print(measured(count, listed=arguments.listed, full=arguments.full), flush=True)


if __name__ == "__main__":
    main()
