"""The picture has as much fine detail as was asked for.

Measured is what a half-size round trip loses: PSNR in dB over the whole picture and over its most
detailed quarter. High means that little was lost, so there was little fine detail. Photographs that
are truly 4K measure 25 to 54 dB, enlarged ones 29 to 55 dB: the two overlap, so this says how fine
a picture is, never where it came from. For generated pictures, claimed native 4K was published at
32.5 to 36.4 dB and enlargements from 1080p or 864p at 48 to 50 dB.

Only where a manifest sets a threshold: `detail: 45` warns above 45 dB over the whole picture.

Fix: look at the picture; where it is soft without reason, get it from its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, integer, option
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


class DetailOptions(Options):
    """How little detail is too little."""

    detail: int | None = option(
        integer(10, 99), "warn where a half-size round trip keeps more than this many dB"
    )


@rule(
    "detail",
    options=DetailOptions,
    when_promised=True,
    severity="warning",
    examples=[
        Example("fine", Picture(640, 360, kind="texture"), {"detail": "45"}),
        Example(
            "soft",
            Picture(640, 360, kind="soft"),
            {"detail": "45"},
            finds=Problem(
                "there is little fine detail: a half-size copy holds nearly all of it",
                "at most 45 dB",
                "... dB (... dB in the most detailed quarter)",
            ),
        ),
    ],
)
def detail(artifact: Artifact) -> Iterator[Problem]:
    """Compare the round trip's PSNR with the threshold."""
    most = artifact.asset[DetailOptions].detail
    found = artifact.detail
    if most is not None and found is not None and found.whole > most:
        evidence = {"psnr": found.whole, "psnr_busiest_quarter": found.busiest}
        yield Problem(
            "there is little fine detail: a half-size copy holds nearly all of it",
            f"at most {most} dB",
            f"{found.whole:.1f} dB ({found.busiest:.1f} dB in the most detailed quarter)",
            "look at the picture; where it is soft without reason, get it from its source",
            "detail",
            evidence=evidence,
        )
