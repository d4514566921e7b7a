"""How coarsely an HEVC still picture is quantised: the step that its first slice starts from.

ITU-T H.265, sections 7.3.2.2 (SPS), 7.3.2.3 (PPS), 7.3.6.1 (slice header), 7.4.7.1 (SliceQpY). What blocks
add to it stands in the coded data and is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.heif import items
from verify4k.formats.heif.header import read_parts
from verify4k.formats.heif.hevc import PPS, SPS, parameter_sets, payload, sequence_start
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.heif.bits import Bits

_LENGTHS = 21  # offset in a configuration record of how many bytes the length of a NAL unit takes, less one
_SLICES = (19, 20)  # NAL units of pictures that need no other, and start anew
_HEADERS = 64  # bytes of a slice that hold what is read here
_MOST_UNITS = 16  # before the first slice
_MIDDLE, _COARSEST = 26, 51


class _Stills(NamedTuple):
    """What the parameter sets say that the header of a slice depends on."""

    extra: int  # bits before the type of the slice
    flags: int  # bits behind it
    initial: int


def quantiser(reader: Reader) -> int | None:
    """Return 0 to 51 of the primary item, 51 the coarsest; None where it cannot be told."""
    meta = read_parts(reader).meta
    if meta is None or not meta.primary:
        return None
    item = items.coded_item(meta, meta.primary)  # of a grid the first tile; made alike
    kind = meta.items[item].kind if item in meta.items else b""
    pieces = items.extents_of(meta, item)
    if kind not in (b"hvc1", b"hev1") or not pieces:
        return None
    for _, config in meta.of(item, b"hvcC"):
        try:
            return slice_quantiser(reader, config, *pieces[0])
        except IndexError:
            return None
    return None


def slice_quantiser(reader: Reader, config: bytes, at: int, length: int) -> int | None:
    """Return the same of the first slice in a stretch of a file; `IndexError` where headers are cut off."""
    stills, end = _stills(config), at + length
    size = (config[_LENGTHS] & 3) + 1
    for _ in range(_MOST_UNITS):
        if stills is None or at >= end:
            return None
        head = reader.read(at, min(end - at, size + _HEADERS))
        if (head[size] >> 1 & 63) in _SLICES:
            return _of_slice(payload(head[size:]), stills)
        at += size + int.from_bytes(head[:size], "big")
    return None


def _stills(config: bytes) -> _Stills | None:
    units = dict(parameter_sets(config))
    if SPS not in units or PPS not in units:
        return None
    bits = payload(units[SPS])
    start = sequence_start(bits)
    sao = _uses_sao(bits, start.layers)
    if sao is None:
        return None
    planes = 2 if start.chroma and not start.separate else 1
    return _of_picture(payload(units[PPS]), 2 * start.separate + planes * sao)


def _uses_sao(bits: Bits, layers: int) -> bool | None:
    """Read an SPS from its size to sample_adaptive_offset_enabled_flag; None: it has scaling lists."""
    if bits.take(1):  # conformance_window_flag
        _skip(bits, 4)
    _skip(bits, 3)  # depths of luma and chroma, log2_max_pic_order_cnt_lsb
    _skip(bits, 3 * (layers + 1 if bits.take(1) else 1))  # sps_sub_layer_ordering_info_present_flag
    _skip(bits, 6)  # sizes of blocks and transforms, depths of their trees
    if bits.take(1) and bits.take(1):  # scaling_list_enabled_flag, sps_scaling_list_data_present_flag
        return None
    bits.take(1)  # amp_enabled_flag
    return bool(bits.take(1))


def _of_picture(bits: Bits, flags: int) -> _Stills:
    """Read a PPS up to init_qp. flags: colour_plane_id, and those of sample adaptive offset."""
    _skip(bits, 2)  # pps_pic_parameter_set_id, pps_seq_parameter_set_id
    bits.take(1)  # dependent_slice_segments_enabled_flag
    flags += bits.take(1)  # output_flag_present_flag
    extra = bits.take(3)
    bits.take(2)  # sign_data_hiding_enabled_flag, cabac_init_present_flag
    _skip(bits, 2)  # references
    return _Stills(extra, flags, _MIDDLE + bits.signed_golomb())


def _of_slice(bits: Bits, stills: _Stills) -> int | None:
    if not bits.take(1):  # first_slice_segment_in_pic_flag
        return None
    bits.take(1)  # no_output_of_prior_pics_flag
    bits.golomb()  # slice_pic_parameter_set_id
    bits.take(stills.extra)
    bits.golomb()  # slice_type
    bits.take(stills.flags)
    return min(max(stills.initial + bits.signed_golomb(), 0), _COARSEST)


def _skip(bits: Bits, count: int) -> None:
    for _ in range(count):
        bits.golomb()
