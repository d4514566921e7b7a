"""Make the cases once and keep what the analysis needs of each (its planes), so that learning is quick."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.native_corpus import cases, codecs
from benchmarks.native_corpus.sources import listed
from verify4k.analysis import planes

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 128  # grey levels are kept as 16-bit fixed point


def fixed_point(lines: np.ndarray) -> np.ndarray:
    return (lines * SCALE).round().astype(np.uint16)


def make(work: Path, split: str, only: str = "") -> None:
    out = work / "cases" / split
    out.mkdir(parents=True, exist_ok=True)
    for source in listed():
        path = source.found(work)
        done = out / f"{source.id}{only}.done"
        if source.split != split or path is None or done.exists():
            continue
        labels = []
        for case in cases.of(source, path, only):
            keep(out, case)
            facts = asdict(case.label) | {"luma": case.tables.luma if case.tables else None}
            labels.append(facts | {"format": codecs.FORMATS[codecs.split(case.label.codec)[0]]})
        done.write_text("\n".join(map(json.dumps, labels)))
        print(source.id, len(labels), flush=True)


def keep(out: Path, case: cases.Case) -> None:
    pixels = codecs.pixels(case.image, case.label.codec)
    reduced = planes.averaged(pixels)
    fixed: dict[str, Any] = {axis: fixed_point(getattr(reduced, axis)) for axis in ("x", "y")}
    rows, columns = planes.samples(pixels)
    np.savez(
        out / f"{case.label.source}_{case.label.name}.npz",
        across=np.array(reduced.across), rows=fixed_point(rows),
        columns=fixed_point(columns), **fixed,
    )  # fmt: skip


if __name__ == "__main__":
    import sys
    from pathlib import Path as Folder

    make(Folder(sys.argv[1]), *sys.argv[2:])
