"""2,400 4K files at header depth, against exiftool -fast2 -r and sharp's metadata().

    python -m benchmarks.headers [--sharp FOLDER]     FOLDER: where `npm install sharp` was run

Goal: five times faster than both, in the same run. Peers that are not installed are left out and named.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.timing import interleaved

SHARP = """
const sharp = require('sharp'), fs = require('fs'), dir = process.argv[2];
const work = fs.readdirSync(dir).filter(f => /png|jpg|webp|avif/.test(f));
async function worker() { while (work.length) await sharp(dir + '/' + work.pop()).metadata(); }
Promise.all([...Array(8)].map(worker));
"""


def pictures(folder: Path, count: int) -> None:
    """Write one 4K picture in four formats and link it under ``count`` names."""
    random = np.random.default_rng(0)
    small = random.integers(0, 255, (270, 480, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((3840, 2160), Image.Resampling.BICUBIC)
    for suffix in ("png", "jpg", "webp", "avif"):
        original = folder / f"0000.{suffix}"
        image.save(original)
        for number in range(1, count // 4):
            os.link(original, folder / f"{number:04}.{suffix}")
    promises = "".join(f'  "*.{suffix}": 3840x2160\n' for suffix in ("png", "jpg", "webp", "avif"))
    (folder / "verify4k.yaml").write_text(f"version: 1\nfiles:\n{promises}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sharp", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    verify4k = str(Path(sys.executable).with_name("verify4k"))
    with tempfile.TemporaryDirectory() as name:
        pictures(Path(name), 2400)
        commands = {
            "verify4k check": [verify4k, "check", "--depth", "header", "-c", f"{name}/verify4k.yaml"],
            "verify4k inspect": [verify4k, "inspect", "--depth", "header", "--format", "json", name],
        }
        if shutil.which("exiftool"):
            commands["exiftool -fast2 -r"] = [
                "exiftool",
                "-fast2",
                "-r",
                "-ImageSize",
                "-FileType",
                "-j",
                name,
            ]
        if arguments.sharp:
            script = arguments.sharp / "metadata.cjs"
            script.write_text(SHARP)
            commands["sharp metadata()"] = ["node", str(script), name]
        found = interleaved(commands, arguments.runs)
    for peer, timed in found.items():
        ratios = "".join(
            f"   x{timed.wall / found[mine].wall:.1f} of {mine}"
            for mine in ("verify4k check", "verify4k inspect")
        )
        print(f"{peer:20} {timed.wall:6.2f} s{'' if peer.startswith('verify4k') else ratios}")
    for peer in ("exiftool -fast2 -r", "sharp metadata()"):
        if peer not in found:
            print(f"{peer:20} not installed: not compared")


if __name__ == "__main__":
    main()
