"""The picture is compressed as promised: quality, chroma subsampling, progressive or not.

`quality: 80..` is read from a JPEG's quantisation table, on libjpeg's scale of 1 to 100; tables of
cameras, Photoshop and mozjpeg get the nearest number, with a grace of three tenths of what is missing to
100. `subsampling: 4:4:4` keeps the edges of coloured text. `progressive: required` or `forbidden` is about
JPEGs of several scans, and about interlaced PNG and GIF. Formats without loss keep every promise of
quality; what is compressed by other means (WebP, AVIF, HEIC, JPEG XL, JPEG 2000, TIFF) is undecided,
because its numbers mean other things.

Fix: export again from the source with the promised settings; saving the finished file again only adds loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.model import Problem
from verify4k.options.kinds import Options, Range, choice, option, whole_range
from verify4k.options.lists import list_of
from verify4k.options.presence import presence
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.analysis.native.coding import Quality
    from verify4k.artifacts.artifact import Artifact

_FIX = (
    "export again from the source with the promised settings; saving the finished file again only adds loss"
)
_LOSSLESS = ("png", "gif", "bmp", "tga", "qoi", "psd", "pnm", "ico", "icns", "svg")
_GRACE = 0.3  # of the distance to 100: mozjpeg's tables look like 74 where it was asked for 80, 47 for 60


class EncodingOptions(Options):
    """How the pixels may be compressed."""

    quality: Range | None = option(
        whole_range("a quality like 80, or a range like 80..95"), "bounds for a JPEG's quality, 1 to 100"
    )
    subsampling: tuple[str, ...] | None = option(
        list_of(choice("4:4:4", "4:4:0", "4:2:2", "4:2:0", "4:1:1", "4:1:0")), "a JPEG's chroma subsampling"
    )
    progressive: str | None = option(
        presence, "whether it is shown coarse first: a progressive JPEG, an interlaced PNG or GIF"
    )


@rule(
    "right-encoding",
    options=EncodingOptions,
    when_promised=True,
    examples=[
        Example("fine enough", Picture(name="photo.jpg", kind="quality-90"), {"quality": "80.."}),
        Example("a PNG loses nothing", Picture(), {"quality": "80..", "subsampling": "4:4:4"}),
        Example("as promised", Picture(name="photo.jpg", kind="progressive"), {"progressive": "required"}),
        Example(
            "compressed too much",
            Picture(name="photo.jpg", kind="quality-40"),
            {"quality": "80.."},
            finds=Problem("the JPEG quality is out of bounds", "quality 80..", "quality 40"),
        ),
        Example(
            "colours at half the resolution",
            Picture(name="logo.jpg", kind="quality-90"),
            {"subsampling": ["4:4:4", "4:2:2"]},
            finds=Problem("the chroma subsampling differs", "4:4:4 or 4:2:2", "4:2:0"),
        ),
        Example(
            "baseline where progressive was promised",
            Picture(name="photo.jpg"),
            {"progressive": "required"},
            finds=Problem("the picture is not progressive", "progressive or interlaced", "one pass"),
        ),
        Example(
            "progressive, which some decoders of devices cannot read",
            Picture(name="photo.jpg", kind="progressive"),
            {"progressive": "forbidden"},
            finds=Problem("the picture is progressive", "one pass", "progressive or interlaced"),
        ),
    ],
)
def right_encoding(artifact: Artifact) -> Iterator[Problem]:
    """Compare what the file's tables and headers say."""
    wants = artifact.asset[EncodingOptions]
    if wants.progressive in ("required", "forbidden"):
        found = artifact.header.progressive
        if found is None:
            raise CannotRead(f"whether a {artifact.format.upper()} is progressive is not read")
        words = ("one pass", "progressive or interlaced")
        if found is not (wants.progressive == "required"):
            message = f"the picture is {'' if found else 'not '}progressive"
            yield Problem(message, words[not found], words[found], _FIX, "progressive")
    if (wants.quality or wants.subsampling) and artifact.format not in _LOSSLESS:
        yield from _tables(artifact, wants)


def _near(quality: Quality, wanted: Range) -> bool:
    """Whether the number lies inside; tables that are not libjpeg's may stand for a higher one."""
    grace = 0.0 if quality.exact else _GRACE * (100 - quality.number)
    above = wanted.low is None or quality.number + grace >= wanted.low
    return above and (wanted.high is None or quality.number - grace <= wanted.high)


def _tables(artifact: Artifact, wants: EncodingOptions) -> Iterator[Problem]:
    if artifact.format != "jpeg":
        raise CannotRead(
            f"the quality of a {artifact.format.upper()} is not read: only JPEG has such a number"
        )
    coding = artifact.coding
    if coding is None:
        raise CannotRead("the JPEG holds no quantisation table that tells its quality")
    quality = coding.quality
    if wants.quality is not None and not _near(quality, wants.quality):
        found = f"quality {quality.words}"
        yield Problem("the JPEG quality is out of bounds", f"quality {wants.quality}", found, _FIX, "quality")
    if wants.subsampling and coding.subsampling not in (*wants.subsampling, "4:0:0"):
        found = coding.subsampling or "one without a name"
        expected = " or ".join(wants.subsampling)
        yield Problem("the chroma subsampling differs", expected, found, _FIX, "subsampling")
