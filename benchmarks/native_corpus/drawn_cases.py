"""Text, screens, charts, line art and gradients: true at their size, and enlarged. A class of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.native_corpus import cases, codecs, drawn, resizers
from benchmarks.native_corpus.results import Judged
from verify4k.analysis import native

if TYPE_CHECKING:
    import random

    from PIL import Image

SIZES = {"dev": ((3840, 2160), (2560, 1440)), "final": ((3840, 2160), (1440, 2560), (3000, 2000))}
RATIOS = (1 / 3, 0.5, 0.5333, 2 / 3)


def judged(split: str) -> list[Judged]:
    found = []
    for kind in drawn.KINDS:
        for number, size in enumerate(SIZES[split]):
            chance = cases.drawn(split, kind, number)
            for codec in codecs.CODECS:
                image = drawn.picture(kind, size, chance)
                found.append(one(image, codec, f"{kind}{number}", 1.0, "", chance))
            for ratio in RATIOS:
                program, kernel = chance.choice(resizers.ENLARGERS)
                small = drawn.picture(kind, (round(size[0] * ratio), round(size[1] * ratio)), chance)
                big, _ = resizers.enlarge(small, size, program, kernel)
                found.append(one(big, chance.choice(codecs.CODECS), f"{kind}{number}", ratio, kernel, chance))
    return found


def one(
    image: Image.Image, codec: str, source: str, ratio: float, kernel: str, chance: random.Random
) -> Judged:
    decoded, tables = codecs.coded(image, codec, chance)
    form = codecs.FORMATS[codecs.split(codec)[0]]
    answer = native.analyse(codecs.pixels(decoded, codec), format=form, quant=tables)
    how = "gradient" if source.startswith("gradient") else "plain"
    label = {
        "source": source,
        "kind": "drawn",
        "name": f"{ratio:.2f}_{codec}",
        "codec": codec,
        "ratio": ratio,
    }
    return Judged(label | {"how": how, "kernel": kernel, "program": "", "size": image.size}, answer)
