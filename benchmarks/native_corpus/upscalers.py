"""Cases enlarged by neural networks: some pictures of sources.tsv, reduced and enlarged again.

    python -m benchmarks.native_corpus.upscalers --work DIR --split dev

Reads the pictures in DIR/src (or in that of ``--pictures``), unpacked as sources.fetch does, and
keeps the results in DIR/ai, since a network takes from 3 s to half a minute a picture. What is missing,
networks (see networks.py) or pictures, is skipped and named. Arithmetic of other processors may
differ by a level here and there.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.native_corpus import cases as corpus
from benchmarks.native_corpus import codecs, pictures
from benchmarks.native_corpus.networks import MODELS, Model, enlarged, loaded
from benchmarks.native_corpus.sources import Source, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY = 3  # of so many sources one is enlarged whole, chosen by its id; to learn from, a part of all others
PART = 2.3e6  # pixels of the result for such a part: the networks of four times take half a minute for each
LATER = 0.75  # some results are reduced afterwards: the lattice stays at the network's input size


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to make."""

    source: Source
    model: Model
    later: bool = False

    @property
    def file(self) -> str:
        after = f"_later{LATER:.2f}" if self.later else ""
        return f"{self.source.id}_{self.model.name}_x{self.model.scale}{after}.png"


def jobs(split: str) -> list[Job]:
    """Every third photograph and drawing by every network, all of them to learn from.

    By those that are for drawings, drawings alone.
    """
    found = []
    for source in (s for s in listed() if s.split == split and s.kind != "generated"):
        for model in MODELS:
            if split == "final" and not whole(source):
                continue
            if source.kind == "photo" and model.name in ("cugan-nose", "x4plus-anime"):
                continue
            later = model.scale == 4 and int(source.id[:6], 16) % (2 * EVERY) == 0
            found.append(Job(source, model, later=later))
    return found


def whole(source: Source) -> bool:
    return int(source.id[:6], 16) % EVERY == 0


def small(image: Image.Image, job: Job) -> Image.Image:
    """What the network is given."""
    model = job.model
    found = image.resize(pictures.scaled(image, model.fits(image) / model.scale), Image.Resampling.LANCZOS)
    share = (PART / model.scale**2 / (found.width * found.height)) ** 0.5
    if whole(job.source) or share >= 1:
        return found
    width, height = (int(side * share) // 2 * 2 for side in found.size)
    left, top = (found.width - width) // 2, (found.height - height) // 2
    return found.crop((left, top, left + width, top + height))


def make(work: Path, split: str, folder: Path, only: str = "") -> None:
    """Make what is missing, and list all there is in labels.jsonl."""
    out = work / "ai" / split
    out.mkdir(parents=True, exist_ok=True)
    for job in jobs(split):
        path = job.source.found(folder)
        if (out / job.file).exists() or only not in job.model.name:
            continue
        net = loaded(job.model)
        if net is None or path is None:
            lacking = "its picture" if net else "ncnn or the weights"
            print(f"skipped {job.file}: {lacking} not found", flush=True)
            continue
        image = pictures.base(path, pictures.drawn(job.source.id))
        big = enlarged(net, job.model, small(image, job))
        if job.later:
            big = big.resize(pictures.scaled(big, LATER), Image.Resampling.LANCZOS)
        big.save(out / f"{job.file}.part", "PNG", compress_level=4)
        (out / f"{job.file}.part").rename(out / job.file)
        print(job.file, flush=True)
    facts = [fact(out, job) for job in jobs(split) if (out / job.file).exists()]
    (out / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in facts))


def fact(out: Path, job: Job) -> dict[str, Any]:
    size = Image.open(out / job.file).size
    shrunk = job.model.scale * (LATER if job.later else 1)
    return {
        "file": job.file, "source": job.source.id, "split": job.source.split, "kind": job.source.kind,
        "model": job.model.name, "scale": job.model.scale, "how": "reduced" if job.later else "plain",
        "native": [round(side / shrunk) for side in size], "size": size, "ratio": 1 / shrunk,
    }  # fmt: skip


def cases(work: Path, split: str) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """The pixels of every kept picture, labelled as cache.make labels its cases.

    As PNG and as JPEG 90; to learn from, by a third codec too, lest a quality stand for a network.
    """
    out = work / "ai" / split
    for job in jobs(split):
        if not (out / job.file).exists():
            continue
        known, chance = fact(out, job), pictures.drawn(job.file)
        usual = ("png", "jpg90")
        for codec in (
            usual if split == "final" else (*usual, corpus.quality(pictures.drawn(job.file, "varied")))
        ):
            image = codecs.coded(Image.open(out / job.file).convert("RGB"), codec, chance)
            label = corpus.Label(
                known["source"], split, known["kind"], f"{Path(job.file).stem}_{codec}", codec,
                known["ratio"], known["how"], known["model"], "network", image.size,
            )  # fmt: skip
            yield np.asarray(image), asdict(label) | {"format": codecs.form(codec)}
    if not any((out / job.file).exists() for job in jobs(split)):
        print("no pictures enlarged by networks: see benchmarks/native_corpus/upscalers.py")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--split", choices=("final", "dev"), default="dev")
    parser.add_argument("--pictures", type=Path, help="the folder whose src/ holds the pictures")
    parser.add_argument("--model", default="", help="only models with this in their name")
    given = parser.parse_args()
    make(given.work, given.split, given.pictures or given.work, given.model)
