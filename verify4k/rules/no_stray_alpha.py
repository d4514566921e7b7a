"""Transparency is there only where it was promised.

Alpha has three states. `none`: no channel. `opaque`: a channel (or tRNS, or a transparent
palette entry) that no pixel uses. `used`: some pixel is not fully opaque, judged at the file's
own depth. Generators and editors add unused channels without being asked; they cost bytes, and
JPEG conversion or compositing later turns a used one into a halo.

`alpha: forbidden` refuses any channel, `opaque` allows an unused one, `required` wants a
channel, `used` wants real transparency, `any` says nothing.

Fix: export without an alpha channel, or ask the generator for an opaque background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


GRID = (32, 18)  # cells in which the report shows where alpha is used


class AlphaOptions(Options):
    """What transparency may be."""

    alpha: str | None = option(
        choice("forbidden", "opaque", "required", "used", "any"),
        "whether an alpha channel may or must be there",
    )


@rule(
    "no-stray-alpha",
    options=AlphaOptions,
    when_promised=True,
    examples=[
        Example("no channel", Picture(), {"alpha": "forbidden"}),
        Example("an unused channel, allowed", Picture(kind="alpha-opaque"), {"alpha": "opaque"}),
        Example("a channel as required", Picture(kind="alpha-opaque"), {"alpha": "required"}),
        Example("one transparent pixel", Picture(kind="alpha-used"), {"alpha": "used"}),
        Example(
            "an unused channel",
            Picture(kind="alpha-opaque"),
            {"alpha": "forbidden"},
            finds=Problem("there is an alpha channel", "no alpha channel", "an alpha channel"),
        ),
        Example(
            "one pixel shows through",
            Picture(kind="alpha-used"),
            {"alpha": "opaque"},
            finds=Problem("some pixels are transparent", "every pixel opaque", "alpha is used"),
        ),
        Example(
            "the channel is missing",
            Picture(),
            {"alpha": "required"},
            finds=Problem("there is no alpha channel", "an alpha channel", "none"),
        ),
        Example(
            "a channel, but all opaque",
            Picture(kind="alpha-opaque"),
            {"alpha": "used"},
            finds=Problem("every pixel is opaque", "transparent pixels", "alpha, all opaque"),
        ),
    ],
)
def no_stray_alpha(artifact: Artifact) -> Iterator[Problem]:
    """Compare the alpha state with the promise; decode only where the header cannot decide."""
    wanted = artifact.asset[AlphaOptions].alpha
    channel = wanted not in (None, "any") and artifact.has_alpha
    without = "export without an alpha channel, or ask for an opaque background"
    if wanted == "forbidden" and channel:
        yield Problem("there is an alpha channel", "no alpha channel", "an alpha channel", without, "alpha")
    elif wanted == "opaque" and channel and artifact.alpha == "used":
        columns, rows = GRID
        where = {"columns": columns, "grid": artifact.pixels.alpha_grid(columns, rows)}
        message = "some pixels are transparent"
        yield Problem(message, "every pixel opaque", "alpha is used", without, "alpha", evidence=where)
    elif wanted in ("required", "used") and not channel:
        fix = "export with transparency; a format without alpha (JPEG) cannot keep this promise"
        yield Problem("there is no alpha channel", "an alpha channel", "none", fix, "alpha")
    elif wanted == "used" and artifact.alpha != "used":
        fix = "the background was flattened on the way: find where"
        yield Problem("every pixel is opaque", "transparent pixels", "alpha, all opaque", fix, "alpha")
