"""How CPU and memory grow with the number of artifacts: header depth, a jsonl report, one command a row.

    python -m benchmarks.scale [--listed] [10000 100000 1000000]

The files are hard links of one JPEG of 3840x2160, made and removed again; a million take some minutes and
10 GB of small folders. ``--listed``: promised one by one in a JSONL file instead of by a pattern.
"""

from __future__ import annotations

import argparse
import os
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


def make(folder: Path, count: int) -> None:
    """Make the files, a manifest with a pattern, and a list."""
    (folder / "verify4k.yaml").write_text("version: 1\nfiles: {d/**/*.jpg: 3840x2160}\n")
    with open(folder / "all.jsonl", "w") as listing:
        listing.writelines(f'{{"file": "{name}", "size": "3840x2160"}}\n' for name in linked(folder, count))


def measured(count: int, *, listed: bool) -> str:
    """Check so many artifacts with a command of its own; return a row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # by another process: what this one holds would count as memory of the command that it starts
        subprocess.run([sys.executable, "-m", "benchmarks.scale", "--make", name, str(count)], check=True)
        manifest = folder / ("all.jsonl" if listed else "verify4k.yaml")
        command = [sys.executable, "-m", "verify4k", "check", str(manifest)]
        command += ["--depth", "header", "--format", "jsonl", "--output-file", str(folder / "out.jsonl")]
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=with_bytecode(), cwd=folder, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, said.decode()
        with open(folder / "out.jsonl", "rb") as report:
            told = sum(1 for line in report if line.startswith(b'{"type":"asset"'))
        assert told == count, told
    cpu = used.ru_utime + used.ru_stime
    memory = used.ru_maxrss / 1024
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
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="only make the files there")
    arguments = parser.parse_args()
    for count in arguments.counts:
        if arguments.make is not None:
            make(arguments.make, count)
            continue
        print(measured(count, listed=arguments.listed), flush=True)


if __name__ == "__main__":
    main()
