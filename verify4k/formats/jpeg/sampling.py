"""How coarse a JPEG's colours are, by its frame header (T.81, A.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.facts import once
from verify4k.formats.jpeg.markers import SOFS, SOS, Front, read_frame
from verify4k.formats.reading.subsampling import coarseness

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def sampling(reader: Reader) -> str:
    """Return "4:2:0" and the like of the component that is furthest from the first; "" where none is."""
    front = once(reader, Front)
    for segment in front.until(SOS):
        if segment.code in SOFS:
            (across, down), *others = read_frame(front.window, segment).sampling
            return coarseness(*max(((across / one, down / other) for one, other in others), default=(1, 1)))
    raise CannotRead("how the JPEG samples colours cannot be told: it has no frame header")
