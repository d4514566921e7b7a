"""What the judges of verify4k/analysis/enlargers.py are taught: pictures by networks, and everything else.

    python -m benchmarks.native_corpus.enlarger_lessons --work DIR [--pictures DIR]

Keeps the traces of every picture in DIR/enlarger_lessons. True pictures are made to look as much like a
network's as they can: coded and decoded, twice as well, dithered, reduced so that a codec's grid, a sensor's
or a generator's lattice lands on the lines that networks have, and enlarged slightly. Drawn pages are among
them. Pictures by networks are those of upscalers.py, as PNG, with their tones changed, and as JPEG.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.native_corpus import codecs, drawn_cases, pictures, recipes, sensors, upscalers
from benchmarks.native_corpus.results import doubtful
from benchmarks.native_corpus.sources import Source, listed
from verify4k.analysis.native import checkerboard

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

MOST = 9_000_000  # pixels of a picture that is coded or reduced
BEFORE = ("jpg75", "jpg85", "jpg90", "jpg95", "webp80", "avif55")  # what a picture was coded with before
FILTERS = (
    Image.Resampling.LANCZOS, Image.Resampling.BOX, Image.Resampling.BICUBIC, Image.Resampling.BILINEAR,
)  # fmt: skip
TWICE = ("jpg85", "jpg90", "webp80", "avif55")
JPEG = ("jpg90", "jpg95", "jpg85")  # of pictures by networks
SMALLEST = 320  # pixels on the shorter side


@dataclass(frozen=True, slots=True)
class Lesson:
    """Traces, with what made the picture: a network and its scale, or nothing."""

    traces: checkerboard.Traces
    source: str
    kind: str
    network: str
    scale: int
    codec: str
    pixels: int


def true(source: Source, path: Path) -> Iterator[tuple[Image.Image, str]]:
    """Pictures that no network enlarged, each with the codec that it is to be kept with."""
    chance = pictures.drawn(source.id, "enlargers")
    first = pictures.opened(path)
    if source.kind != "generated":
        first = pictures.base(path, pictures.drawn(source.id))
    yield first, "png"
    for codec in ("jpg90", chance.choice(["jpg75", "jpg95"])):
        yield first, codec
    for codec in chance.sample(BEFORE, 3):
        coded = codecs.coded(fitting(first, MOST), codec, chance)
        yield coded, "png"
        for _ in range(2):
            yield reduced(coded, chance), "png"
    for codec in ("png", "png", chance.choice(JPEG)):
        yield reduced(first, chance), codec
    again = codecs.coded(fitting(first, MOST), chance.choice(TWICE), chance)
    yield chance.choice([again, reduced(again, chance)]), "jpg90"
    larger = pictures.scaled(small := fitting(first, MOST // 2), chance.uniform(1.1, 1.4))
    for codec in ("png", "jpg90"):
        yield small.resize(larger, chance.choice(FILTERS[2:])), codec
    if source.kind == "generated":
        yield from ((reduced(first, chance, share), "png") for share in (0.5, 0.75))
    else:
        yield from through_sensor(first, chance)
    yield from twice(first, pictures.drawn(source.id, "twice"))
    yield from dithered(first, pictures.drawn(source.id, "dithered"))


def through_sensor(first: Image.Image, chance: random.Random) -> Iterator[tuple[Image.Image, str]]:
    """A camera's picture, and one coded since."""
    sensed = sensors.photographed(fitting(reduced(first, chance, 0.6), MOST // 2), chance)
    yield from ((sensed, codec) for codec in ("png", "jpg90", chance.choice(["jpg75", "jpg95"])))
    yield codecs.coded(sensed, chance.choice(BEFORE), chance), "png"


def twice(first: Image.Image, chance: random.Random) -> Iterator[tuple[Image.Image, str]]:
    """JPEG of any quality, and JPEG of what was one: two grids of unlike steps, which lie on each other."""
    yield first, f"jpg{chance.randint(60, 97)}"
    small = fitting(first, MOST)
    for share in (1.0, 1.0, chance.uniform(0.4, 0.95)):
        older = recipes.recompressed(small, chance.randint(40, 90))
        yield older if share == 1 else reduced(older, chance, share), f"jpg{chance.randint(70, 96)}"


def dithered(first: Image.Image, chance: random.Random) -> Iterator[tuple[Image.Image, str]]:
    """By ordered matrices, as programs reduce 10 bits to 8, or colours to a few: a network's pitch."""
    small = fitting(first, MOST)
    for side, codec in ((4, "png"), (8, "png"), (chance.choice([2, 4, 8]), "png"), (4, "jpg90")):
        one = chance.choice([small, reduced(small, chance, 0.6)])
        yield recipes.dithered(one, side, chance.choice([6, 32, 256, 256])), codec


def fitting(image: Image.Image, most: int) -> Image.Image:
    """The picture, reduced if it has more pixels."""
    share = (most / (image.width * image.height)) ** 0.5
    return image if share >= 1 else image.resize(pictures.scaled(image, share), Image.Resampling.LANCZOS)


def reduced(image: Image.Image, chance: random.Random, share: float = 0.0) -> Image.Image:
    """To one half and three quarters most of all: there old lattices land on the lines of networks."""
    share = share or chance.choice([0.5, 0.5, 0.75, 0.75, 0.25, chance.uniform(0.3, 0.95)])
    width, height = pictures.scaled(image, share)
    return image.resize((max(64, width), max(64, height)), chance.choice(FILTERS))


def by_network(image: Image.Image, chance: random.Random) -> Iterator[tuple[Image.Image, str]]:
    """A picture by a network, as it is delivered."""
    yield image, "png"
    tones = np.asarray(image, np.float32) / 255
    changed = np.clip(tones ** chance.uniform(0.8, 1.25) * chance.uniform(0.9, 1.1), 0, 1)
    yield Image.fromarray(np.rint(changed * 255).astype(np.uint8)), "png"
    for codec in JPEG:
        yield image, codec


def coded(
    made: Iterator[tuple[Image.Image, str]], known: dict[str, object]
) -> Iterator[tuple[np.ndarray, dict[str, object]]]:
    """The pixels of pictures after their codec, and what is known of them."""
    for number, (image, codec) in enumerate(made):
        if min(image.size) >= SMALLEST:
            chance = pictures.drawn(known["source"], known["network"], number)
            yield np.asarray(codecs.coded(image, codec, chance)), known | {"codec": codec}


def keep(out: Path, made: Iterator[tuple[np.ndarray, dict[str, object]]]) -> str:
    """Write the traces of some pictures and what is known of them."""
    labels, arrays = [], {}
    for number, (pixels, known) in enumerate(made):
        traces = checkerboard.traces(pixels)
        arrays |= {f"{number}{axis}": getattr(traces, axis).astype(np.complex64) for axis in "xy"}
        labels.append(known | {"pixels": pixels.shape[0] * pixels.shape[1]})
    np.savez(out.with_suffix(".npz"), **arrays)
    out.write_text("\n".join(map(json.dumps, labels)))
    return f"{out.stem} {len(labels)}"


def drawn() -> Iterator[tuple[np.ndarray, dict[str, object]]]:
    """True pages, screens, charts, shapes and gradients."""
    for pixels, label in drawn_cases.labelled("dev"):
        if label["ratio"] == 1:
            names = {"source": label["source"], "kind": "drawn", "network": "", "scale": 1}
            yield pixels, names | {"codec": label["codec"]}


def one(folders: list[Path], out: Path, source: Source) -> str:
    """Every true lesson of a source."""
    path = next((found for found in map(source.found, folders) if found), None)
    if path is None:
        return f"skipped {source.id}: its picture not found"
    known = {"source": source.id, "kind": source.kind, "network": "", "scale": 1}
    return keep(out / f"{source.id}.jsonl", coded(true(source, path), known))


def enlarged(folder: Path, out: Path, job: upscalers.Job) -> str:
    """Every lesson of a picture by a network."""
    known = {
        "source": job.source.id, "kind": job.source.kind, "network": job.model.name, "scale": job.model.scale,
    }  # fmt: skip
    image = Image.open(folder / job.file).convert("RGB")
    made = by_network(image, pictures.drawn(job.file, "tones"))
    return keep(out / f"{job.file}.jsonl", coded(made, known))


def make(work: Path, folders: list[Path]) -> None:
    """Make what is missing of both kinds, on both cores."""
    out = work / "enlarger_lessons"
    out.mkdir(parents=True, exist_ok=True)
    wanted = [
        source for source in listed()
        if source.split == "dev" and not doubtful({"source": source.id})
        and not (out / f"{source.id}.jsonl").exists()
    ]  # fmt: skip
    folder = work / "ai" / "dev"
    jobs = [
        job for job in upscalers.jobs("dev")
        if not job.later and (folder / job.file).exists() and not (out / f"{job.file}.jsonl").exists()
    ]  # fmt: skip
    if not (out / "drawn.jsonl").exists():
        print(keep(out / "drawn.jsonl", drawn()), flush=True)
    with ProcessPoolExecutor(2) as pool:
        for done in pool.map(partial(one, folders, out), wanted):
            print(done, flush=True)
        for done in pool.map(partial(enlarged, folder, out), jobs):
            print(done, flush=True)


def kept(work: Path) -> Iterator[Lesson]:
    """Every lesson that was made."""
    for labels in sorted((work / "enlarger_lessons").glob("*.jsonl")):
        arrays = np.load(labels.with_suffix(".npz"))
        for number, line in enumerate(labels.read_text().splitlines()):
            traces = checkerboard.Traces(*(arrays[f"{number}{axis}"] for axis in "xy"))
            yield Lesson(traces, **json.loads(line))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, nargs="*", help="the folders whose src/ hold the pictures")
    given = parser.parse_args()
    make(given.work, given.pictures or [given.work])
