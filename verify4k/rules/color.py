"""Colour mode, bit depth and ICC profile are as promised; CMYK never ships by accident.

`mode` is what is stored (gray, rgb, palette, cmyk; YCCK counts as cmyk), `bit-depth` is per
channel as the header says, never what a decoder makes of it. `icc` is `srgb`
(however declared: an ICC profile of sRGB's colours, an sRGB chunk, cICP or nclx, or nothing at all),
`present` (a sound profile), `forbidden` (no profile, and nothing else that declares other colours than
sRGB: cICP, nclx, gAMA, cHRM, or the Adobe RGB of a camera's Exif, which browsers ignore and other viewers
obey) or words of a profile's name. Exif's "uncalibrated" alone names no colours: libvips writes it into
every JPEG. A profile that viewers drop, because it is cut, no profile, or for other samples than the
picture's, is a warning where nothing was promised. Browsers show CMYK with guessed colours or not at all, so
it is refused unless `mode` allows it.

Fix: convert in the export (with the right profile), not by dropping the profile afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.metadata.cicp import SRGB
from verify4k.model import Problem
from verify4k.options.kinds import Kind, Options, Range, choice, option, shown, text, whole_range, wrong
from verify4k.options.lists import list_of
from verify4k.options.other_tools import answer_meant
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


_ICC = "srgb, present, forbidden, any, or words of the profile's name"


def _icc(node: Node, context: Context) -> str:
    said = text.parse(node, context)
    words = ("present", "forbidden", "any")
    low = said.lower()
    meant = answer_meant(said, words) or (low if low in words and low != said else "")
    if meant:  # no profile has such a name
        raise wrong(node, f"expected {_ICC}, found {shown(said)}", f"did you mean {meant}?")
    return said


class ColorOptions(Options):
    """What the colours may be."""

    mode: tuple[str, ...] | None = option(
        list_of(choice("gray", "rgb", "palette", "cmyk")), "the stored colour mode"
    )
    bit_depth: Range | None = option(
        whole_range("a number of bits like 8, or a range like 8..16", "bit"), "bits per channel as stored"
    )
    icc: str | None = option(
        Kind(text.words, text.schema, _icc),
        "srgb (however declared), present, forbidden, any, or words of the profile's name",
    )


@rule(
    "color",
    options=ColorOptions,
    examples=[
        Example("plain RGB", Picture(), {}),
        Example("gray as promised", Picture(kind="gray"), {"mode": "gray"}),
        Example("CMYK, allowed", Picture(name="print.jpg", kind="cmyk"), {"mode": "cmyk"}),
        Example("sRGB by its profile", Picture(kind="icc"), {"icc": "srgb"}),
        Example("sRGB by saying nothing", Picture(), {"icc": "srgb"}),
        Example("a profile by its name", Picture(kind="icc"), {"icc": "sRGB built-in"}),
        Example("deep", Picture(kind="deep"), {"bit-depth": "16"}),
        Example(
            "CMYK by accident",
            Picture(name="print.jpg", kind="cmyk"),
            {},
            finds=Problem("the picture is CMYK", "gray, rgb or palette", "cmyk"),
        ),
        Example(
            "gray where RGB was promised",
            Picture(kind="gray"),
            {"mode": "rgb"},
            finds=Problem("the colour mode differs", "rgb", "gray"),
        ),
        Example(
            "8 bits where 16 were promised",
            Picture(),
            {"bit-depth": "16"},
            finds=Problem("the bit depth differs", "16 bits", "8 bits"),
        ),
        Example(
            "no profile",
            Picture(),
            {"icc": "present"},
            finds=Problem("no ICC profile is embedded", "ICC present", "no profile"),
        ),
        Example(
            "a stray profile",
            Picture(kind="icc"),
            {"icc": "forbidden"},
            finds=Problem("an ICC profile is embedded", "no ICC profile", "profile 'sRGB built-in'"),
        ),
        Example(
            "another profile",
            Picture(kind="icc"),
            {"icc": "Display P3"},
            finds=Problem("the ICC profile differs", "ICC Display P3", "profile 'sRGB built-in'"),
        ),
    ],
)
def color(artifact: Artifact) -> Iterator[Problem]:
    """Compare mode, depth and profile with the promise."""
    wants = artifact.asset[ColorOptions]
    header = artifact.header
    if wants.mode is None and header.mode == "cmyk":
        yield Problem(
            "the picture is CMYK", "gray, rgb or palette", "cmyk", "export as RGB with an sRGB profile"
        )
    elif wants.mode is not None and header.mode not in wants.mode:
        yield Problem(
            "the colour mode differs", " or ".join(wants.mode), header.mode, "fix the export", "mode"
        )
    if wants.bit_depth is not None and header.bit_depth not in wants.bit_depth:
        bits = f"{header.bit_depth} bits"
        yield Problem("the bit depth differs", f"{wants.bit_depth} bits", bits, "fix the export", "bit-depth")
    if wants.icc not in (None, "any"):
        yield from _profile(artifact, str(wants.icc))
    else:
        yield from _broken_profile(artifact)


def _profile(artifact: Artifact, wanted: str) -> Iterator[Problem]:
    profile, declared = artifact.profile, artifact.header.colours
    if profile is None:  # one stands above the camera's word
        declared = declared or artifact.camera_colours
    foreign = declared not in ("", SRGB)
    found = "no profile" if profile is None else f"profile {profile.name!r}"
    if profile is not None and profile.fault:
        found = profile.fault
    if foreign:
        found = f"{found}, declared as {declared}"
    sound = profile if profile is not None and not profile.fault else None
    convert = "convert to sRGB in the export"
    if wanted == "forbidden":
        if profile is not None:
            fix = "export without an embedded profile, after converting to sRGB"
            yield Problem("an ICC profile is embedded", "no ICC profile", found, fix, "icc")
        elif foreign:
            yield Problem("the colours are declared to be no sRGB", "sRGB", declared, convert, "icc")
    elif wanted.lower() == "srgb":
        if foreign or (profile is not None and not profile.srgb):
            yield Problem("the colours are not declared as sRGB", "sRGB", found, convert, "icc")
    elif sound is None:
        message = "no ICC profile is embedded" if profile is None else "the ICC profile is broken"
        yield Problem(message, f"ICC {wanted}", found, "embed the profile in the export", "icc")
    elif wanted != "present" and wanted.lower() not in sound.name.lower():
        yield Problem(
            "the ICC profile differs", f"ICC {wanted}", found, "convert to the promised profile", "icc"
        )


def _broken_profile(artifact: Artifact) -> Iterator[Problem]:
    """Whatever was promised: a profile that decoders drop is a blemish."""
    if artifact.header.coded_icc or not any(block.kind == "icc" for block in artifact.header.blocks):
        return
    profile = artifact.profile
    if profile is not None and profile.fault:
        fix = "export again with a whole profile, or without one"
        yield Problem(
            "the ICC profile is broken: viewers drop it",
            "a sound profile",
            profile.fault,
            fix,
            severity="warning",
        )
