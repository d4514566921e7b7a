"""Labelled cases of one source picture, deterministic: every choice is drawn from a hash of its id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.native_corpus import codecs, recipes, resizers, sensors
from benchmarks.native_corpus.pictures import WIDE, base, drawn, opened, proven, scaled

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from benchmarks.native_corpus.sources import Source

# Native widths on a 3840 canvas; twice 1920, because exactly half is the commonest and the hardest.
# Ghosts are the rarest cause of a false alarm and the worst: a quarter of the true cases.
GHOSTS = 4
RECODED = 3
SENSORS = {"final": 3, "fresh": 3, "dev": 7}
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


def of(source: Source, path: Path) -> Iterator[Case]:
    """Every case of a source: true, ghosts, enlarged, arbitrary, eighths; varied ones to learn from."""
    image = proven(source, base(path, drawn(source.id)))
    original = proven(source, opened(path))
    maker = Maker(source, image)
    yield from maker.true()
    yield from maker.recoded()
    yield from maker.ghosts(original)
    yield from maker.photographed(original)
    yield from maker.enlarged()
    yield from maker.arbitrary()
    yield from maker.eighths()
    if source.split == "dev":
        yield from Varied(source, image, original).cases()


class Maker:
    """Cases of one base picture."""

    def __init__(self, source: Source, image: Image.Image) -> None:
        self.source = source
        self.image = image

    def case(self, image: Image.Image, name: str, codec: str, chance: random.Random, **facts: Any) -> Case:
        decoded, source = codecs.coded(image, codec, chance), self.source
        return Case(
            Label(source.id, source.split, source.kind, f"{name}_{codec}", codec, size=decoded.size, **facts),
            decoded,
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

    def recoded(self) -> Iterator[Case]:
        """True pictures that were compressed hard before: an older grid of the same pitch lies beneath."""
        for number in range(RECODED):
            chance = drawn(self.source.id, "recoded", number)
            once = recipes.recompressed(self.image, chance.randint(25, 75))
            codec = chance.choice(["png", "png", "jpg95", "jpg88", "webp80", "avif60", "jpg75"])
            yield self.case(once, f"recoded{number}", codec, chance, how="recoded")

    def ghosts(self, original: Image.Image) -> Iterator[Case]:
        """True pixels through which the grid of an older JPEG, or of two, still shows after a reduction."""
        for number in range(GHOSTS):
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

    def photographed(self, original: Image.Image) -> Iterator[Case]:
        """Photographs as a camera makes them: two of three values are interpolated, and yet it is true."""
        wanted = self.source.kind == "photo" and sensors.cv2 is not None
        count = SENSORS[self.source.split] if wanted else 0
        for number in range(count):
            chance = drawn(self.source.id, "sensor", number)
            image = resizers.reduce(original, scaled(original, chance.uniform(0.5, 0.9)), chance)
            image = image.crop((0, 0, min(WIDE[0], image.width), min(WIDE[1], image.height)))
            image = sensors.photographed(image, chance)
            if number % 2 == 0 and number:
                simple = (0.8, chance.uniform(0.5, 0.97)) if number == 2 else (0.8, 0.75, 2 / 3, 0.6, 0.5)
                factor = chance.choice(simple)
                image = resizers.reduce(image, scaled(image, factor), chance)
            usual = quality(chance), quality(chance)
            lossless = ("png", "webpll") if number < 3 else ("png",) * 5
            codec = chance.choice([*lossless, "jpg97", "jpg95", "jpg92", *usual])
            yield self.case(image, f"sensor{number}", codec, chance, how="sensor")

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


class Varied(Maker):
    """Cases that differ in more ways: the true picture's own size, its making, and every quality."""

    def __init__(self, source: Source, image: Image.Image, original: Image.Image) -> None:
        super().__init__(source, image)
        self.base = image
        self.whole = image if original.width * original.height > 40e6 or source.scale != 1 else original

    def cases(self) -> Iterator[Case]:
        for number in range(5):
            chance = drawn(self.source.id, "p2true", number)
            yield self.case(self.other(chance), f"q_true{number}", quality(chance), chance)
        for number in range(3):
            chance = drawn(self.source.id, "p2hard", number)
            kind = chance.choice(recipes.HARD)
            hard = recipes.hard(self.other(chance), kind, chance)
            yield self.case(hard, f"q_hard{number}-{kind}", quality(chance), chance, how=kind)
        for number in range(3):
            yield self.ghost(number, drawn(self.source.id, "p2ghost", number))
        for number in range(11):
            yield self.up(number, drawn(self.source.id, "p2up", number))
        for number in range(2):
            yield self.simple(number, drawn(self.source.id, "simple", number))
        for number in range(4):
            yield self.light(number, drawn(self.source.id, "light", number))

    def other(self, chance: random.Random, least: float = 0.5) -> Image.Image:
        """A window of the picture reduced by any factor, or the usual one."""
        if chance.random() < 0.35:
            return self.base
        image = resizers.reduce(self.whole, scaled(self.whole, chance.uniform(least, 0.97)), chance)
        width, height = min(WIDE[0], image.width), min(WIDE[1], image.height)
        left, top = chance.randrange(image.width - width + 1), chance.randrange(image.height - height + 1)
        return image.crop((left, top, left + width, top + height))

    def ghost(self, number: int, chance: random.Random) -> Case:
        image = recipes.recompressed(self.whole, chance.choice([50, 60, 75, 85, 92]))
        if chance.random() < 0.5:  # only what the picture brought along
            image = self.whole
        image = resizers.reduce(image, scaled(image, chance.uniform(0.5, 0.97)), chance)
        if number == 2:
            image = recipes.recompressed(image, chance.choice([65, 75, 85]))
            image = resizers.reduce(image, scaled(image, chance.uniform(0.6, 0.97)), chance)
        image = image.crop((0, 0, min(WIDE[0], image.width), min(WIDE[1], image.height)))
        how = "two passes" if number == 2 else "ghost"
        return self.case(image, f"q_ghost{number}", quality(chance), chance, how=how)

    def up(self, number: int, chance: random.Random) -> Case:
        self.image = self.other(chance, 0.45) if number % 2 else self.base
        any_size = [chance.uniform(0.25, 0.7) for _ in range(3)]
        ratios = [2 / 3, 2 / 3, 0.375, 0.625, 0.25, 1 / 3, 0.4, 0.5333, *any_size, chance.uniform(0.72, 0.95)]
        ratio = 0.5 if number < 3 else chance.choice(ratios)
        program, kernel = chance.choice(resizers.ENLARGERS)
        small = resizers.reduce(self.image, scaled(self.image, ratio), chance)
        if chance.random() < 0.25:
            small = recipes.recompressed(small, chance.choice([75, 85, 92]))
        after = chance.choices(["plain", "sharpened", "grain", "cropped", "two passes"], [66, 10, 6, 9, 9])[0]
        return self.one(small, ratio, program, kernel, quality(chance), after, chance, f"q_up{number}")

    def simple(self, number: int, chance: random.Random) -> Case:
        """True pixels, reduced by a simple fraction: areas of equal shape alternate, as in a lattice."""
        factor = (2 / 3, chance.choice([3 / 4, 3 / 5, 4 / 5, 1 / 2]))[number]
        image = resizers.coarsely(self.whole, scaled(self.whole, factor), chance)
        image = image.crop((0, 0, min(WIDE[0], image.width), min(WIDE[1], image.height)))
        return self.case(image, f"q_simple{number}", quality(chance), chance, how="simple")

    def light(self, number: int, chance: random.Random) -> Case:
        """Enlarged in linear light, to learn its look from more than the few that ENLARGERS bring."""
        self.image = self.other(chance, 0.45) if number % 2 else self.base
        ratio = chance.choice([0.5, 0.5, 2 / 3, chance.uniform(0.25, 0.7), chance.uniform(0.25, 0.7)])
        program, kernel = chance.choice(resizers.LIGHT)
        small = resizers.reduce(self.image, scaled(self.image, ratio), chance)
        after = chance.choices(["plain", "sharpened", "cropped", "two passes"], [7, 1, 1, 1])[0]
        return self.one(small, ratio, program, kernel, quality(chance), after, chance, f"q_light{number}")


def quality(chance: random.Random) -> str:
    """A codec at any of its usual qualities."""
    jpegs = [f"jpg{chance.randint(low, high)}" for low, high in ((88, 97), (70, 88), (55, 75))]
    names = ["png", "webpll", *jpegs, f"webp{chance.randint(65, 92)}", f"avif{chance.randint(42, 75)}"]
    return chance.choices(names, [12, 3, 15, 22, 8, 20, 20])[0]
