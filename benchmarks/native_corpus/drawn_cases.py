"""Text, screens, charts, line art and gradients: true at their size, and enlarged. A class of its own."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from benchmarks.native_corpus import cases, codecs, drawn, pictures, resizers

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    import numpy as np
    from PIL import Image

SIZES = {
    "dev": ((3840, 2160), (2560, 1440), (2160, 3840), (3200, 1800), (2000, 1500), (3840, 2160)),
    "final": ((3840, 2160), (1440, 2560), (3000, 2000)),
}
RATIOS = (1 / 3, 0.5, 0.5333, 2 / 3)


def labelled(split: str) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """The pixels of every case, labelled as cache.make labels those of pictures."""
    for kind in drawn.KINDS:
        for number, size in enumerate(SIZES[split]):
            yield from of(kind, f"{kind}{number}", size, pictures.drawn(split, kind, number), split)
    if split == "dev":
        yield from smooth()


def of(
    kind: str, source: str, size: tuple[int, int], chance: random.Random, split: str
) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """A picture in every codec, and others of its kind enlarged."""
    for codec in codecs.CODECS:
        label = cases.Label(source, split, "drawn", "true", codec)
        yield one(drawn.picture(kind, size, chance), codec, label, chance)
    for ratio in RATIOS:
        program, kernel = chance.choice(resizers.ENLARGERS)
        small = drawn.picture(kind, (round(size[0] * ratio), round(size[1] * ratio)), chance)
        big, program = resizers.enlarge(small, size, program, kernel)
        codec, name = chance.choice(codecs.CODECS), f"up{ratio:.2f}"
        label = cases.Label(source, split, "drawn", name, codec, ratio, program=program, kernel=kernel)
        yield one(big, codec, label, chance)


def smooth() -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """True pictures of which a codec leaves little but its blocks, to learn from."""
    for number, kind in itertools.product(range(10), ("gradient", "shapes")):
        chance = pictures.drawn("smooth", kind, number)
        size = chance.choice([(1600, 900), (1920, 1080), (2560, 1440), (3840, 2160)])
        for codec in (
            *(f"jpg{chance.randint(35, 90)}" for _ in range(5)),
            *(cases.quality(chance) for _ in range(3)),
        ):
            label = cases.Label(f"smooth-{kind}{number}", "dev", "drawn", "true", codec)
            yield one(drawn.picture(kind, size, chance), codec, label, chance)


def one(
    image: Image.Image, codec: str, label: cases.Label, chance: random.Random
) -> tuple[np.ndarray, dict[str, Any]]:
    decoded = codecs.coded(image, codec, chance)
    how = "gradient" if "gradient" in label.source else "plain"
    facts = asdict(label) | {"how": how, "name": f"{label.name}_{codec}", "size": decoded.size}
    return codecs.pixels(decoded, codec), facts | {"format": codecs.form(codec)}
