"""The picture fills its canvas: no smaller picture inside borders.

A 2K picture centred on a 3840x2160 canvas has the promised dimensions and a quarter of the
picture. Found are borders of one colour, blurred copies, mirrored and replicated edges, and film
bars. A product on white, a logo, an icon with round corners, a page of text or a night sky is no
padding: the picture must begin along a straight edge, fill its corners and touch the edges without
a border, which plots, pages and windows on a desktop do not; a code in its quiet zone is drawn on it.
Asked of pictures of 2 megapixels and more, and of every size that is asked for with a prompt; borders
on one side alone are a warning, and so are a frame (one colour, equally wide on all sides and narrow),
the narrow margins of a plot, on three sides or four, and margins with a title along the fourth side.
Bars on two sides, however narrow, fit a picture to another shape.

`letterbox: 2.39:1` (or a list) allows film bars around a picture of that ratio; `padding: allowed`
asks nothing.

Fix: crop to the picture and produce it at the promised size; extending the canvas adds no picture. Where
the borders are meant, say `padding: allowed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import NotAsked
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.ratios import Ratio, ratios
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.analysis.results import Padding
    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size
    from verify4k.report import Severity

_FRAME_PIXELS, _FRAME_SHARE = 2, 0.05  # by which its sides differ, and share of the shorter edge
_MARGIN_SHARE = 0.03  # of the shorter edge: what programs that plot leave at most around a figure
LEAST = 2_000_000  # pixels; below, borders are usually meant
_FIX = "crop to the picture and produce it at the promised size; where borders are meant: padding: allowed"


class PaddingOptions(Options):
    """Which borders may be there."""

    padding: str | None = option(choice("forbidden", "allowed"), "whether the picture may lie inside borders")
    letterbox: tuple[Ratio, ...] | None = option(
        ratios, "film bars around a picture of these ratios are fine"
    )


@rule(
    "not-padded",
    options=PaddingOptions,
    beyond_header=True,
    asked=lambda asset: asset[PaddingOptions].padding != "allowed",
    examples=[
        Example("the picture fills the canvas", Picture(640, 360, kind="texture"), {"padding": "forbidden"}),
        Example("borders, allowed", Picture(640, 360, kind="padded"), {"padding": "allowed"}),
        Example("a film with its bars", Picture(640, 360, kind="letterbox"), {"letterbox": "2.39:1"}),
        Example(
            "a small picture made from a prompt",
            Picture(640, 360, kind="padded"),
            {"generate": "a hill"},
            finds=Problem(
                "a 426x240 picture on a larger canvas (flat left, flat top, flat right, flat bottom)",
                "a picture of 640x360",
                "426x240 of it",
            ),
        ),
        Example("a small picture nobody asked about", Picture(640, 360, kind="padded"), {}),
        Example(
            "a smaller picture on black",
            Picture(640, 360, kind="padded"),
            {"padding": "forbidden"},
            finds=Problem(
                "a 426x240 picture on a larger canvas (flat left, flat top, flat right, flat bottom)",
                "a picture of 640x360",
                "426x240 of it",
            ),
        ),
        Example(
            "bars where none were promised",
            Picture(640, 360, kind="letterbox"),
            {"padding": "forbidden"},
            finds=Problem(
                "a 640x268 picture on a larger canvas (letterbox top, letterbox bottom)",
                "a picture of 640x360",
                "640x268 of it",
            ),
        ),
        Example(
            "bars around another ratio",
            Picture(640, 360, kind="letterbox"),
            {"letterbox": "1.85:1"},
            finds=Problem(
                "a 640x268 picture on a larger canvas (letterbox top, letterbox bottom)",
                "a picture of 640x360",
                "640x268 of it",
            ),
        ),
    ],
)
def not_padded(artifact: Artifact) -> Iterator[Problem]:
    """Report borders that are neither allowed nor few."""
    asset = artifact.asset
    wants = asset[PaddingOptions]
    if artifact.stored.pixels < LEAST and not (asset.promises(PaddingOptions) or asset.prompted):
        raise NotAsked("too few pixels: borders are usually meant")
    found = artifact.padding
    if found is None or (found.letterbox and any(_same(ratio, found) for ratio in wants.letterbox or ())):
        return
    _, _, width, height = found.box
    key = "letterbox" if wants.letterbox else "padding"
    sides = sum(kind is not None for kind in found.kinds)
    evidence = {"box": list(found.box), "kinds": list(found.kinds)}
    frame, margins = _is_frame(found, artifact.stored), _has_margins(found, artifact.stored)
    mild: Severity | None = "warning" if sides == 1 or frame or margins or found.titled else None
    meant = ", or one with a frame" if frame else ", or a figure with margins" if margins else ""
    meant = meant or (", or a poster with a title" if found.titled else "")
    yield Problem(
        f"{found.sentence}{meant}",
        f"a picture of {artifact.stored}",
        f"{width}x{height} of it",
        _FIX,
        key,
        mild,
        evidence,
    )


def _has_margins(found: Padding, canvas: Size) -> bool:
    """Whether three borders or four are of one colour and narrow: the fourth of a plot holds its labels."""
    x, y, width, height = found.box
    widest = max(x, y, canvas.width - x - width, canvas.height - y - height)
    flat = found.kinds.count("flat")
    return flat >= 3 and set(found.kinds) <= {"flat", None} and widest <= _MARGIN_SHARE * min(canvas)


def _is_frame(found: Padding, canvas: Size) -> bool:
    """Whether all borders are of one colour, equally wide in pixels, and narrow: a poster's, or a card's."""
    x, y, width, height = found.box
    widths = x, y, canvas.width - x - width, canvas.height - y - height
    even = max(widths) - min(widths) <= _FRAME_PIXELS
    return set(found.kinds) == {"flat"} and even and max(widths) <= _FRAME_SHARE * min(canvas)


def _same(ratio: Ratio, found: Padding) -> bool:
    return abs(found.ratio - ratio.width / ratio.height) <= 0.02 * found.ratio
