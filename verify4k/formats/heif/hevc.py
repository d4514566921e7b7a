"""HEVC sequence parameter set: the size that the coded picture really has.

ITU-T H.265, sections 7.3.1 (NAL units), 7.3.2.2 (SPS), 7.3.3 (profile, tier and level); where it lies:
HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.formats.heif.bits import Bits
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SPS, PPS = 33, 34
_ARRAYS = 22  # offset of the number of NAL unit arrays in a configuration record


class Sequence(NamedTuple):
    """The start of an SPS. ``layers``: temporal ones beside the first. ``chroma``: chroma_format_idc."""

    size: Size
    layers: int
    chroma: int
    separate: bool


def coded_size(config: bytes) -> Size | None:
    """Return the luma size of the first SPS in a configuration record; None where there is none."""
    try:
        for kind, unit in parameter_sets(config):
            if kind == SPS:
                return sequence_start(payload(unit)).size
    except IndexError:
        pass
    return None


def parameter_sets(config: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and data of each NAL unit in a configuration record; `IndexError` where it is cut off."""
    at = _ARRAYS + 1
    for _ in range(config[_ARRAYS]):
        kind, count = config[at] & 63, int.from_bytes(config[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            length = int.from_bytes(config[at : at + 2], "big")
            yield kind, config[at + 2 : at + 2 + length]
            at += 2 + length


def payload(unit: bytes) -> Bits:
    """Return what follows a NAL unit's header, without what prevents emulation (7.4.1)."""
    return Bits(unit[2:].replace(b"\0\0\3", b"\0\0"))


def sequence_start(bits: Bits) -> Sequence:
    """Read an SPS up to the size."""
    bits.take(4)
    layers = bits.take(3)
    bits.take(1 + 88 + 8)  # nesting, general profile and level
    flags = [bits.take(2) for _ in range(layers)]
    bits.take(2 * (8 - layers) if layers else 0)
    for flag in flags:
        bits.take(88 * (flag >> 1) + 8 * (flag & 1))
    bits.golomb()  # sps_seq_parameter_set_id
    chroma = bits.golomb()
    separate = chroma == 3 and bool(bits.take(1))
    return Sequence(Size(bits.golomb(), bits.golomb()), layers, chroma, separate)
