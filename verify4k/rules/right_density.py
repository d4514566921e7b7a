"""The picture prints as promised: it names the density, and has the pixels for the paper.

`dpi: 300` or `dpi: 72..` is about what the file names: JFIF, pHYs, Exif, TIFF, BMP and Photoshop fields, all
that are there; of a field that holds whole pixels a centimetre, the nearest number will do. A density is a
wish, no pixel hangs on it; stores and printers ask for it all the same.
`print: 210x297mm` is about pixels: at this paper size there have to be 300 of them an inch (or as few as
`dpi` allows), on both axes, and the shape has to be the paper's, within one in a hundred; with
`turned: allowed` the paper may lie on its side.

Fix: export at the density that was promised; for paper, produce it with more pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, option
from verify4k.options.numbers import Paper, Span, paper, span
from verify4k.rule import Example, Picture, rule
from verify4k.rules.exact_size import SizeOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Density, Size

_FIX = "export at the promised density; no pixel hangs on it"
_COMPOSE = "crop or compose it in the paper's shape; stretching is no way"
_SLACK = 0.05  # dpi: pHYs counts whole pixels a metre, 300 dpi are written as 299.9994
_USUAL = 300.0


class DensityOptions(Options):
    """What the picture is to be printed as."""

    dpi: Span | None = option(
        span("72..300", "dpi", {"": 1.0, "dpi": 1.0, "ppi": 1.0}),
        "pixels per inch as the file's metadata name them",
    )
    print: Paper | None = option(paper, "the paper that its pixels have to be enough for")


@rule(
    "right-density",
    options=DensityOptions,
    when_promised=True,
    examples=[
        Example("300 dpi, written as pixels a metre", Picture(kind="dpi-300"), {"dpi": "300"}),
        Example("no density is above none", Picture(), {"dpi": "..300"}),
        Example("enough pixels for a stamp", Picture(64, 36), {"print": "0.2133x0.12in"}),
        Example(
            "a screen's density",
            Picture(kind="dpi-72"),
            {"dpi": "300.."},
            finds=Problem("the density differs", "at least 300 dpi", "72.01 dpi (pHYs)"),
        ),
        Example(
            "no density at all",
            Picture(),
            {"dpi": "72.."},
            finds=Problem("no density is named", "at least 72 dpi", "none"),
        ),
        Example(
            "too few pixels for the paper",
            Picture(1240, 1754),
            {"print": "210x297mm"},
            finds=Problem("too few pixels for the paper", "300 dpi at 210x297mm", "150 dpi (1240x1754)"),
        ),
        Example(
            "another shape than the paper's",
            Picture(64, 36),
            {"print": "5x5mm"},
            finds=Problem("the shape is not the paper's", "5x5mm", "64x36"),
        ),
    ],
)
def right_density(artifact: Artifact) -> Iterator[Problem]:
    """Compare what is named with the promise, then the pixels with the paper."""
    wants = artifact.asset[DensityOptions]
    if wants.dpi is not None:
        named = artifact.densities
        wrong = [one for one in named if not _inside(wants.dpi, one)]
        if not named and wants.dpi.low is not None:
            yield Problem("no density is named", str(wants.dpi), "none", _FIX, "dpi")
        elif wrong:
            found = ", ".join(f"{one} dpi ({one.source})" for one in dict.fromkeys(wrong))
            yield Problem("the density differs", str(wants.dpi), found, _FIX, "dpi")
    if wants.print is not None:
        turns = artifact.asset[SizeOptions].turned == "allowed"
        wide, seen = wants.print.width > wants.print.height, artifact.displayed
        lies = turns and wide != (seen.width > seen.height)
        yield from _on_paper(seen.turned if lies else seen, seen, wants.print, wants.dpi)


def _inside(span: Span, named: Density) -> bool:
    """Whether both axes are as promised, or as near as a field of whole centimetres comes to it."""
    slack = max(_SLACK, named.step / 2) if named.step > 1 else _SLACK
    return all(span.holds(axis, slack) for axis in (named.across, named.down))


def _near(across: float, down: float) -> bool:
    """Whether two densities differ by one in a hundred at most, whichever is the larger."""
    return max(across, down) <= min(across, down) * 1.01 * (1 + 1e-9)


def _on_paper(lying: Size, seen: Size, paper: Paper, dpi: Span | None) -> Iterator[Problem]:
    """``lying``: the picture, turned as the paper lies."""
    least = dpi.low if dpi is not None and dpi.low is not None else _USUAL
    across, down = lying.width / paper.width, lying.height / paper.height
    if not _near(across, down):
        aside = _near(lying.height / paper.width, lying.width / paper.height)
        fix = "exchange the paper's edges, or say turned: allowed" if aside else _COMPOSE
        yield Problem("the shape is not the paper's", str(paper), str(seen), fix, "print")
    elif min(lying.width + 0.5 - least * paper.width, lying.height + 0.5 - least * paper.height) < 0:
        expected, found = f"{least:g} dpi at {paper}", f"{min(across, down):.4g} dpi ({seen})"
        yield Problem("too few pixels for the paper", expected, found, "produce it with more pixels", "print")
