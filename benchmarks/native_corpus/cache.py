"""Make the cases once and keep what the analysis measures of each, so that learning and judging are quick."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.native_corpus import cases, codecs, drawn_cases, generated_cases, upscalers
from benchmarks.native_corpus.sources import Source, listed
from verify4k.analysis import planes
from verify4k.analysis.native import analyse as native
from verify4k.analysis.native import checkerboard, copies, emphasis, spectra
from verify4k.analysis.native.spectra import Curves
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from verify4k.analysis.native.peaks import PairedAxes
    from verify4k.analysis.native.verdict import Native

SCALE = 128  # grey levels are kept as 16-bit fixed point


def make(work: Path, split: str) -> None:
    """Every source of a split on both cores, each once; then what was drawn, and what networks enlarged."""
    out = work / "measured" / split
    out.mkdir(parents=True, exist_ok=True)
    wanted = [s for s in listed() if s.split == split and not (out / f"{s.id}.jsonl").exists()]
    with ProcessPoolExecutor(2) as pool:
        for done in pool.map(one, [(source, work, out) for source in wanted]):
            print(done, flush=True)
    for name, made in (("drawn", drawn_cases.labelled(split)), ("networks", upscalers.cases(work, split))):
        if not (out / f"{name}.jsonl").exists():
            print(keep(out / f"{name}.jsonl", made), flush=True)


def one(asked: tuple[Source, Path, Path]) -> str:
    """Make, measure and label every case of a source."""
    source, work, out = asked
    path = source.found(work)
    if path is None:
        raise FileNotFoundError(f"{source.path} is not in {source.package}: another version of the package?")
    return keep(out / f"{source.id}.jsonl", labelled(source, path))


def labelled(source: Source, path: Path) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    made = generated_cases.of if source.kind == "generated" else cases.of
    for case in made(source, path):
        codec = case.label.codec
        yield codecs.pixels(case.image, codec), asdict(case.label) | {"format": codecs.form(codec)}


def keep(out: Path, made: Iterable[tuple[np.ndarray, dict[str, Any]]]) -> str:
    labels: list[str] = []
    arrays: dict[str, Any] = {}
    for number, (pixels, label) in enumerate(made):
        labels.append(json.dumps(label))
        arrays |= {f"{number}{name}": array for name, array in measured(pixels).items()}
    np.savez(out.with_suffix(".npz"), **arrays)
    out.write_text("\n".join(labels))
    return f"{out.stem} {len(labels)}"


def measured(pixels: np.ndarray) -> dict[str, Any]:
    kept = planes.averaged(pixels)
    rows, columns = planes.samples(pixels)
    found: dict[str, Any] = {
        "rows": (rows * SCALE).round().astype(np.uint16),
        "columns": (columns * SCALE).round().astype(np.uint16),
    }
    traces = checkerboard.traces(pixels)
    changes = copies.changes(pixels, rows, columns)
    if changes is not None:
        found |= {f"changes-{axis}": changed for axis, changed in zip("xy", changes, strict=True)}
    found |= {f"traces-{axis}": getattr(traces, axis).astype(np.complex64) for axis in "xy"}
    undashed = checkerboard.undashed_traces(pixels)
    if undashed is not None:
        found |= {f"undashed-{axis}": getattr(undashed, axis).astype(np.complex64) for axis in "xy"}
    for axis, plane in (("x", kept.x), ("y", kept.y)):
        light = planes.linear_light(plane)
        looks = {
            "plain": spectra.plane_curves(plane),
            "emphasised": spectra.plane_curves(emphasis.detail_weighted(plane)),
            "linear_light": spectra.plane_curves(light),
            "coarse": spectra.coarse_curves(planes.linear_light(planes.row_pairs(plane))),
        }
        for kind, curves in looks.items():
            found[f"pairs-{kind}-{axis}"] = curves.pairs
            for name in ("aligned", "free", "level"):
                found[f"{name}-{kind}-{axis}"] = getattr(curves, name).astype(np.float16)
    return found


class Kept:
    """One case as it was kept."""

    def __init__(self, label: dict[str, Any], arrays: Any, number: int) -> None:
        self.label = label
        self.arrays = arrays
        self.number = number

    def _array(self, name: str) -> NDArray[np.float32]:
        return np.asarray(self.arrays[f"{self.number}{name}"], np.float32)

    @cached_property
    def lines(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows, columns = (self._array(name) / np.float32(SCALE) for name in ("rows", "columns"))
        return rows, columns

    @cached_property
    def texture(self) -> Texture:
        return Texture(*self.lines)

    @cached_property
    def changes(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        names = [f"{self.number}changes-{axis}" for axis in "xy"]
        return (self.arrays[names[0]], self.arrays[names[1]]) if names[0] in self.arrays else None

    @property
    def inverse(self) -> None:
        """Not kept: half a gigabyte of planes for every source."""

    windows = inverse

    @cached_property
    def traces(self) -> checkerboard.Traces:
        return checkerboard.Traces(*(self.arrays[f"{self.number}traces-{axis}"] for axis in "xy"))

    @cached_property
    def undashed_traces(self) -> checkerboard.Traces | None:
        names = [f"{self.number}undashed-{axis}" for axis in "xy"]
        return checkerboard.Traces(*map(self.arrays.get, names)) if names[0] in self.arrays else None

    @cached_property
    def plain(self) -> PairedAxes:
        return self._joint("plain")

    @cached_property
    def emphasised(self) -> PairedAxes:
        return self._joint("emphasised")

    @cached_property
    def linear_light(self) -> PairedAxes:
        return self._joint("linear_light")

    @cached_property
    def coarse(self) -> PairedAxes:
        return self._joint("coarse")

    def _joint(self, kind: str) -> PairedAxes:
        names = ("aligned", "pairs", "free", "level")
        x, y = (Curves(*(self._array(f"{name}-{kind}-{axis}") for name in names)) for axis in "xy")
        return native.paired_spectra(x, y)

    def verdict(self) -> Native:
        width, height = self.label["size"]
        return native.verdict_on(*self.lines, self, self.label["format"], (width, height))


def kept(work: Path, split: str) -> Iterator[Kept]:
    """Every case that was made of a split."""
    for labels in sorted((work / "measured" / split).glob("*.jsonl")):
        arrays = np.load(labels.with_suffix(".npz"))
        for number, line in enumerate(labels.read_text().splitlines()):
            yield Kept(json.loads(line), arrays, number)
