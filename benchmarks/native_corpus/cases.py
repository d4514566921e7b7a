"""Labelled cases of one source picture, deterministic: every choice is drawn from a hash of its id."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PIL import Image

from benchmarks.native_corpus import codecs, recipes, resizers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.native_corpus.sources import Source
    from verify4k.analysis.coding import JpegTables

Image.MAX_IMAGE_PIXELS = None
WIDE = (3840, 2160)
# Native widths on a 3840 canvas; twice 1920, because exactly half is the commonest and the hardest.
# Ghosts are the rarest cause of a false alarm and the worst: many to learn from.
GHOSTS = {"dev": 12, "final": 4}
UNPROVEN = ("ukui-wallpapers",)  # 4K as shipped, from unknown sizes
WIDTHS = (1280, 1536, 1920, 1920, 2048, 2560, 3072, 3200)


@dataclass(frozen=True, slots=True)
class Label:
    """What is true of a case."""

    source: str
    split: str
    kind: str
    name: str
    codec: str
    ratio: float = 1.0  # native / stored; 1.0 is a true picture
    how: str = "plain"  # kind of true picture, or what was done besides enlarging
    program: str = ""
    kernel: str = ""
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Case:
    label: Label
    image: Image.Image = field(repr=False)
    tables: JpegTables | None = None


def drawn(*key: object) -> random.Random:
    return random.Random(hashlib.sha256("|".join(map(str, key)).encode()).hexdigest())


def base(path: Path, chance: random.Random) -> Image.Image:
    """The picture at a size that is truly its own: a crop, or a reduction of something larger."""
    if path.suffix == ".jxl":
        import pillow_jxl  # noqa: F401
    image = Image.open(path).convert("RGB")
    width, height = image.size
    least = max(WIDE[0] / width, WIDE[1] / height)
    if least < 0.97:
        size = max(WIDE[0], round(width * least)), max(WIDE[1], round(height * least))
        image = image.resize(size, Image.Resampling.LANCZOS)
    if least <= 1:
        left, top = (image.width - WIDE[0]) // 2, (image.height - WIDE[1]) // 2
        image = image.crop((left, top, left + WIDE[0], top + WIDE[1]))
    else:
        image = image.crop((0, 0, width - width % 2, height - height % 2))
    return image.transpose(Image.Transpose.ROTATE_90) if chance.random() < 0.12 else image


def proven(source: Source, image: Image.Image) -> Image.Image:
    """Pictures whose own making is unknown are reduced, so that a lattice they may carry is gone."""
    if source.package not in UNPROVEN or source.split == "dev":
        return image
    return image.resize(scaled(image, 0.6), Image.Resampling.LANCZOS)


def scaled(image: Image.Image, ratio: float) -> tuple[int, int]:
    return round(image.width * ratio), round(image.height * ratio)


def of(source: Source, path: Path, only: str = "") -> Iterator[Case]:
    """Every case of a source, or those of one kind: true, ghosts, enlarged, arbitrary, eighths."""
    image = proven(source, base(path, drawn(source.id)))
    maker = Maker(source, image)
    if only in ("", "true"):
        yield from maker.true()
    if only in ("", "ghosts"):
        yield from maker.ghosts(proven(source, Image.open(path).convert("RGB")))
    if only in ("", "enlarged"):
        yield from maker.enlarged()
    if only in ("", "arbitrary"):
        yield from maker.arbitrary()
    if only in ("", "eighths"):
        yield from maker.eighths()


class Maker:
    """Cases of one base picture."""

    def __init__(self, source: Source, image: Image.Image) -> None:
        self.source = source
        self.image = image

    def case(self, image: Image.Image, name: str, codec: str, chance: random.Random, **facts: Any) -> Case:
        decoded, tables = codecs.coded(image, codec, chance)
        source = self.source
        return Case(
            Label(source.id, source.split, source.kind, f"{name}_{codec}", codec, size=decoded.size, **facts),
            decoded,
            tables,
        )

    def true(self) -> Iterator[Case]:
        chance = drawn(self.source.id, "true")
        for codec in codecs.CODECS:
            yield self.case(self.image, "true", codec, chance)
        if chance.random() < 0.15:
            yield self.case(self.image, "true", chance.choice(["png16", "webpll"]), chance)
        for kind in chance.sample(recipes.HARD, 2):
            hard = recipes.hard(self.image, kind, chance)
            yield self.case(hard, f"hard-{kind}", chance.choice(codecs.CODECS), chance, how=kind)
        smaller = resizers.reduce(self.image, scaled(self.image, chance.uniform(0.5, 0.9)), chance)
        yield self.case(smaller, "smaller", chance.choice(codecs.CODECS), chance, how="smaller")

    def ghosts(self, original: Image.Image) -> Iterator[Case]:
        """True pixels through which the grid of an older JPEG, or of two, still shows after a reduction."""
        for number in range(GHOSTS[self.source.split]):
            chance = drawn(self.source.id, "ghost", number)
            image = recipes.recompressed(original, chance.choice([60, 75, 85, 92]))
            least = max(0.5, WIDE[0] / original.width * 0.6)
            image = resizers.reduce(image, scaled(image, chance.uniform(min(least, 0.9), 0.97)), chance)
            if number % 5 == 2:  # a second CDN pass
                image = recipes.recompressed(image, chance.choice([75, 85]))
                image = resizers.reduce(image, scaled(image, chance.uniform(0.6, 0.97)), chance)
            image = image.crop((0, 0, min(WIDE[0], image.width), min(WIDE[1], image.height)))
            how = "two passes" if number % 5 == 2 else "ghost"
            yield self.case(image, f"ghost{number}", chance.choice(codecs.CODECS), chance, how=how)

    def enlarged(self) -> Iterator[Case]:
        first = drawn(self.source.id, "start").randrange(1000)
        for number in range(8):
            chance = drawn(self.source.id, "enlarged", number)
            ratio = WIDTHS[(first + number * 3) % len(WIDTHS)] / WIDE[0]
            program, kernel = resizers.ENLARGERS[(first * 5 + number * 7) % len(resizers.ENLARGERS)]
            codec = codecs.CODECS[(first + number) % len(codecs.CODECS)]
            small = resizers.reduce(self.image, scaled(self.image, ratio), chance)
            after = chance.choices(
                ["plain", "sharpened", "grain", "cropped", "two passes"], [64, 9, 9, 9, 9]
            )[0]
            yield self.one(small, ratio, program, kernel, codec, after, chance, f"up{number}")

    def arbitrary(self) -> Iterator[Case]:
        """Any native size, one from a small file that was itself a JPEG."""
        for number in range(3):
            chance = drawn(self.source.id, "arbitrary", number)
            ratio = chance.uniform(0.30, 0.95)
            program, kernel = chance.choice(resizers.ENLARGERS)
            small = resizers.reduce(self.image, scaled(self.image, ratio), chance)
            if number == 1:
                small = recipes.recompressed(small, chance.choice([80, 90]))
            codec = chance.choice([*codecs.CODECS, "webpll"])
            yield self.one(small, ratio, program, kernel, codec, "plain", chance, f"any{number}")

    def eighths(self) -> Iterator[Case]:
        """Native sizes on the codec's own grid, where the lattice is hardest to tell from it."""
        for number, ratio in enumerate((0.25, 0.5, 0.375, 0.5, 0.625)):
            chance = drawn(self.source.id, "eighths", number)
            program, kernel = chance.choice(resizers.ENLARGERS)
            small = resizers.reduce(self.image, scaled(self.image, ratio), chance)
            codec = chance.choice(codecs.CODECS)
            yield self.one(small, ratio, program, kernel, codec, "plain", chance, f"eighth{number}")

    def one(
        self, small: Image.Image, ratio: float, program: str, kernel: str, codec: str, after: str,
        chance: random.Random, name: str,
    ) -> Case:  # fmt: skip
        size = self.image.size
        if after == "cropped":  # enlarged a little more than needed, then an off-centre window
            extra = 1 + chance.uniform(0.01, 0.06)
            larger = round(size[0] * extra), round(size[1] * extra)
            big, program = resizers.enlarge(small, larger, program, kernel)
            left, top = chance.randrange(larger[0] - size[0] + 1), chance.randrange(larger[1] - size[1] + 1)
            big = big.crop((left, top, left + size[0], top + size[1]))
            ratio = ratio / extra
        else:
            big, program = resizers.enlarge(small, size, program, kernel)
        if after == "sharpened":
            big = recipes.sharpened(big)
        elif after == "grain":
            big = recipes.grain(big, chance)
        elif after == "two passes":  # enlarged and coded by one CDN, recoded by the next
            big = recipes.recompressed(big, chance.choice([80, 90]))
        return self.case(big, name, codec, chance, ratio=ratio, how=after, program=program, kernel=kernel)
