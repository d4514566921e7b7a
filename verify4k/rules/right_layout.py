"""The art lies on its canvas as promised: corners, edges, margins, a safe zone.

`corners: square` refuses rounded corners that are baked into an icon whose store rounds it: four alike, each
cut off by an arc, in any colour or clear. `corners: opaque` and `transparent` are about the four corner
pixels, `edges: opaque` (a full bleed) and `transparent` (sprites that must not touch) about all outermost
ones. `margin: 16` or `10%..20%` bounds the space between the art and each edge of the canvas, and
`safe-zone: 80%` wants the art inside a circle of that share of the shorter edge, in the middle, as masks of
Android and web app icons need it.

Art is what differs from the background: transparency, or the one colour that the outermost pixels share.
Where they share none, a margin or a safe zone is undecided.

Fix: move or scale the art on its canvas, or export it without the store's own mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.numbers import Margin, margin, share
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.analysis.results import Art
    from verify4k.artifacts.artifact import Artifact

_FIX = "move or scale the art on its canvas; do not enlarge the finished picture"
_OPACITY = {"opaque": (255, 255), "transparent": (0, 0)}
_OPAQUE_FIX = "export the picture to its edges, without a mask"
_CLEAR_FIX = "leave a transparent border around the art"


class LayoutOptions(Options):
    """How art and canvas lie."""

    corners: str | None = option(
        choice("square", "opaque", "transparent", "any"),
        "square: not rounded; or how opaque corner pixels are",
    )
    edges: str | None = option(choice("opaque", "transparent", "any"), "how opaque the outermost pixels are")
    margin: Margin | None = option(margin, "space between the art and each edge")
    safe_zone: float | None = option(share, "the circle in the middle that holds all art")


@rule(
    "right-layout",
    options=LayoutOptions,
    when_promised=True,
    colour=True,
    examples=[
        Example("to its edges", Picture(kind="texture"), {"corners": "square", "edges": "opaque"}),
        Example("a clear border", Picture(64, 64, kind="disc-clear"), {"corners": "transparent"}),
        Example("inside the mask", Picture(64, 64, kind="disc"), {"safe-zone": "80%", "margin": "10%.."}),
        Example(
            "rounded corners are baked in",
            Picture(64, 64, kind="rounded"),
            {"corners": "square"},
            finds=Problem(
                "rounded corners are part of the picture", "square corners", "about 13 pixels cut off"
            ),
        ),
        Example(
            "corners show what lies behind",
            Picture(64, 64, kind="disc-clear"),
            {"corners": "opaque"},
            finds=Problem("the corners differ", "opaque corners", "transparent corners"),
        ),
        Example(
            "a clear edge where a full bleed was promised",
            Picture(64, 64, kind="disc-clear"),
            {"edges": "opaque"},
            finds=Problem("the outermost pixels differ", "opaque edges", "transparent edges"),
        ),
        Example(
            "too near the edge",
            Picture(64, 64, kind="disc"),
            {"margin": "20.."},
            finds=Problem("the margin differs", "at least 20 pixels", "16 pixels"),
        ),
        Example(
            "a smaller share than promised",
            Picture(64, 64, kind="disc"),
            {"margin": "30%..40%"},
            finds=Problem("the margin differs", "30 to 40%", "16 pixels on a canvas of 64x64"),
        ),
        Example(
            "outside the mask",
            Picture(64, 64, kind="disc"),
            {"safe-zone": "40%"},
            finds=Problem(
                "art lies outside the safe zone", "inside the middle 40%", "reaches ... of the shorter edge"
            ),
        ),
    ],
)
def right_layout(artifact: Artifact) -> Iterator[Problem]:
    """Compare what the pixels show with the promise."""
    wants = artifact.asset[LayoutOptions]
    if wants.corners == "square" and artifact.rounding is not None:
        found = f"about {artifact.rounding} pixels cut off"
        fix = "export it without the rounding: the store rounds it"
        yield Problem("rounded corners are part of the picture", "square corners", found, fix, "corners")
    yield from _opacity(artifact, wants)
    if wants.margin is None and wants.safe_zone is None:
        return
    art = artifact.art
    if art is None:
        raise CannotRead(
            "no flat background tells the art from its canvas", "look at it, or drop margin and safe-zone"
        )
    width, height = artifact.stored
    edges = (width, height, width, height)
    margins = art.margins(width, height)
    if wants.margin is not None and not all(map(wants.margin.holds, margins, edges)):
        yield _margin(wants.margin, art, margins, edges)
    if wants.safe_zone is not None and art.reach > wants.safe_zone * min(width, height) / 2 + 1:
        message, expected = "art lies outside the safe zone", f"inside the middle {wants.safe_zone * 100:g}%"
        found = f"reaches {200 * art.reach / min(width, height):.3g}% of the shorter edge"
        yield Problem(message, expected, found, _FIX, "safe-zone", evidence={"art": list(art.box)})


def _opacity(artifact: Artifact, wants: LayoutOptions) -> Iterator[Problem]:
    for key, wanted, message in (
        ("corners", wants.corners, "the corners differ"),
        ("edges", wants.edges, "the outermost pixels differ"),
    ):
        if wanted not in _OPACITY:
            continue
        found = getattr(artifact.edges, "corners" if key == "corners" else "border")
        if found != _OPACITY[wanted]:
            word = {(255, 255): "opaque", (0, 0): "transparent"}.get(found, "partly transparent")
            fix = _OPAQUE_FIX if wanted == "opaque" else _CLEAR_FIX
            yield Problem(message, f"{wanted} {key}", f"{word} {key}", fix, key)


def _margin(wanted: Margin, art: Art, margins: tuple[int, ...], edges: tuple[int, ...]) -> Problem:
    wrong = sorted(m for m, edge in zip(margins, edges, strict=True) if not wanted.holds(m, edge))
    sizes = " to ".join(str(each) for each in dict.fromkeys((wrong[0], wrong[-1])))
    canvas = f" on a canvas of {edges[0]}x{edges[1]}" if wanted.share else ""
    found = f"{sizes} pixels{canvas}"
    return Problem("the margin differs", str(wanted), found, _FIX, "margin", evidence={"art": list(art.box)})
