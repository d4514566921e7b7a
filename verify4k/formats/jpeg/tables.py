"""A JPEG's quantisation table for luma and its chroma subsampling, as the first scan finds them.

Section numbers are those of ITU-T T.81: B.2.2 frame header, B.2.4.1 tables, figure A.6 zigzag order.
"""

from __future__ import annotations

import struct
from operator import itemgetter
from typing import TYPE_CHECKING

from verify4k.formats.facts import once
from verify4k.formats.jpeg.markers import DQT, EOI, SOFS, SOI, SOS, Front
from verify4k.formats.reading.subsampling import NAMES
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Reader


class Tables(NamedTuple):
    """``luma``: 64 steps in natural (row by row) order, of the first component.

    ``subsampling``: "4:4:4", "4:2:0" and the like; "4:0:0" is grey, "" what has no such name.
    """

    luma: tuple[int, ...]
    subsampling: str


def tables(reader: Reader) -> Tables | None:
    """Read the segments before the first scan; None where they hold no usable table."""
    front = once(reader, Front)
    steps: dict[int, tuple[int, ...]] = {}
    frame = b""
    for segment in front.until(SOS, EOI, SOI):
        if segment.code == DQT:
            steps.update(_steps(front.window.at(segment.body, segment.length)))
        elif segment.code in SOFS:
            frame = front.window.at(segment.body, segment.length)
    parts = [frame[at : at + 3] for at in range(6, len(frame) - 2, 3)]  # id, factors, table
    luma = steps.get(parts[0][2]) if parts else None
    return None if luma is None else Tables(luma, _subsampling([part[1] for part in parts]))


def _steps(data: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield number and steps of each whole table in a segment; a later one replaces an earlier one."""
    at = 0
    while at < len(data):
        width, number = (2 if data[at] >> 4 else 1), data[at] & 15
        body = data[at + 1 : at + 1 + 64 * width]
        at += 1 + 64 * width
        if len(body) == 64 * width:
            zigzag = body if width == 1 else struct.unpack(">64H", body)
            yield number, _natural(zigzag)


def _zigzag(place: int) -> tuple[int, int]:
    row, column = divmod(place, 8)
    return row + column, row if (row + column) % 2 else column


_ORDER = sorted(range(64), key=_zigzag)  # natural places in the order in which a file names them
_natural = itemgetter(*(_ORDER.index(place) for place in range(64)))


def _subsampling(factors: list[int]) -> str:
    if len(factors) == 1:
        return "4:0:0"
    across, down = factors[0] >> 4, factors[0] & 15
    rest = {(across / (one >> 4 or 1), down / (one & 15 or 1)) for one in factors[1:3]}
    return NAMES.get(rest.pop(), "") if len(rest) == 1 and len(factors) == 3 else ""
