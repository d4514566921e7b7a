"""How well verify4k tells real 4K from enlarged 2K: one command, false alarms first.

    python benchmarks/native.py --work DIR            measure on the final sources (looked at once)
    python benchmarks/native.py --work DIR --split dev
    python benchmarks/native.py --work DIR --split fresh --share 0.5   a seeded half, by all that ships

Fetches the source pictures with apt-get, unearth and npm (nothing is installed), makes the labelled
cases deterministically, judges them and prints the table. Needs numpy, Pillow and, for .jxl
sources, pillow-jxl-plugin; resizers that are missing (OpenCV, libvips, ffmpeg, ImageMagick) are
replaced by Pillow, and without OpenCV no sensors are imitated. Pictures enlarged by neural networks
are judged where benchmarks/native_corpus/upscalers.py has made them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # a plain clone, nothing installed

from benchmarks.native_corpus import cache, cost, results, sources, table, whole

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--work", type=Path, required=True, help="a folder for some 10 GB of pictures and cases"
    )
    parser.add_argument("--split", choices=("final", "dev", "fresh"), default="final")
    parser.add_argument(
        "--share", type=float, help="judge this share of the cases by everything that ships, keeping nothing"
    )
    parser.add_argument("--misses", action="store_true", help="also list what was not found")
    given = parser.parse_args()
    work = given.work.resolve()
    sources.fetch(work, given.split)
    if given.share:
        table.show(list(whole.judged(work, given.split, given.share)), misses=given.misses)
        raise SystemExit
    cache.make(work, given.split)
    table.show(results.judged(work, given.split), misses=given.misses)
    cost.show()
