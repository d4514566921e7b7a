"""The pixels add up as promised: powers of two, megapixels, long and short edge, a grid of cells.

What game engines, stock agencies and stores ask instead of one size. `power-of-two: required` wants
both edges to be powers of two (mipmaps, texture compression); `megapixels: 4..25` counts all pixels
in millions; `longest` and `shortest` bound an edge whichever way up the picture is. A sprite sheet
promises `grid: 8x4` (columns by rows, no cell cut), `cell: 64x64` (a whole number of such cells) or
both, which is one exact size. An `N:1` strip is `ratio: N:1` of rule exact-size.

Like all dimensions these are of the picture as browsers show it.

Fix: produce it again at a size that adds up; padding or stretching the finished picture moves its cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.model import Problem
from verify4k.options.kinds import Options, Range, option, pixel_range
from verify4k.options.numbers import Span, span
from verify4k.options.presence import requirement
from verify4k.options.sizes import counts
from verify4k.rule import Example, Picture, rule
from verify4k.rules._unsized import said_of_unsized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "produce it again at a size that adds up; padding or stretching the finished picture moves its cells"


class ShapeOptions(Options):
    """How the pixels add up."""

    power_of_two: str | None = option(requirement, "whether both edges have to be powers of two")
    megapixels: Span | None = option(
        span("4..25", "megapixels", {"": 1.0, "mp": 1.0}), "millions of pixels in all"
    )
    longest: Range | None = option(pixel_range, "bounds for the longer edge, whichever way up")
    shortest: Range | None = option(pixel_range, "bounds for the shorter edge, whichever way up")
    grid: Size | None = option(counts("8x4"), "columns x rows of equal cells, none of them cut")
    cell: Size | None = option(counts("64x64"), "the size of a cell: the picture is a whole number of them")

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield promises that no picture can keep together."""
        low, high = self.shortest and self.shortest.low, self.longest and self.longest.high
        if low is not None and high is not None and low > high:
            yield "shortest", f"the shortest edge is to be longer ({low}) than the longest ({high})"


@rule(
    "right-shape",
    options=ShapeOptions,
    when_promised=True,
    examples=[
        Example("both edges are powers of two", Picture(64, 32), {"power-of-two": "required"}),
        Example("eight by four whole cells", Picture(64, 32), {"grid": "8x4"}),
        Example("cells of 16x16, as many as there are", Picture(64, 48), {"cell": "16x16"}),
        Example("a small one, either way up", Picture(36, 64), {"longest": "..64", "shortest": "36.."}),
        Example("inside the bounds", Picture(64, 36), {"megapixels": "0.002..0.003"}),
        Example(
            "one edge is no power of two",
            Picture(64, 36),
            {"power-of-two": "required"},
            finds=Problem("an edge is no power of two", "powers of two, like 64x32 or 64x64", "64x36"),
        ),
        Example(
            "too few pixels",
            Picture(64, 36),
            {"megapixels": "4.."},
            finds=Problem(
                "the number of pixels is out of bounds", "at least 4 megapixels", "0.0023 megapixels (64x36)"
            ),
        ),
        Example(
            "the longer edge is too long",
            Picture(36, 64),
            {"longest": "..60"},
            finds=Problem("the longest edge is out of bounds", "..60 pixels", "64 pixels (36x64)"),
        ),
        Example(
            "the shorter edge is too short",
            Picture(64, 36),
            {"shortest": "40.."},
            finds=Problem("the shortest edge is out of bounds", "40.. pixels", "36 pixels (64x36)"),
        ),
        Example(
            "the last row of cells is cut",
            Picture(64, 36),
            {"grid": "8x8"},
            finds=Problem("cells are cut", "8x8 whole cells", "64x36: cells of 8x4.5 pixels"),
        ),
        Example(
            "a row and a half of cells",
            Picture(64, 24),
            {"cell": "16x16"},
            finds=Problem("cells are cut", "a whole number of 16x16 cells", "64x24: 4x1.5 cells"),
        ),
        Example(
            "four cells where eight were promised",
            Picture(64, 16),
            {"grid": "8x1", "cell": "16x16"},
            finds=Problem("the sheet differs", "128x16 (8x1 cells of 16x16)", "64x16"),
        ),
    ],
)
def right_shape(artifact: Artifact) -> Iterator[Problem]:
    """Do the sums."""
    return said_of_unsized(artifact, _sums(artifact))


def _sums(artifact: Artifact) -> Iterator[Problem]:
    wants, seen = artifact.asset[ShapeOptions], artifact.displayed
    if wants.power_of_two == "required" and any(edge & (edge - 1) for edge in seen):
        near = " or ".join(dict.fromkeys(_powers(seen)))
        yield Problem(
            "an edge is no power of two", f"powers of two, like {near}", str(seen), _FIX, "power-of-two"
        )
    if wants.megapixels is not None and not wants.megapixels.holds(seen.pixels / 1e6):
        found = f"{seen.pixels / 1e6:.3g} megapixels ({seen})"
        yield Problem(
            "the number of pixels is out of bounds", str(wants.megapixels), found, _FIX, "megapixels"
        )
    for key, bound, edge in (("longest", wants.longest, max(seen)), ("shortest", wants.shortest, min(seen))):
        if bound is not None and edge not in bound:
            message = f"the {key} edge is out of bounds"
            yield Problem(message, f"{bound} pixels", f"{edge} pixels ({seen})", _FIX, key)
    yield from _cells(wants, seen)


def _powers(size: Size) -> Iterator[str]:
    """Yield the sizes below and above whose edges are powers of two."""
    below = [1 << (edge.bit_length() - 1) for edge in size]
    above = [1 << (edge - 1).bit_length() for edge in size]
    yield from (str(Size(*below)), str(Size(*above)))


def _cells(wants: ShapeOptions, seen: Size) -> Iterator[Problem]:
    grid, cell = wants.grid, wants.cell
    if grid is not None and cell is not None:
        sheet = Size(grid.width * cell.width, grid.height * cell.height)
        if seen != sheet:
            expected = f"{sheet} ({grid} cells of {cell})"
            yield Problem("the sheet differs", expected, str(seen), _FIX, "grid")
    elif grid is not None and (seen.width % grid.width or seen.height % grid.height):
        across, down = seen.width / grid.width, seen.height / grid.height
        found = f"{seen}: cells of {across:.6g}x{down:.6g} pixels"
        yield Problem("cells are cut", f"{grid} whole cells", found, _FIX, "grid")
    elif cell is not None and (seen.width % cell.width or seen.height % cell.height):
        found = f"{seen}: {seen.width / cell.width:.6g}x{seen.height / cell.height:.6g} cells"
        yield Problem("cells are cut", f"a whole number of {cell} cells", found, _FIX, "cell")
