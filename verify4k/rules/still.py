"""The picture does not move, unless it was promised to.

Counted are the frames that play: APNG's acTL, WebP's ANMF, GIF's images, AVIF's sequence. The
secondary pictures of MPF, gain maps and TIFF pages are no animation. An animation where a still
was meant costs bytes and is often the first frame of something else.

`animation: forbidden` (the default), `allowed` or `required`.

Fix: export a single frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


class StillOptions(Options):
    """Whether the picture may move."""

    animation: str | None = option(
        choice("forbidden", "allowed", "required"), "whether the picture may or must be animated", "forbidden"
    )


@rule(
    "still",
    options=StillOptions,
    examples=[
        Example("a still", Picture(), {}),
        Example("animated, allowed", Picture(name="spin.gif", kind="animated"), {"animation": "allowed"}),
        Example("animated as promised", Picture(name="spin.gif", kind="animated"), {"animation": "required"}),
        Example(
            "animated by accident",
            Picture(name="spin.gif", kind="animated"),
            {},
            finds=Problem("the picture is animated", "one frame", "2 frames"),
        ),
        Example(
            "an APNG under .png",
            Picture(kind="animated"),
            {},
            finds=Problem("the picture is animated", "one frame", "2 frames"),
        ),
        Example(
            "a still where an animation was promised",
            Picture(),
            {"animation": "required"},
            finds=Problem("the picture does not move", "an animation", "one frame"),
        ),
    ],
)
def still(artifact: Artifact) -> Iterator[Problem]:
    """Compare whether frames play with the promise."""
    wanted = artifact.asset[StillOptions].animation
    if wanted == "allowed":
        return
    if wanted == "required" and not artifact.animated:
        yield Problem(
            "the picture does not move", "an animation", "one frame", "export all frames", "animation"
        )
    if wanted == "forbidden" and artifact.animated:
        found = f"{artifact.frames} frames"
        yield Problem("the picture is animated", "one frame", found, "export a single frame", "animation")
