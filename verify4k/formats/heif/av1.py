"""AV1 sequence header: the size that the coded picture really has.

AV1 Bitstream Specification, sections 5.3 (OBU header), 5.5 (sequence header).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.formats.heif.bits import Bits
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEQUENCE_HEADER = 1
_LIMIT_UNITS = 16  # a temporal delimiter and little else stands before the sequence header


class Sequence(NamedTuple):
    """``exact``: a reduced still picture, whose frame cannot be smaller than this maximum."""

    size: Size
    exact: bool


def read_sequence(data: bytes) -> Sequence | None:
    """Find the sequence header among the first units of ``data``; None: not found or cut off."""
    for kind, body in units(data):
        if kind == _SEQUENCE_HEADER:
            try:
                return _sequence(Bits(body))
            except IndexError:
                return None
    return None


def units(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and the first 256 bytes of each of the first units, as far as there are any."""
    at = 0
    for _ in range(_LIMIT_UNITS):
        if at >= len(data):
            return
        head = data[at]
        at += 2 if head & 4 else 1
        length = len(data) - at
        if head & 2:
            length, at = _leb128(data, at)
        yield head >> 3 & 15, data[at : at + min(length, 256)]
        at += length


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(data[at : at + 8]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, at + index + 1
    return 0, len(data)  # a number without an end


def _sequence(bits: Bits) -> Sequence:
    bits.take(3 + 1)  # seq_profile, still_picture
    reduced = bits.take(1)
    if reduced:
        bits.take(5)
    else:
        _operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return Sequence(Size(bits.take(width_bits) + 1, bits.take(height_bits) + 1), bool(reduced))


def _operating_points(bits: Bits) -> None:
    decoder_model, delay_bits = 0, 0
    if bits.take(1):  # timing_info_present_flag
        bits.take(32)
        bits.take(32)
        if bits.take(1):  # equal_picture_interval
            bits.golomb()
        decoder_model = bits.take(1)
        if decoder_model:
            delay_bits = bits.take(5) + 1
            bits.take(32 + 5 + 5)
    display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if decoder_model and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if display_delay and bits.take(1):
            bits.take(4)


def whole_units(data: bytes) -> bool:
    """Whether the data are OBUs to the last byte (5.3): known types, sizes that fit, none left over."""
    at = 0
    while at < len(data):
        head = data[at]
        if head & 0x81 or head >> 3 & 15 in (0, 9, 10, 11, 12, 13, 14):
            return False
        at += 2 if head & 4 else 1
        if not head & 2:
            return True  # the last one may leave its size out
        size = 0
        for shift in range(8):
            if at >= len(data):
                return False
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << 7 * shift
            if not byte & 0x80:
                break
        at += size
    return at == len(data)
