"""The picture has exactly the promised width and height.

A size request is not proof, and neither is a file name: this rule reads the final file. The
dimensions are those that browsers show, after the orientation is applied, so a portrait that
ships as landscape is caught. Promise one size, several, a range, an aspect ratio, a grid
(`multiple-of`) or bounds for one edge; all that is promised must hold together. A size that
`generate: {critical: false, fallback: [...]}` allows is a warning.

Fix what changed the pixels: the request, the route, the CDN transform, the export. Do not
rename the file or patch its metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, Range, choice, integer, option, pixel_range
from verify4k.options.ratios import Shape, Tolerance, shapes, tolerance
from verify4k.options.sizes import NO_SLACK, Wanted, sizes
from verify4k.rule import Example, Picture, rule
from verify4k.rules._unsized import said_of_unsized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size

_FIX = "produce it again at the promised size; find what changed it: request, route, CDN transform or export"


class SizeOptions(Options):
    """What the dimensions may be."""

    size: tuple[Wanted, ...] | None = option(sizes, "the size as browsers show it; several: any of them")
    width: Range | None = option(pixel_range, "bounds for the width")
    height: Range | None = option(pixel_range, "bounds for the height")
    ratio: tuple[Shape, ...] | None = option(
        shapes,
        "width to height, exact to half a pixel; 1:2..2:1 is every shape between, 1:N a strip of squares",
    )
    multiple_of: int | None = option(integer(1, 4096), "both edges are divisible by this")
    tolerance: Tolerance | None = option(tolerance, "how far an edge may be off the promised size or ratio")
    turned: str | None = option(
        choice("allowed", "forbidden"), "whether width and height may be exchanged", "forbidden"
    )

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield promises that no picture can keep together."""
        if self.tolerance is not None and self.size is None and self.ratio is None:
            yield "tolerance", "a tolerance needs a size or a ratio to be off from"
        for wanted in self.size or ():
            for key, bound, low, high in (
                ("width", self.width, wanted.low.width, wanted.high.width),
                ("height", self.height, wanted.low.height, wanted.high.height),
            ):
                apart = bound is not None and (
                    (bound.low is not None and high < bound.low)
                    or (bound.high is not None and low > bound.high)
                )
                if apart:
                    yield key, f"{key}: {bound} contradicts the size {wanted}"
            exact = wanted.low == wanted.high and self.tolerance is None
            if exact and self.ratio and not any(ratio.allows(wanted.low) for ratio in self.ratio):
                yield "ratio", f"the size {wanted} has none of the promised ratios"
            if exact and self.multiple_of and any(edge % self.multiple_of for edge in wanted.low):
                yield "multiple-of", f"the size {wanted} is not divisible by {self.multiple_of}"


@rule(
    "exact-size",
    options=SizeOptions,
    when_promised=True,
    examples=[
        Example("as promised", Picture(64, 36), {"size": "64x36"}),
        Example("one of several", Picture(32, 18), {"size": ["64x36", "32x18"]}),
        Example("inside the bounds", Picture(64, 36), {"width": "48..512", "ratio": "16:9"}),
        Example(
            "one pixel short, and that is allowed", Picture(63, 36), {"size": "64x36", "tolerance": "1px"}
        ),
        Example(
            "turned by the orientation tag", Picture(36, 64, "turned.jpg", "orientation-6"), {"size": "64x36"}
        ),
        Example("a shape between two", Picture(64, 36), {"ratio": "1:2..2:1"}),
        Example("nearly the shape", Picture(64, 37), {"ratio": "16:9", "tolerance": "3%"}),
        Example("a strip of four squares", Picture(16, 64), {"ratio": "1:N"}),
        Example("turned, and that is allowed", Picture(36, 64), {"size": "64x36", "turned": "allowed"}),
        Example(
            "half size",
            Picture(32, 18),
            {"size": "64x36"},
            finds=Problem("the picture has 0.5 times the promised width and height", "64x36", "32x18"),
        ),
        Example(
            "none of several",
            Picture(40, 36),
            {"size": ["64x36", "32x18..48x27"]},
            finds=Problem("the pixel size differs", "64x36 or 32x18..48x27", "40x36"),
        ),
        Example(
            "two pixels short where one is allowed",
            Picture(62, 36),
            {"size": "64x36", "tolerance": "1px"},
            finds=Problem("the pixel size differs", "64x36", "62x36"),
        ),
        Example(
            "a fallback size stands in",
            Picture(1024, 1024),
            {
                "size": "2048x2048",
                "generate": {"prompt": "x", "critical": "false", "fallback": ["1024x1024"]},
            },
            finds=Problem("a fallback size stands in", "2048x2048", "1024x1024", severity="warning"),
        ),
        Example(
            "rotated",
            Picture(36, 64),
            {"size": "64x36", "turned": "forbidden"},
            finds=Problem("the picture is turned: width and height are exchanged", "64x36", "36x64"),
        ),
        Example(
            "too wide",
            Picture(64, 36),
            {"width": "..48"},
            finds=Problem("the width is out of bounds", "..48 pixels", "64 pixels"),
        ),
        Example(
            "too low",
            Picture(64, 36),
            {"height": "40.."},
            finds=Problem("the height is out of bounds", "40.. pixels", "36 pixels"),
        ),
        Example(
            "another shape",
            Picture(64, 48),
            {"ratio": "16:9"},
            finds=Problem("the shape differs", "16:9", "64x48 (about 1.333:1)"),
        ),
        Example(
            "off the grid",
            Picture(64, 36),
            {"multiple-of": "16"},
            finds=Problem("the size is off the grid", "edges divisible by 16", "64x36"),
        ),
        Example(
            "longer than twice its width",
            Picture(36, 73),
            {"ratio": "1:2..2:1"},
            finds=Problem("the shape differs", "1:2..2:1", "36x73 (about 0.493:1)"),
        ),
        Example(
            "the last square is cut",
            Picture(16, 60),
            {"ratio": "1:N"},
            finds=Problem("the shape differs", "1:N", "16x60 (about 0.267:1)"),
        ),
    ],
)
def exact_size(artifact: Artifact) -> Iterator[Problem]:
    """Compare the displayed size with everything promised about it."""
    return said_of_unsized(artifact, _compared(artifact))


def _compared(artifact: Artifact) -> Iterator[Problem]:
    wants = artifact.asset[SizeOptions]
    seen = artifact.displayed
    if wants.size is not None and not _any_fits(wants, seen):
        problem = _differs(wants.size, seen)
        if seen in artifact.asset.fallbacks:  # the manifest allows it, and still wants the other
            problem = problem._replace(message="a fallback size stands in", severity="warning")
        yield problem
    edges = ("width", wants.width, seen.width), ("height", wants.height, seen.height)
    for key, bound, edge in edges:
        if bound is not None and edge not in bound:
            yield Problem(f"the {key} is out of bounds", f"{bound} pixels", f"{edge} pixels", _FIX, key)
    if wants.ratio is not None and not any(
        ratio.allows(seen, wants.tolerance or Tolerance()) for ratio in wants.ratio
    ):
        wanted = " or ".join(map(str, wants.ratio))
        yield Problem(
            "the shape differs", wanted, f"{seen} (about {seen.width / seen.height:.3f}:1)", _FIX, "ratio"
        )
    if wants.multiple_of is not None and any(edge % wants.multiple_of for edge in seen):
        expected = f"edges divisible by {wants.multiple_of}"
        yield Problem("the size is off the grid", expected, str(seen), _FIX, "multiple-of")


def _any_fits(wants: SizeOptions, seen: Size) -> bool:
    turned = seen.turned if wants.turned == "allowed" else seen
    for wanted in wants.size or ():
        slack = NO_SLACK if wants.tolerance is None else wants.tolerance.slack(wanted.high)
        if wanted.allows(seen, slack) or wanted.allows(turned, slack):
            return True
    return False


def _differs(wanted: tuple[Wanted, ...], seen: Size) -> Problem:
    message = "the pixel size differs"
    for each in wanted:
        if each.allows(seen.turned):
            message = "the picture is turned: width and height are exchanged"
        elif each.low == each.high and each.low.width * seen.height == each.low.height * seen.width:
            share = seen.width / each.low.width
            message = f"the picture has {share:.3g} times the promised width and height"
    return Problem(message, " or ".join(map(str, wanted)), str(seen), _FIX, "size")
