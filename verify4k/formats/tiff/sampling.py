"""How coarse a TIFF's colours are, by the tags of its first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.subsampling import coarseness
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import YCBCR, sampled

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_JPEG = (6, 7)


def sampling(reader: Reader) -> str:
    """Return "4:2:0" and the like, "" where colours are whole. Raises `CannotRead` for JPEG in a TIFF."""
    page = ifd.first_directory(Peek(reader, 4096))
    if page.value(ifd.PHOTOMETRIC, 1) == YCBCR and page.value(ifd.COMPRESSION, 1) in _JPEG:
        raise CannotRead("how the JPEG in a TIFF samples colours is not read")
    return coarseness(*sampled(page))
