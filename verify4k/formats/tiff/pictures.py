"""The pages of a TIFF, each by its own directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import page_size

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Size

_MOST_PAGES = 10_000
_NO_PAGE = 1 | 4  # NewSubfileType (TIFF 6.0): a smaller version of another picture of the file, or its mask


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of each page, in order; thumbnails, the levels of a pyramid and masks are none.

    Raises `Damaged` where the chain of pages is broken.
    """
    first = ifd.first_directory(reader)
    further = ifd.further_directories(first, _MOST_PAGES)
    pages = (page for page in further if not page.value(ifd.SUBFILE_TYPE, 0) & _NO_PAGE)
    return (page_size(first), *map(page_size, pages))
