"""Curves of every cached case, so that a model is learned in seconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.native_corpus.cache import SCALE
from verify4k.analysis import spectra


def run(work: Path, split: str) -> None:
    out = work / "curves" / split
    out.mkdir(parents=True, exist_ok=True)
    for done in sorted((work / "cases" / split).glob("*.done")):
        kept = out / f"{done.stem}.npz"
        if kept.exists():
            continue
        arrays: dict[str, Any] = {}
        for number, line in enumerate(done.read_text().splitlines()):
            label = json.loads(line)
            planes = np.load(done.with_name(f"{label['source']}_{label['name']}.npz"))
            for axis in "xy":
                found = spectra.curves(planes[axis].astype(np.float32) / SCALE)
                arrays[f"{number}a{axis}"] = found.aligned.astype(np.float16)
                arrays[f"{number}l{axis}"] = found.level.astype(np.float16)
                arrays[f"{number}f{axis}"] = found.free.astype(np.float16)
            for name in ("rows", "columns"):
                lines = planes[name].astype(np.float32) / SCALE
                arrays[f"{number}{name}"] = np.abs(np.diff(lines, axis=1)).mean(0)
        np.savez(kept, **arrays)
        print(done.stem, flush=True)


run(Path(sys.argv[1]), sys.argv[2])
