"""CPU time and peak memory of the analysis beyond the decoded array, each size in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SIZES = ((3840, 2160), (1920, 1080), (7680, 4320), (8660, 5773))
PROGRAM = """
import sys, time
import numpy as np
from verify4k.analysis import padding, blank
from verify4k.analysis.native import analyse as native
width, height = int(sys.argv[1]), int(sys.argv[2])
draw = np.random.default_rng(1)
pixels = draw.integers(0, 90, (height, width, 3), np.uint8)
pixels[:, ::3] += np.arange(width, dtype=np.uint8)[None, ::3, None] // 2
native.analyse(pixels[:400, :400], format="png")
def memory(name):
    line = next(x for x in open("/proc/self/status") if x.startswith(name))
    return int(line.split()[1]) / 1024
before = memory("VmRSS")
open("/proc/self/clear_refs", "w").write("5")  # forget the highest mark so far
times = []
native_png = lambda: native.analyse(pixels, format="png")
for call in (native_png, lambda: padding.find(pixels), lambda: blank.blank(pixels)):
    took = []
    for _ in range(3):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    times.append(min(took))
print(*(f"{t:.3f}" for t in times), f"{memory('VmHWM') - before:.0f}")
"""


def show() -> None:
    print("\n| pixels | native, CPU s | padding | blank | peak MB beyond the array |\n|---|---|---|---|---|")
    root = Path(__file__).parents[2]
    for width, height in SIZES:
        command = [sys.executable, "-c", PROGRAM, str(width), str(height)]
        environment = {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        print(f"| {width}x{height} | {' | '.join(done.stdout.split())} |")
