"""Every verdict of the analyses over a fixed set of pictures: run before and after a change, then diff.

    python -m benchmarks.verdicts make --work DIR               some 240 cases of 24 sources, chosen by hash
    python -m benchmarks.verdicts tell --work DIR [PLACE ...] > before.txt
    python -m benchmarks.verdicts padded --work DIR [PLACE ...] > before.txt     padding and blankness alone

The cases are a part of those that native resolution is taught on (dev sources: true, hard, reduced, enlarged,
in linear light), and photographs of benchmarks.full inside borders of every kind. PLACE: files, or folders of
pictures of your own. Meant for changes of speed, which may change no line. The whole table is
benchmarks/native.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from benchmarks import photographs
from benchmarks.native_corpus import cases, codecs, pictures, recipes, sources
from verify4k.analysis import blank, padding
from verify4k.analysis.native import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

SOURCES, EACH = 24, 10
MOST = 60_000_000  # pixels of a file that is looked at
Image.MAX_IMAGE_PIXELS = None


def make(work: Path) -> None:
    """Keep the pixels of the cases as arrays."""
    out = work / "verdicts"
    out.mkdir(parents=True, exist_ok=True)
    known = [source for source in sources.listed() if source.split == "dev" and source.found(work)]
    chosen = random.Random(1).sample([s for s in known if s.kind in ("photo", "art")], SOURCES)
    with ProcessPoolExecutor(1) as pool:
        for number, name in enumerate(pool.map(_kept, [(source, work, out) for source in chosen]), 1):
            print(number, name, flush=True)


def _kept(asked: tuple[sources.Source, Path, Path]) -> str:
    source, work, out = asked
    path = source.found(work)
    if path is None or (out / f"{source.id}.done").exists():
        return source.id
    image = pictures.proven(source, pictures.base(path, pictures.drawn(source.id)))
    varied = cases.Varied(source, image, pictures.proven(source, pictures.opened(path)))
    for name, made in _sampled(varied, image, source.id):
        case = made()
        np.save(out / f"{source.id}~{name}~{codecs.form(case.label.codec)}.npy",
                codecs.pixels(case.image, case.label.codec))  # fmt: skip
    (out / f"{source.id}.done").touch()
    return source.id


def _sampled(
    varied: cases.Varied, image: Image.Image, name: str
) -> Iterator[tuple[str, Callable[[], cases.Case]]]:
    """EACH of the ways in which the cases of a source vary."""
    ways: dict[str, Callable[[random.Random], cases.Case]] = {
        **{f"up{n}": partial(varied.up, n) for n in range(11)},
        **{f"light{n}": partial(varied.light, n) for n in range(4)},
        **{f"ghost{n}": partial(varied.ghost, n) for n in range(3)},
        **{f"true{n}": partial(_true, varied) for n in range(4)},
        **{kind: partial(_hard, varied, image, kind) for kind in recipes.HARD},
    }
    for way in random.Random(name).sample(sorted(ways), EACH):
        yield way, partial(ways[way], pictures.drawn(name, "verdicts", way))


def _true(varied: cases.Varied, chance: random.Random) -> cases.Case:
    return varied.case(varied.other(chance), "true", cases.quality(chance), chance)


def _hard(varied: cases.Varied, image: Image.Image, kind: str, chance: random.Random) -> cases.Case:
    return varied.case(recipes.hard(image, kind, chance), kind, cases.quality(chance), chance)


def bordered(image: Image.Image, number: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """A photograph inside borders of every kind, on two sides or four, clean and as a JPEG."""
    chance = random.Random(number)
    width, height = image.size
    small = image.resize(
        (round(width * chance.uniform(0.5, 0.95)), round(height * chance.uniform(0.5, 0.95)))
    )
    left, top = (width - small.width) // 2, (height - small.height) // 2
    around = (top, height - small.height - top), (left, width - small.width - left), (0, 0)
    pixels = np.asarray(small)
    for colour in ((0, 0, 0), (255, 255, 255), (90, 20, 160)):
        canvas = Image.new("RGB", (width, height), colour)
        canvas.paste(small, (left, top))
        yield f"flat{colour[0]}", np.asarray(canvas)
    for mode in ("edge", "symmetric", "reflect"):
        yield mode, np.pad(pixels, around, mode=mode)  # type: ignore[call-overload]
    blurred = image.filter(ImageFilter.GaussianBlur(chance.choice([20, 40, 80])))
    blurred.paste(small, (left, top))
    yield "blurred", np.asarray(blurred)
    wide = image.resize((small.width, height))
    for name, ground in (("pillars", Image.new("RGB", (width, height))), ("blurred sides", blurred)):
        both = ground.copy()
        both.paste(wide, (left, 0))
        yield name, np.asarray(both)
    film = ImageOps.fit(image, (width, round(width / 2.39)))
    bars = Image.new("RGB", (width, height))
    bars.paste(film, (0, (height - film.height) // 2))
    yield "letterbox", np.asarray(bars)


def tell(work: Path, places: list[Path], *, borders_only: bool) -> None:
    """Print what the analyses say of everything."""
    for file in sorted((work / "verdicts").glob("*.npy")):
        _print(file.stem, np.load(file), "" if borders_only else file.stem.rpartition("~")[2])
    for number, file in enumerate(sorted(photographs.prepared(work).glob("*"))):
        with Image.open(file) as image:
            whole = image.convert("RGB")
        _print(file.name, np.asarray(whole), "" if borders_only else pictures_form(file))
        for kind, pixels in bordered(whole, number) if file.suffix == ".png" else ():
            _print(f"{file.stem} {kind}", pixels, "")
            coded = Image.fromarray(pixels)
            _print(f"{file.stem} {kind} jpeg", np.asarray(recipes.recompressed(coded, 85)), "")
    for file in _files(places):
        pixels = _pixels(file)
        if pixels is not None:
            _print(str(file), pixels, "" if borders_only else pictures_form(file))


def pictures_form(file: Path) -> str:
    return {".jpg": "jpeg", ".jpeg": "jpeg"}.get(file.suffix.lower(), file.suffix.lower().lstrip("."))


def _files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        yield from sorted(f for f in place.rglob("*") if f.is_file()) if place.is_dir() else [place]


def _pixels(file: Path) -> NDArray[np.uint8] | None:
    """As the decoders hand them on: grey or colour, alpha last."""
    if file.suffix.lower() not in {".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif"}:
        return None
    try:
        with warnings.catch_warnings(), Image.open(file) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > MOST:
                return None
            clear = "A" in image.getbands() or "transparency" in image.info
            grey = image.mode in ("1", "L", "LA", "I;16")
            return np.asarray(image.convert(("LA" if clear else "L") if grey else "RGBA" if clear else "RGB"))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _print(name: str, pixels: NDArray[np.uint8], form: str) -> None:
    one, border = blank.blank(pixels), padding.find(pixels)
    said = [one and one.sentence, border and [border.sentence, list(border.box), list(border.kinds)]]
    if form:
        found = analyse.analyse(pixels, format=form)
        said += [found.verdict, found.size, [round(z) for z in found.strength], found.method]
    print(json.dumps([name, *said]), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("make", "tell", "padded"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("places", nargs="*", type=Path)
    given = parser.parse_intermixed_args()
    if given.what == "make":
        make(given.work.resolve())
    else:
        tell(given.work.resolve(), given.places, borders_only=given.what == "padded")
    sys.stdout.flush()
