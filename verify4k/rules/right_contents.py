"""Everything that one file has to hold is in it: an icon's sizes, a document's pages, a gain map.

`sizes: [16x16, 32x32, 48x48]` wants each of these among the pictures of an ICO or ICNS; others may be there
as well. (`size` is about the largest one: any of several will do.) Of a TIFF each is the size of a page, and
every page has one of them: `sizes: 2480x3508` is a document of A4 pages only; thumbnails, a pyramid's levels
and masks that say what they are count as no pages. Of a JPEG, AVIF or HEIC they are the picture and its gain
map; of any other format the one picture counts. `pages: 1` or `pages: 2..` counts the pages of a TIFF, where
every other format has one. `verify4k inspect` lists what a file holds.

Fix: export all of them into the one file; an icon that lacks a size is scaled by whoever shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, Range, option, whole_range
from verify4k.options.sizes import Wanted, sizes
from verify4k.rule import Example, Picture, rule
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size

_FIX = "export all of them into the one file"


class ContentsOptions(Options):
    """What has to be in the file."""

    sizes: tuple[Wanted, ...] | None = option(
        sizes, "pictures that it has to hold, each of them; every page of a TIFF is one of them"
    )
    pages: Range | None = option(whole_range("a number of pages, or a range like 1..8"), "pages of a TIFF")


@rule(
    "right-contents",
    options=ContentsOptions,
    when_promised=True,
    examples=[
        Example("all sizes are there", Picture(name="a.ico", kind="icon"), {"sizes": ["16x16", "32x32"]}),
        Example(
            "every page is one of them",
            Picture(name="a.tif", kind="pages"),
            {"sizes": ["64x36", "9x9"]},
        ),
        Example("the gain map as well", Picture(name="a.jpg", kind="gain-map"), {"sizes": ["64x36", "16x9"]}),
        Example(
            "a smaller gain map",
            Picture(name="a.jpg", kind="gain-map"),
            {"sizes": ["64x36", "32x18"]},
            finds=Problem("a picture is missing in the file", "32x18", "64x36, 16x9"),
        ),
        Example("two pages", Picture(name="a.tif", kind="pages"), {"pages": "2"}),
        Example(
            "a size is missing",
            Picture(name="a.ico", kind="icon"),
            {"sizes": ["16x16", "48x48"]},
            finds=Problem("a picture is missing in the file", "48x48", "16x16, 32x32"),
        ),
        Example(
            "a page of another size",
            Picture(name="a.tif", kind="pages"),
            {"sizes": "64x36"},
            finds=Problem("a page has another size", "64x36", "page 2: 9x9"),
        ),
        Example(
            "a page too many",
            Picture(name="a.tif", kind="pages"),
            {"pages": "1"},
            finds=Problem("the number of pages differs", "one page", "2 pages"),
        ),
    ],
)
def right_contents(artifact: Artifact) -> Iterator[Problem]:
    """Look for every promised picture."""
    wants, found = artifact.asset[ContentsOptions], artifact.pictures
    paged = artifact.format == "tiff"
    if wants.sizes and paged:
        yield from _other_pages(wants.sizes, found)
    missing = [wanted for wanted in wants.sizes or () if not any(map(wanted.allows, found))]
    if missing:
        there = ", ".join(map(str, dict.fromkeys(found)))
        expected = ", ".join(map(str, missing))
        yield Problem("a picture is missing in the file", expected, there, _FIX, "sizes")
    pages = len(found) if paged else 1
    if wants.pages is not None and pages not in wants.pages:
        fix = "export the pages that were promised; a picture alone needs one"
        wanted = "one page" if str(wants.pages) == "1" else f"{wants.pages} pages"
        there = "one page" if pages == 1 else f"{pages} pages"
        yield Problem("the number of pages differs", wanted, there, fix, "pages")


def _other_pages(wanted: tuple[Wanted, ...], pages: Sequence[Size]) -> Iterator[Problem]:
    """Name the pages whose size nobody promised."""
    strange = [
        f"page {number}: {size}"
        for number, size in enumerate(pages, 1)
        if not any(one.allows(size) for one in wanted)
    ]
    if strange:
        expected = " or ".join(map(str, wanted))
        fix = "export the pages in the promised sizes, or promise these sizes too"
        yield Problem("a page has another size", expected, listed(strange), fix, "sizes")
