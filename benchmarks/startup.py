"""How long a start takes, against importing what any such command needs.

    python -m benchmarks.startup [--runs 15]

Goals: ``--help`` and ``size`` within 1.5 times ``import click``; ``check`` of one small PNG within
1.5 times ``import click, yaml, PIL.Image``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from PIL import Image

from benchmarks.timing import interleaved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    verify4k = str(Path(sys.executable).with_name("verify4k"))
    with tempfile.TemporaryDirectory() as folder:
        Image.linear_gradient("L").convert("RGB").resize((320, 192)).save(Path(folder) / "a.png")
        (Path(folder) / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 320x192}\n")
        found = interleaved(
            {
                "import click": [sys.executable, "-c", "import click"],
                "import click, yaml, PIL.Image": [sys.executable, "-c", "import click, yaml, PIL.Image"],
                "verify4k --help": [verify4k, "--help"],
                "verify4k size 3840x2160": [verify4k, "size", "3840x2160"],
                "verify4k check (one small PNG)": [verify4k, "check"],
            },
            runs,
            cwd=folder,
        )
    click, pillow = found["import click"], found["import click, yaml, PIL.Image"]
    for name, timed in found.items():
        base = pillow if "check" in name else click
        ratios = f"x{timed.wall / base.wall:.2f}   cpu x{timed.cpu / base.cpu:.2f}"
        print(f"{name:32} wall {timed.wall * 1000:6.1f} ms  {ratios}")


if __name__ == "__main__":
    main()
