"""How coarse the colours of a JPEG XL are: whole, but for a JPEG that was packed without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.jxl.header import read_stream

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def sampling(reader: Reader) -> str:
    """Return "4:2:0" and the like, "" where colours are whole. Raises `CannotRead` behind a coded profile."""
    found = read_stream(reader).sampling
    if found is None:
        raise CannotRead("how this JPEG XL samples colours is not read")
    return found
