"""Many small pictures, once without and then with the cache of facts: seconds by the clock and of CPU.

    python -m benchmarks.warm [--work DIR] [--count 10000] [FOLDER]

The pictures are JPEGs of 600x320 cut out of the photographs of benchmarks.full, no two alike, or those in
FOLDER. The cache is one of its own. Beside a run at header depth, which decodes nothing and asks no cache,
and one over a single picture, which is what starting takes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from benchmarks import photographs
from benchmarks.timing import interleaved, once

SIZE = (600, 320)
TURNS = 5
SETTLED = 3  # seconds: what is as new as the run is read again


def cut(photos: Path, folder: Path, count: int) -> None:
    """Write ``count`` crops, from as many places of each photograph."""
    paths = sorted(photos.glob("*.jpg"))
    each = -(-count // len(paths))
    done = 0
    for path in paths:
        with Image.open(path) as image:
            whole = image.convert("RGB")
        across, down = whole.width - SIZE[0], whole.height - SIZE[1]
        for number in range(min(each, count - done)):
            left, top = number * 37 % across, number * 101 % down
            whole.crop((left, top, left + SIZE[0], top + SIZE[1])).save(folder / f"{done:05}.jpg", quality=85)
            done += 1


def measure(folder: Path, scratch: Path) -> None:
    """Print one row a command."""
    one = scratch / "one.yaml"
    first = min(path for path in folder.iterdir() if path.suffix != ".yaml")
    one.write_text(f"version: 1\nroot: {folder}\nfiles: {{{first.name}: {{width: 1..}}}}\n")
    every = scratch / "every.yaml"
    every.write_text(f'version: 1\nroot: {folder}\nfiles: {{"*": {{width: 1..}}}}\n')
    verify4k = [str(Path(sys.executable).with_name("verify4k")), "check", "--allow-empty", "-c"]
    os.environ["VERIFY4K_CACHE_DIR"] = str(scratch / "cache")
    time.sleep(SETTLED)
    cold = once([*verify4k, str(every)])
    found = interleaved(
        {
            "with the cache": [*verify4k, str(every)],
            "at header depth": [*verify4k, str(every), "--depth", "header"],
            "one picture": [*verify4k, str(one)],
        },
        TURNS,
    )
    print("| run | wall s | CPU s |\n|---|---|---|")
    for name, taken in {"first": cold, **found}.items():
        print(f"| {name} | {taken.wall:.2f} | {taken.cpu:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "verify4k-photographs")
    parser.add_argument("--count", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = given.folder
        if folder is None:
            folder = scratch / "pictures"
            folder.mkdir()
            cut(photographs.prepared(given.work), folder, given.count)
        measure(folder, scratch)


if __name__ == "__main__":
    main()
