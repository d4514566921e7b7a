"""The pixels are as fine as their number says: the picture was not enlarged from a smaller one.

Enlarging leaves a lattice at the old size that most re-encodings keep. This rule looks for it on
both axes and says what it found: `upscaled` (a lattice at 0.70 of the size or less: an error),
`suspect` (0.70 to 0.97, where an older and larger JPEG that was reduced looks the same: a warning),
`cells` (a graphic drawn in whole cells of several pixels, as pixel art and QR codes are: a note),
`no-trace` (no sign of enlargement, which is not proof of the opposite) or `cannot-tell` (too little
detail). Neural networks hardly leave such a lattice; some of Real-ESRGAN's, waifu2x's and Real-CUGAN's are
known by their fingerprint, and named. It is asked of pictures of 2 megapixels and more, of smaller ones
where `native` is set.

Metadata (Exif, XMP, C2PA) that names a smaller picture of the same shape is a second vote: the evidence
lists it, the sentence says where it agrees with the pixels, and it never makes an error by itself. Of a
JPEG the evidence has the quality; below 70 a trace often does not survive, and the sentence says so;
below 30 nothing can be told, nor of an AVIF below 34, a HEIC below 18 or a WebP below 10. In a file as a
camera wrote it exactly half is `suspect` at most, unless a digital zoom is written down, and no fingerprint
counts alone.

`native: on` (or `true`) asks whatever the size; `required` also makes `cannot-tell` undecided instead
of a note, and `cells` an error; `warn` makes every trace a warning; `off` asks nothing.
`native-size: 2560x1440` allows an enlargement from at least that size.
docs/native-resolution.md tells how to read the evidence and what it cannot see.

Fix: get the picture at the promised size from its source. Sharpening or adding grain hides the
trace and makes nothing finer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.artifacts.native_facts import native_facts
from verify4k.errors import CannotRead, NotAsked
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.sizes import Wanted, one_size
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verify4k.analysis.native.verdict import Native
    from verify4k.artifacts.artifact import Artifact

LEAST = 2_000_000  # pixels; smaller pictures are rarely sold as 4K, and hold few samples
_FIX = "get it at the promised size from its source: the generator, the original, the CDN without enlarging"
_ON = ("required", "true", "yes", "on", "warn", "off", "false", "no")


class NativeOptions(Options):
    """What is promised about the native resolution."""

    native: str | None = option(
        choice(*_ON), "whether traces of enlargement are errors, warnings or not looked for"
    )
    native_size: Wanted | None = option(one_size, "the smallest native size that will do")


@rule(
    "native-resolution",
    options=NativeOptions,
    beyond_header=True,
    asked=lambda asset: asset[NativeOptions].native not in ("off", "false", "no"),
    examples=[
        Example("photographed at this size", Picture(1024, 768, kind="texture"), {"native": "required"}),
        Example(
            "enlarged, and that is not looked for", Picture(1024, 768, kind="enlarged"), {"native": "off"}
        ),
        Example(
            "large enough before it was enlarged",
            Picture(1024, 768, kind="enlarged"),
            {"native-size": "500x375"},
        ),
        Example("a small picture nobody asked about", Picture(64, 36, kind="enlarged"), {}),
        Example(
            "enlarged to twice its size",
            Picture(1024, 768, kind="enlarged"),
            {"native": "required"},
            finds=Problem(
                "looks enlarged from 512x384 (x2); the pixels repeat a half-size lattice on both axes...",
                "1024x768",
                "about 512x384",
            ),
        ),
        Example(
            "too small before it was enlarged",
            Picture(1024, 768, kind="enlarged"),
            {"native-size": "600x450"},
            finds=Problem(
                "looks enlarged from 512x384 (x2); the pixels repeat a half-size lattice on both axes...",
                "600x450",
                "about 512x384",
            ),
        ),
        Example(
            "large enough on one edge only",
            Picture(1024, 768, kind="enlarged"),
            {"native-size": "500x400"},
            finds=Problem(
                "looks enlarged from 512x384 (x2); the pixels repeat a half-size lattice on both axes...",
                "500x400",
                "about 512x384",
            ),
        ),
        Example(
            "enlarged, and a warning will do",
            Picture(1024, 768, kind="enlarged"),
            {"native": "warn"},
            finds=Problem(
                "looks enlarged from 512x384 (x2); the pixels repeat a half-size lattice on both axes...",
                "1024x768",
                "about 512x384",
                severity="warning",
            ),
        ),
        Example(
            "enlarged, then a JPEG",
            Picture(1024, 768, "x.jpg", "enlarged"),
            {"native": "on"},
            finds=Problem(
                "looks enlarged from 512x384 (x2); the pixels repeat a half-size lattice on both axes...",
                "1024x768",
                "about 512x384",
            ),
        ),
    ],
)
def native_resolution(artifact: Artifact) -> Iterator[Problem]:
    """Turn the analysis' verdict into a problem, a note or nothing."""
    asset = artifact.asset
    wants = asset[NativeOptions]
    if artifact.stored.pixels < LEAST and not asset.promises(NativeOptions):
        raise NotAsked("too few pixels to be sold as large")
    found = artifact.native
    if found.verdict == "no-trace":
        return
    facts = native_facts(artifact)
    if found.verdict == "cannot-tell":
        if wants.native == "required":
            raise CannotRead(
                f"the native resolution: {facts['sentence']}", "judge it by eye, or promise native: on"
            )
        yield Problem(
            facts["sentence"],
            "enough detail to tell",
            "too little",
            severity="note",
            evidence=facts,
        )
    elif found.verdict == "cells":
        yield _cells(wants, found, facts)
    elif not _fine_enough(wants, found):
        yield _too_coarse(artifact, wants, found, facts)


def _cells(wants: NativeOptions, found: Native, facts: dict[str, Any]) -> Problem:
    return Problem(
        facts["sentence"],
        "detail in single pixels",
        f"cells of {'x'.join(map(str, found.cells or ()))}",
        "draw it finer, or do not promise native: required",
        "native",
        severity=None if wants.native == "required" else "note",
        evidence=facts,
    )


def _too_coarse(artifact: Artifact, wants: NativeOptions, found: Native, facts: dict[str, Any]) -> Problem:
    mild = wants.native == "warn" or found.verdict == "suspect"
    size = "x".join(map(str, found.size or ()))
    return Problem(
        facts["sentence"],
        str(wants.native_size or artifact.stored),
        f"about {size}" if size else "less",
        _FIX,
        "native-size" if wants.native_size else "native",
        "warning" if mild else None,
        {**facts, **_drawn(artifact)},
    )


def _fine_enough(wants: NativeOptions, found: Native) -> bool:
    if wants.native_size is None or found.size is None:
        return False
    least, slack = wants.native_size.low, 0.98  # the estimate is good to two in a hundred
    return max(found.size) >= slack * max(least) and min(found.size) >= slack * min(least)


def _drawn(artifact: Artifact) -> dict[str, object]:
    """What the HTML report draws beside the numbers: both spectra and where to look."""
    drawn = artifact.native_evidence
    undone = [list(point) for point in drawn.residual]
    return {
        **({"residual": undone} if undone else {}),
        "x": list(drawn.x),
        "y": list(drawn.y),
        "peak": drawn.peak,
        "crop": list(drawn.crop),
    }
