"""Judge every cached case with the analysis as it is now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.native_corpus.cache import SCALE
from verify4k.analysis import native, planes

if TYPE_CHECKING:
    from pathlib import Path

# Sources whose shipped file carries a lattice of its own: no true pictures of their size.
DOUBTFUL = ("RainDrops", "horse", "0db577-Path", "firstgeneration")


@dataclass(frozen=True, slots=True)
class Judged:
    """A label and what the analysis said of it."""

    label: dict[str, Any]
    found: native.Native

    @property
    def true(self) -> bool:
        return bool(self.label["ratio"] == 1)

    @property
    def size_right(self) -> bool:
        return self.found.ratio is not None and abs(self.found.ratio / self.label["ratio"] - 1) < 0.02


def judged(work: Path, split: str) -> list[Judged]:
    found = []
    for done in sorted((work / "cases" / split).glob("*.done")):
        if any(name in done.stem for name in DOUBTFUL):
            continue
        for line in done.read_text().splitlines():
            label = json.loads(line)
            found.append(Judged(label, verdict(done.parent, label)))
    return found


def verdict(folder: Path, label: dict[str, Any]) -> native.Native:
    kept = np.load(folder / f"{label['source']}_{label['name']}.npz")
    arrays = {name: kept[name].astype(np.float32) / SCALE for name in ("x", "y", "rows", "columns")}
    reduced = planes.Planes(arrays["x"], arrays["y"], tuple(kept["across"]))
    width, height = label["size"]
    return native.concluded(
        native.Reduced(reduced, arrays["rows"], arrays["columns"]), label["format"], width, height
    )
