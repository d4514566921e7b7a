"""Judge a seeded share of the cases by everything that ships: cells, exact copies, inversion and all.

The kept measurements of cache.py hold no planes, so that the table of all cases is of the judges alone.
Here every case is made, judged at once and forgotten; some classes that the table lacks are added.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.native_corpus import cache, codecs, pictures, resizers
from benchmarks.native_corpus.cases import Label
from benchmarks.native_corpus.results import Judged
from benchmarks.native_corpus.sources import Source, listed
from verify4k.analysis.native.analyse import analyse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verify4k.analysis.native.verdict import Native

    Pixels = np.ndarray[Any, Any]

_SEED = "whole"
_CELLS = (3, 4, 8, 9, 12, 20, 37, 60)  # pixels
_COPIES = (1 / 3, 0.5, 0.5333, 2 / 3)  # nearest neighbour, lossless
_STRETCHED = (0.5, 0.5625, 2 / 3)  # along x alone


def judged(work: Path, split: str, share: float) -> Iterator[Judged]:
    """Cases of every source that is there, then cells; each by its own draw."""
    for source in listed():
        path = source.found(work) if source.split == split else None
        if path is None:
            continue
        for pixels, label in _labelled(source, path):
            if pictures.drawn(_SEED, source.id, label["name"]).random() < share:
                yield Judged(label, _verdict(pixels, label))
    for pixels, label in cells(split):
        yield Judged(label, _verdict(pixels, label))


def _verdict(pixels: Pixels, label: dict[str, Any]) -> Native:
    return analyse(np.ascontiguousarray(pixels), format=label["format"])


def _labelled(source: Source, path: Path) -> Iterator[tuple[Pixels, dict[str, Any]]]:
    yield from cache.labelled(source, path)
    image = pictures.proven(source, pictures.base(path, pictures.drawn(source.id)))
    chance = pictures.drawn(source.id, _SEED)
    for ratio in _COPIES:
        small = resizers.reduce(image, pictures.scaled(image, ratio), chance)
        big = small.resize(image.size, Image.Resampling.NEAREST)
        facts = {"ratio": small.width / big.width, "how": "copies", "kernel": "nearest", "program": "pillow"}
        yield _case(big, source, f"copies{ratio:.2f}", chance.choice(("png", "webpll")), **facts)
    for ratio in _STRETCHED:
        small = resizers.reduce(image, (round(image.width * ratio), image.height), chance)
        big = small.resize(image.size, Image.Resampling.BICUBIC)
        facts = {"ratio": ratio, "how": "one axis", "kernel": "bicubic", "program": "pillow"}
        yield _case(big, source, f"axis{ratio:.2f}", "png", **facts)


def _case(image: Image.Image, source: Source, name: str, codec: str, **facts: Any) -> Any:
    decoded = codecs.coded(image, codec, pictures.drawn(source.id, name))
    label = Label(source.id, source.split, source.kind, f"{name}_{codec}", codec, size=decoded.size, **facts)
    return codecs.pixels(decoded, codec), asdict(label) | {"format": codecs.form(codec)}


def cells(split: str) -> Iterator[tuple[Pixels, dict[str, Any]]]:
    """Two-colour art and pixel art in whole cells, in every codec; kind `cells`, true at their size."""
    for number, (cell, codec) in enumerate((c, k) for c in _CELLS for k in codecs.CODECS):
        chance = np.random.default_rng([number, len(split)])
        wide, tall = 3840 if number % 4 == 0 else 1920, 2160 if number % 4 == 0 else 1080
        colours = chance.integers(0, 256, (2 if number % 2 else 12, 3), np.uint8)
        colours[0] = 255 - colours[1]
        drawn = chance.integers(0, len(colours), (-(-tall // cell), -(-wide // cell)))
        image = np.repeat(np.repeat(colours[drawn], cell, 0), cell, 1)[:tall, :wide]
        source = Source(split, "cells", 1.0, "", "cells", f"{number}")
        yield _case(Image.fromarray(image), source, f"cell{cell}", codec)
