"""HEVC sequence parameter set: the size that the coded picture really has.

ITU-T H.265, sections 7.3.1 (NAL units), 7.3.2.2 (SPS), 7.3.3 (profile, tier and level); where it lies:
HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.2.1.
"""

from __future__ import annotations

from verify4k.formats.facts import Size
from verify4k.formats.heif.bits import Bits

_SPS = 33
_ARRAYS = 22  # offset of the number of NAL unit arrays in a configuration record


def coded_size(config: bytes) -> Size | None:
    """Return the luma size of the first SPS in a configuration record; None where there is none."""
    try:
        at = _ARRAYS + 1
        for _ in range(config[_ARRAYS]):
            kind, count = config[at] & 63, int.from_bytes(config[at + 1 : at + 3], "big")
            at += 3
            for _ in range(count):
                length = int.from_bytes(config[at : at + 2], "big")
                if kind == _SPS:
                    return _size(config[at + 2 : at + 2 + length])
                at += 2 + length
    except IndexError:
        pass
    return None


def _size(unit: bytes) -> Size:
    bits = Bits(unit[2:].replace(b"\0\0\3", b"\0\0"))  # 7.4.1: emulation prevention
    bits.take(4)
    layers = bits.take(3)
    bits.take(1 + 88 + 8)  # nesting, general profile and level
    flags = [bits.take(2) for _ in range(layers)]
    bits.take(2 * (8 - layers) if layers else 0)
    for flag in flags:
        bits.take(88 * (flag >> 1) + 8 * (flag & 1))
    bits.golomb()  # sps_seq_parameter_set_id
    if bits.golomb() == 3:  # chroma_format_idc
        bits.take(1)
    return Size(bits.golomb(), bits.golomb())
