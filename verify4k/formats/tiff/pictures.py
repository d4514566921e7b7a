"""The pages of a TIFF, each by its own directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import page_size

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Size

_MOST_PAGES = 10_000


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of each page, in order. Raises `Damaged` where the chain of pages is broken."""
    first = ifd.first_directory(reader)
    return (page_size(first), *(page_size(page) for page in ifd.further_directories(first, _MOST_PAGES)))
