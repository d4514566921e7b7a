"""Pictures as image generators deliver them: true at their size, and enlarged from it. A class of its own.

A generator's decoder makes each pixel of fewer numbers, as an enlargement does, and may leave a lattice
of its own; and these pictures are what is enlarged in practice, from 1024 or 1536 pixels to 4K.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from benchmarks.native_corpus import cases, codecs, recipes, resizers
from benchmarks.native_corpus.pictures import drawn, opened, scaled

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.native_corpus.sources import Source

COUNTS = {"final": 6, "dev": 8}  # of enlargements, and of every other kind in proportion
RATIOS = (0.5, 0.5, 0.4, 1 / 3, 0.375, 2 / 3, 0.625, 0.25, 0.5333, 0.82)
MOST = 3840 * 2160  # pixels that an enlargement may have


def of(source: Source, path: Path) -> Iterator[cases.Case]:
    """Every case of a source."""
    image = opened(path)
    maker = cases.Maker(source, image)
    yield shipped(source, path)
    for codec in codecs.CODECS[1:]:
        yield maker.case(image, "true", codec, drawn(source.id, "true", codec))
    for number in range(COUNTS[source.split] // 2):
        yield true(maker, number, drawn(source.id, "altered", number))
    for number in range(COUNTS[source.split]):
        yield enlarged(maker, number, drawn(source.id, "enlarged", number))


def shipped(source: Source, path: Path) -> cases.Case:
    """The file as it was found, nothing coded again."""
    stored = Image.open(path)
    codec = {"JPEG": "jpg", "WEBP": "webp"}.get(stored.format or "", "png")
    image = stored.convert("RGB")
    label = cases.Label(
        source.id, source.split, source.kind, "shipped", codec, how="as delivered", size=image.size
    )
    return cases.Case(label, image)


def true(maker: cases.Maker, number: int, chance: random.Random) -> cases.Case:
    """Compressed hard before, or reduced, or both."""
    image, how = maker.image, ("recoded", "smaller", "ghost")[number % 3]
    if how != "smaller":
        image = recipes.recompressed(image, chance.randint(40, 90))
    if how != "recoded":
        image = resizers.reduce(image, scaled(image, chance.uniform(0.6, 0.95)), chance)
    return maker.case(image, f"{how}{number}", cases.quality(chance), chance, how=how)


def enlarged(maker: cases.Maker, number: int, chance: random.Random) -> cases.Case:
    """From the picture's own size, all of which is there."""
    small = maker.image
    ratio = 0.5 if number < 2 else chance.choice(RATIOS)
    ratio = max(ratio, (small.width * small.height / MOST) ** 0.5)
    program, kernel = chance.choice(resizers.ENLARGERS)
    codec = codecs.CODECS[(number + chance.randrange(2)) % len(codecs.CODECS)]
    big, program = resizers.enlarge(small, scaled(small, 1 / ratio), program, kernel)
    return maker.case(big, f"up{number}", codec, chance, ratio=ratio, program=program, kernel=kernel)
