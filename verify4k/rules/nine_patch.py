"""The picture has the frame of an Android nine-patch: black marks on a clear line of one pixel.

Left and top say what stretches, and need a mark each; right and bottom say where content goes, one run at
most (red: optical bounds). Anti-aliasing, a scaled export or a lossy codec leaves grey marks, and the build
fails, or the frame shows on the screen. Asked where `nine-patch: required` is promised; names that end in
`.9.png` are a convention that nothing but Android reads.

Fix: draw the frame at the final size with a hard one-pixel pencil; never scale a finished nine-patch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, option
from verify4k.options.presence import requirement
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "draw the frame at the final size with a hard one-pixel pencil"


class NinePatchOptions(Options):
    """Whether there has to be a frame."""

    nine_patch: str | None = option(requirement, "whether the frame of a nine-patch is there")


@rule(
    "nine-patch",
    options=NinePatchOptions,
    when_promised=True,
    colour=True,
    examples=[
        Example("framed", Picture(16, 12, "button.9.png", "nine-patch"), {"nine-patch": "required"}),
        Example(
            "a plain picture",
            Picture(16, 12, "button.9.png", "rounded"),
            {"nine-patch": "required"},
            finds=Problem(
                "the nine-patch frame is wrong",
                "black marks on a clear frame",
                "the upper left corner is neither clear nor white",
            ),
        ),
    ],
)
def nine_patch(artifact: Artifact) -> Iterator[Problem]:
    """Read the frame as Android's build does."""
    if artifact.asset[NinePatchOptions].nine_patch != "required":
        return
    for sentence in artifact.frame_faults:
        expected = "black marks on a clear frame"
        yield Problem("the nine-patch frame is wrong", expected, sentence, _FIX, "nine-patch")
