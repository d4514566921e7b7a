"""The picture shows something: it is not one colour, or nearly.

A render that came out empty, a fully transparent layer and a grey "image not available" tile have
the right size and format. Asked of pictures of 256x256 and more, which is what generators make, of every size
that is asked for with a prompt, and of smaller ones where `blank` is set; an animation is looked at beyond a
first frame of one colour. `blank: allowed` asks nothing: it is how to say that a plain wallpaper, or a canvas
with very little on it, is meant.

Fix: look at the picture and produce it again, or say `blank: allowed` where it is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import NotAsked
from verify4k.formats.facts import Size
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "look at the picture and produce it again; where it is meant to be plain, say blank: allowed"
LEAST = Size(256, 256)  # below, plain tiles and backgrounds are usual


class BlankOptions(Options):
    """Whether the picture may be empty."""

    blank: str | None = option(choice("forbidden", "allowed"), "whether the picture may be one colour")


@rule(
    "not-blank",
    options=BlankOptions,
    beyond_header=True,
    asked=lambda asset: asset[BlankOptions].blank != "allowed",
    examples=[
        Example("a picture", Picture(640, 360, kind="texture"), {"blank": "forbidden"}),
        Example("a tile, allowed", Picture(640, 360, kind="blank"), {"blank": "allowed"}),
        Example("a thin stripe", Picture(2048, 16, kind="blank"), {}),
        Example("a small tile nobody asked about", Picture(64, 36, kind="blank"), {}),
        Example(
            "all grey",
            Picture(640, 360, kind="blank"),
            {"blank": "forbidden"},
            finds=Problem("the picture is blank", "a picture", "one colour, (90, 90, 90)"),
        ),
        Example(
            "a small tile made from a prompt",
            Picture(64, 36, kind="blank"),
            {"generate": "a hill"},
            finds=Problem("the picture is blank", "a picture", "one colour, (90, 90, 90)"),
        ),
        Example(
            "all grey, as a generator may answer",
            Picture(256, 256, kind="blank"),
            {},
            finds=Problem("the picture is blank", "a picture", "one colour, (90, 90, 90)"),
        ),
    ],
)
def not_blank(artifact: Artifact) -> Iterator[Problem]:
    """Report a picture of one colour."""
    asset = artifact.asset
    if artifact.stored.pixels < LEAST.pixels and not (asset.promises(BlankOptions) or asset.prompted):
        raise NotAsked("too few pixels: plain tiles are usual")
    found = artifact.blank
    if found is not None:
        evidence = {"colour": list(found.colour), "share": found.share}
        message = "the picture is blank" if found.share == 1.0 else "the picture is nearly blank"
        yield Problem(message, "a picture", found.sentence, _FIX, "blank", evidence=evidence)
