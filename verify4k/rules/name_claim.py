"""What the file name says about the resolution is true.

"A 2K file called 4k.png is still a 2K file." Read are `4k`, `2k`, `5k`, `6k`, `8k`, `uhd`, `qhd`,
`fhd`, `1080p`, `2160p`, ... and `3840x2160` where they stand alone in a name (`hero-4k.png`,
`poster_3840x2160.webp`, `wallpaper4k.jpg`), and `@2x`, `@3x` against the file without it when that
lies beside. Of several sizes in a name the last is the file's own (`hero-1920x1080-150x150.jpg`), and a
scale behind it multiplies (`banner-800x600@2x.png` has 1600x1200 pixels; a Windows tile may have 1.8 times
the pixels of its name: `mstile-310x150.png`). Where the name says nothing, a
folder called `4k` or `3840x2160` does. A class such as 4K is a span of the long edge (3840 to 4799
pixels), or, for squarish pictures, its number of pixels; in portrait the long edge is the height.

Such a word may be about what the picture shows: `couch-to-5k.jpg`, `nba2k-cover.jpg`,
`camera-1080p.jpg`, or about what a thumbnail was made from: `thumbs/hero-4k.jpg`. Where the words around it
or the picture's size suggest that, it is only a note. So is a symbolic link to a larger picture, as packages
of wallpapers have them (`1280x800.jpg` -> `2560x1600.jpg`).

Fix: ship the picture that the name promises. Dropping the claim from the name is right only if
nobody was promised that resolution.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.model import Problem, is_file
from verify4k.named_tuple import NamedTuple
from verify4k.rule import Example, Picture, rule
from verify4k.rules._name_claims import claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.rules._name_claims import Claim


class _Class(NamedTuple):
    """A named resolution: the long edges that carry it, and the pixels of its 16:9 picture."""

    low: int
    high: int
    pixels: int


_CLASSES = {
    "2k": _Class(1920, 2879, 1920 * 1080),
    "3k": _Class(2880, 3839, 2880 * 1620),
    "4k": _Class(3840, 4799, 3840 * 2160),
    "5k": _Class(4800, 5759, 5120 * 2880),
    "6k": _Class(5760, 6719, 6016 * 3384),
    "8k": _Class(7200, 8639, 7680 * 4320),
}
_SHORT_EDGES = {"hd": 720, "fhd": 1080, "fullhd": 1080, "qhd": 1440, "wqhd": 1440}
_SYNONYMS = {"uhd": "4k", "uhd4k": "4k", "4kuhd": "4k", "uhd8k": "8k", "8kuhd": "8k"}

_FOLDER = r"(?a)(\d{1,5})x(\d{1,5})(?:@([1-9])x?)?"
_SCALE = r"(?i)@([2-4])x$"
_FIX = (
    "ship the picture that the name promises; a rename is right only if nobody was promised that resolution"
)


@rule(
    "name-claim",
    asked=is_file,
    examples=[
        Example("no claim", Picture(64, 36, "hero.png"), {}),
        Example("really 4K", Picture(3840, 2160, "hero-4k.png"), {}),
        Example("really 4K, portrait", Picture(2160, 3840, "poster_uhd.png"), {}),
        Example("the size in the name", Picture(640, 360, "hero-640x360.png"), {}),
        Example("2K by its number of pixels", Picture(1440, 1440, "square-2k.png"), {}),
        Example("1080p", Picture(1920, 1080, "clip-1080p.png"), {}),
        Example("a hash is no claim", Picture(64, 36, "a94kf3-b2k9.png"), {}),
        Example("twice its base", [Picture(64, 36, "logo@2x.png"), Picture(32, 18, "logo.png")], {}),
        Example("the size is that of the unscaled picture", Picture(640, 360, "banner-320x180@2x.png"), {}),
        Example("the last size is its own", Picture(150, 150, "hero-1920x1080-150x150.png"), {}),
        Example(
            "2K called 4K",
            Picture(2560, 1440, "4k.png"),
            {},
            finds=Problem("the name says 4k", "a long edge of 3840 to 4799 pixels", "2560x1440"),
        ),
        Example(
            "4K called 2K",
            Picture(3840, 2160, "hero_2k.png"),
            {},
            finds=Problem("the name says 2k", "a long edge of 1920 to 2879 pixels", "3840x2160"),
        ),
        Example(
            "FHD called UHD",
            Picture(1920, 1080, "hero-UHD.png"),
            {},
            finds=Problem("the name says UHD", "a long edge of 3840 to 4799 pixels", "1920x1080"),
        ),
        Example(
            "720 lines called 1080p",
            Picture(1280, 720, "clip-1080p.png"),
            {},
            finds=Problem("the name says 1080p", "1080 lines", "1280x720"),
        ),
        Example(
            "another size in the name",
            Picture(640, 360, "hero-1280x720.png"),
            {},
            finds=Problem("the name says 1280x720", "1280x720", "640x360"),
        ),
        Example(
            "a square with too many pixels for 2K",
            Picture(1700, 1700, "square-2k.png"),
            {},
            finds=Problem("the name says 2k", "a long edge of 1920 to 2879 pixels", "1700x1700"),
        ),
        Example(
            "twice as wide as its base, but not twice as high",
            [Picture(64, 27, "logo@2x.png"), Picture(32, 18, "logo.png")],
            {},
            finds=Problem("the name says @2x, 2 times logo.png (32x18)", "64x36", "64x27"),
        ),
        Example(
            "not scaled at all",
            Picture(320, 180, "banner-320x180@2x.png"),
            {},
            finds=Problem("the name says 320x180@2x", "640x360", "320x180"),
        ),
        Example(
            "a folder that claims",
            Picture(2560, 1440, "4k/slaze.png"),
            {},
            finds=Problem("the folder says 4k/", "a long edge of 3840 to 4799 pixels", "2560x1440"),
        ),
        Example(
            "a race, so only a note",
            Picture(64, 36, "couch-to-5k.png"),
            {},
            finds=Problem(
                "the name says 5k, perhaps of its subject",
                "a long edge of 4800 to 5759 pixels",
                "64x36",
                severity="note",
            ),
        ),
        Example(
            "not twice its base",
            [Picture(48, 27, "logo@2x.png"), Picture(32, 18, "logo.png")],
            {},
            finds=Problem("the name says @2x, 2 times logo.png (32x18)", "64x36", "48x27"),
        ),
    ],
)
def name_claim(artifact: Artifact) -> Iterator[Problem]:
    """Test every claim of the file's name against the displayed size."""
    if artifact.format == "svg" and artifact.header.unsized:
        return  # browsers chose its size: it may well be meant for the one that the name says
    name = artifact.asset.target.rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    for claim in claims(artifact.asset.target):
        for problem in _tested(claim, artifact.displayed):
            if _told_by_a_folder(artifact.asset.target, artifact.displayed):
                yield problem._replace(message=f"{problem.message}, the folder its size", severity="note")
            elif _holds_more(claim, artifact.displayed) and os.path.islink(artifact.asset.path):
                said = f"{problem.message}, of a link to a larger picture"
                yield problem._replace(message=said, severity="note")
            else:
                yield problem
    scale = re.search(_SCALE, stem) if "@" in stem else None
    if scale is not None:
        yield from _scaled(artifact, name, int(scale[1]), scale[0])


def _told_by_a_folder(target: str, seen: Size) -> bool:
    """Whether a folder names exactly this size, as those of icon themes do: 96x96, 48x48@2x."""
    for segment in target.split("/")[:-1]:
        found = re.fullmatch(_FOLDER, segment)
        if found and tuple(int(edge) * int(found[3] or 1) for edge in found.groups()[:2]) == seen:
            return True
    return False


def _tested(claim: Claim, seen: Size) -> Iterator[Problem]:
    where = "the folder" if claim.text.endswith("/") else "the name"
    message = f"{where} says {claim.text}"
    if claim.size is not None:
        if seen in (claim.size, claim.also):
            return
        if where == "the folder" and claim.size.width == claim.size.height == max(seen):
            return  # folders of icon themes name the square that icons fit into
        if not claim.sure and 2 * max(seen) <= max(claim.size):
            said = f"{message}, perhaps of what it was made from"
            yield Problem(said, str(claim.size), str(seen), _FIX, severity="note")
        else:
            yield Problem(message, str(claim.size), str(seen), _FIX)
        return
    expected = _expected(claim.word, seen)
    if expected and claim.sure and _may_be_meant(claim.word, seen):
        yield Problem(message, expected, str(seen), _FIX)
    elif expected:
        yield Problem(f"{message}, perhaps of its subject", expected, str(seen), _FIX, severity="note")


def _holds_more(claim: Claim, seen: Size) -> bool:
    """Whether a picture of which the claim is false has no fewer pixels than it on any edge."""
    if claim.size is not None:
        return seen.width >= claim.size.width and seen.height >= claim.size.height
    word = _SYNONYMS.get(claim.word, claim.word)
    if word in _CLASSES:
        return max(seen) > _CLASSES[word].high
    return min(seen) > _lines(word)


def _may_be_meant(word: str, seen: Size) -> bool:
    """Whether a false word may still be about the picture: 4k is; 5k, 2k and 1080p name other things too."""
    word = _SYNONYMS.get(word, word)
    if word in ("4k", "8k") or word in _SHORT_EDGES:
        return True
    if word in _CLASSES:
        return 2 * max(seen) >= _CLASSES[word].low
    return 2 * min(seen) >= int(word[:-1]) and 5 * max(seen) >= 6 * min(seen)


def _expected(word: str, seen: Size) -> str:
    """Return what the word would have to mean, or nothing when it is true."""
    long, short = max(seen), min(seen)
    word = _SYNONYMS.get(word, word)
    if word in _CLASSES:
        low, high, pixels = _CLASSES[word]
        as_large = 0.9 * pixels <= seen.pixels <= 1.25 * pixels
        fine = low <= long <= high or (as_large and 2 * short > long)
        return "" if fine else f"a long edge of {low} to {high} pixels"
    return "" if short == _lines(word) else f"{_lines(word)} lines"


def _lines(word: str) -> int:
    return int(word[:-1]) if word.endswith("p") else _SHORT_EDGES[word]


def _scaled(artifact: Artifact, name: str, factor: int, mark: str) -> Iterator[Problem]:
    base_name = name.replace(mark, "", 1)
    base = artifact.beside(base_name)
    if base is None:
        return
    wanted = Size(base.width * factor, base.height * factor)
    seen = artifact.displayed
    if abs(wanted.width - seen.width) >= factor or abs(wanted.height - seen.height) >= factor:
        message = f"the name says {mark}, {factor} times {base_name} ({base})"
        yield Problem(message, str(wanted), str(seen), _FIX)
