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

from PIL import Image

from benchmarks.timing import with_bytecode

A_FOLDER = 1_000  # files
AN_INODE = 30_000  # links; file systems allow some 32,000 to 65,000


def linked(folder: Path, count: int) -> list[str]:
    """Make so many names of a picture; return them."""
    names = []
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
        names.append(name)
    return names


def measured(count: int, *, listed: bool) -> str:
    """Check so many artifacts with a command of its own; return a row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = linked(folder, count)
        manifest, promises = folder / "verify4k.yaml", "files: {d/**/*.jpg: 3840x2160}"
        if listed:
            (folder / "all.jsonl").write_text(
                "".join(f'{{"file": "{one}", "size": "3840x2160"}}\n' for one in names)
            )
            manifest = folder / "all.jsonl"
        else:
            manifest.write_text(f"version: 1\n{promises}\n")
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
    arguments = parser.parse_args()
    for count in arguments.counts:
        print(measured(count, listed=arguments.listed), flush=True)


if __name__ == "__main__":
    main()
