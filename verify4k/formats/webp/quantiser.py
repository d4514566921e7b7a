"""How coarsely a VP8 key frame is quantised: the index of its frame header, of each of its segments.

RFC 6386, sections 7 (bool decoder), 9.2 to 9.6 and 19.2 (frame header).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.webp.frames import chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_FRAME_TAG = 10  # bytes before the first partition
_HEADERS = 128  # bytes of the first partition that hold what is read here
_COARSEST = 127
_SEGMENTS = 4


def quantiser(reader: Reader) -> int | None:
    """Return 0 to 127 of the finest segment of a still picture, 127 the coarsest; None where none tells."""
    end = min(reader.size, 8 + int.from_bytes(reader.read(4, 4), "little"))
    for chunk in chunks(reader, 12, end):
        if chunk.kind == b"VP8 ":
            return frame_quantiser(reader.read(chunk.at, min(chunk.length, _FRAME_TAG + _HEADERS)))
        if chunk.kind in (b"VP8L", b"ANMF"):
            return None
    return None


def frame_quantiser(data: bytes) -> int | None:
    """Return the same of a frame's own data."""
    if len(data) < _FRAME_TAG or data[0] & 1:  # no key frame
        return None
    try:
        return _of_header(_Bools(data[_FRAME_TAG:]))
    except IndexError:
        return None


def _of_header(bools: _Bools) -> int:
    bools.take(2)  # color_space, clamping_type
    segments: list[int] = []
    absolute = False
    if bools.take(1):  # segmentation_enabled
        absolute, segments = _segments(bools)
    bools.take(1 + 6 + 3)  # filter_type, loop_filter_level, sharpness_level
    if bools.take(1) and bools.take(1):  # loop_filter_adj_enable, mode_ref_lf_delta_update
        for _ in range(2 * _SEGMENTS):
            bools.optional(6)
    bools.take(2)  # log2_nbr_of_dct_partitions
    base = bools.take(7)
    finest = min(segments, default=0) + (0 if absolute else base)
    return min(max(finest, 0), _COARSEST)


def _segments(bools: _Bools) -> tuple[bool, list[int]]:
    """Read update_segmentation(): whether its quantisers stand for themselves, and what they are."""
    renewed_map, renewed = bools.take(1), bools.take(1)
    absolute, found = False, list[int]()
    if renewed:
        absolute = bool(bools.take(1))
        found = [bools.optional(7) for _ in range(_SEGMENTS)]
        for _ in range(_SEGMENTS):
            bools.optional(6)
    if renewed_map:
        for _ in range(_SEGMENTS - 1):
            if bools.take(1):
                bools.take(8)
    return absolute, found


class _Bools:
    """Numbers of evenly likely bits, as RFC 6386 codes them; raises `IndexError` at the end of the data."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._value = data[0] << 8 | data[1]
        self._at = 2
        self._range, self._shifted = 255, 0

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        number = 0
        for _ in range(count):
            number = number << 1 | self._bit()
        return number

    def optional(self, count: int) -> int:
        """Return a number with its sign behind it where a bit says that there is one, else 0."""
        if not self.take(1):
            return 0
        number = self.take(count)
        return -number if self.take(1) else number

    def _bit(self) -> int:
        split = 1 + ((self._range - 1) * 128 >> 8)
        bit = int(self._value >= split << 8)
        if bit:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._value <<= 1
            self._range <<= 1
            self._shifted += 1
            if self._shifted == 8:
                self._shifted = 0
                self._value |= self._data[self._at]
                self._at += 1
        return bit
