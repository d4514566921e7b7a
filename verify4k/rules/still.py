"""The picture does not move, unless it was promised to.

Counted are the frames that play: APNG's acTL, WebP's ANMF, GIF's images, AVIF's sequence. The
secondary pictures of MPF, gain maps and TIFF pages are no animation. An animation where a still
was meant costs bytes and is often the first frame of something else.

`animation: forbidden`, `allowed` or `required`. By default it is allowed where the promise says how it
plays (`frames: 4`, `frame-time`, `duration`, `loop`, `nothing-lost: animation`), and forbidden everywhere
else.

Fix: export a single frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, rule
from verify4k.rules.nothing_lost import KeptOptions
from verify4k.rules.right_timing import TimingOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


class StillOptions(Options):
    """Whether the picture may move."""

    animation: str | None = option(
        choice("forbidden", "allowed", "required"), "whether the picture may or must be animated"
    )


@rule(
    "still",
    options=StillOptions,
    examples=[
        Example("a still", Picture(), {}),
        Example("animated, allowed", Picture(name="spin.gif", kind="animated"), {"animation": "allowed"}),
        Example("as many frames as promised", Picture(name="spin.gif", kind="animated"), {"frames": "2"}),
        Example(
            "the source's animation is to be kept",
            Picture(name="spin.gif", kind="animated"),
            {"nothing-lost": ["animation"]},
        ),
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
    asset = artifact.asset
    wanted = asset[StillOptions].animation
    if wanted is None and artifact.header.animated is False:
        return  # whatever is meant by default, it is not that something moves
    wanted = wanted or _by_default(asset[TimingOptions], asset[KeptOptions])
    if wanted == "allowed":
        return
    if wanted == "required" and not artifact.animated:
        yield Problem(
            "the picture does not move", "an animation", "one frame", "export all frames", "animation"
        )
    if wanted == "forbidden" and artifact.animated:
        found = f"{artifact.frames} frames"
        yield Problem("the picture is animated", "one frame", found, "export a single frame", "animation")


def _by_default(timing: TimingOptions, kept: KeptOptions) -> str:
    """Whoever says how it plays has not meant a still."""
    frames = timing.frames
    several = frames is not None and (frames.high is None or frames.high > 1)
    plays = (timing.frame_time, timing.duration, timing.loop)
    moves = several or "animation" in (kept.nothing_lost or ())
    return "allowed" if moves or any(each is not None for each in plays) else "forbidden"
