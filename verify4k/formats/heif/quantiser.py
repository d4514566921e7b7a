"""How coarsely an AV1 still picture is quantised: ``base_q_idx`` of its frame header.

AV1 Bitstream Specification, sections 5.5 (sequence header), 5.9 (frame header), 5.9.15 (tiles). Only the
reduced headers of still pictures are read, which is what encoders of AVIF write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.heif import items
from verify4k.formats.heif.av1 import units
from verify4k.formats.heif.bits import Bits
from verify4k.formats.heif.header import read_parts
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME = 1, 3, 6
_HEADERS = 1024  # bytes at the start of an item that hold them
_TILE_WIDTH, _TILE_AREA, _MOST_TILES = 4096, 4096 * 2304, 64


class _Stills(NamedTuple):
    """What a reduced sequence header says that a frame header depends on."""

    width: int
    height: int
    large_blocks: bool
    superres: bool


def quantiser(reader: Reader) -> int | None:
    """Return 0 to 255 of the primary item, 255 the coarsest; None where it cannot be told."""
    meta = read_parts(reader).meta
    if meta is None or not meta.primary:
        return None
    tiles = meta.referred(b"dimg", meta.primary)  # of a grid; made alike
    pieces = items.extents_of(meta, tiles[0] if tiles else meta.primary)
    if not pieces:
        return None
    return base_quantiser(reader.read(pieces[0][0], min(pieces[0][1], _HEADERS)))


def base_quantiser(data: bytes) -> int | None:
    """Return ``base_q_idx`` of the first frame in AV1 data."""
    stills = None
    try:
        for kind, body in units(data):
            if kind == _SEQUENCE_HEADER:
                stills = _stills(Bits(body))
            elif kind in (_FRAME_HEADER, _FRAME):
                return None if stills is None else _of_frame(Bits(body), stills)
    except IndexError:
        return None
    return None


def _stills(bits: Bits) -> _Stills | None:
    bits.take(3 + 1)  # seq_profile, still_picture
    if not bits.take(1):  # reduced_still_picture_header
        return None
    bits.take(5)  # seq_level_idx
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    large_blocks = bits.take(1)
    bits.take(2)  # enable_filter_intra, enable_intra_edge_filter
    return _Stills(width, height, bool(large_blocks), bool(bits.take(1)))


def _of_frame(bits: Bits, stills: _Stills) -> int | None:
    bits.take(1)  # disable_cdf_update
    screen_content = bits.take(1)
    if screen_content:
        bits.take(1)  # force_integer_mv
    if stills.superres and bits.take(1):
        return None  # coded narrower than it is
    if bits.take(1):  # render_and_frame_size_different
        bits.take(16 + 16)
    if screen_content:
        bits.take(1)  # allow_intrabc
    return bits.take(8) if _skip_tiles(bits, stills) else None


def _skip_tiles(bits: Bits, stills: _Stills) -> bool:
    """Read tile_info(); False where tiles are of uneven sizes."""
    edge = 128 if stills.large_blocks else 64
    across, down = -(-stills.width // edge), -(-stills.height // edge)
    least_columns = _doublings(_TILE_WIDTH // edge, across)
    least = max(least_columns, _doublings(_TILE_AREA // edge**2, across * down))
    if not bits.take(1):  # uniform_tile_spacing_flag
        return False
    columns = _counted(bits, least_columns, _doublings(1, min(across, _MOST_TILES)))
    rows = _counted(bits, max(least - columns, 0), _doublings(1, min(down, _MOST_TILES)))
    if columns or rows:
        bits.take(columns + rows + 2)  # context_update_tile_id, tile_size_bytes_minus_1
    return True


def _doublings(size: int, target: int) -> int:
    """tile_log2(): how often a size has to be doubled to reach a target."""
    count = 0
    while size << count < target:
        count += 1
    return count


def _counted(bits: Bits, least: int, most: int) -> int:
    while least < most and bits.take(1):
        least += 1
    return least
