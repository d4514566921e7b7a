"""The whole of a HEIF file: every box inside it, every extent there, grids and coded sizes right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Size, Walk
from verify4k.formats.heif import items
from verify4k.formats.heif.av1 import read_sequence
from verify4k.formats.heif.header import Parts, visit
from verify4k.formats.heif.hevc import coded_size
from verify4k.formats.reading.isobmff import Box, Meta, boxes
from verify4k.formats.reading.peek import Peek
from verify4k.formats.reading.trailing import trailing_kind

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_KNOWN = frozenset(
    b"ftyp meta mdat moov moof mfra free skip wide uuid idat pdin sidx styp ssix prft emsg jumb mpvd".split()
)
_SEQUENCE_BYTES = 512  # of an AV1 item: the sequence header stands at its start


def walk_heif(reader: Reader) -> Walk:
    """Visit every top-level box, then check what the items promise."""
    reader = Peek(reader, 4096)
    parts, damage, early, end = Parts(), [], None, 0
    try:
        for box in boxes(reader, 0, reader.size):
            if box.start and not _is_box(reader, box):
                break
            end = min(box.end, reader.size)
            if box.end > reader.size:
                missing = box.end - reader.size
                damage.append(f"truncated: the {box.name} box ends {missing} bytes after the file")
            visit(reader, parts, box)
            if early is None and parts.enough:
                early = len(parts.blocks)  # a header has stopped here
        damage += _check(reader, parts, end)
    except Damaged as error:
        damage.append(error.message)
    if damage:
        return Walk(damage=tuple(dict.fromkeys(damage)))
    return Walk(
        end=end,
        trailing=reader.size - end,
        trailing_kind=trailing_kind(reader, end),
        blocks=tuple(parts.blocks[early:]),
    )


def _is_box(reader: Reader, box: Box) -> bool:
    """Whether this is a box of this file, or the first bytes of something appended."""
    if box.kind == b"ftyp":
        return False  # a second file
    if box.kind in _KNOWN:
        return True
    return box.end <= reader.size and all(32 <= byte < 127 for byte in box.kind)


def _check(reader: Reader, parts: Parts, end: int) -> list[str]:
    faults = [
        f"truncated: the samples of a track end {track.ends - end} bytes after the boxes"
        for track in parts.tracks
        if track.ends > end
    ]
    if parts.meta is None:
        return faults if parts.tracks else [*faults, "truncated: there is no complete meta box"]
    if parts.meta.primary or not parts.tracks:
        faults += _check_items(reader, parts.meta, end)
    return faults


def _check_items(reader: Reader, meta: Meta, end: int) -> list[str]:
    if meta.primary not in meta.items:
        return ["the primary item does not exist"]
    faults = []
    for item in meta.items:
        for offset, length in items.extents_of(meta, item):
            if offset + length > end:
                faults.append(f"truncated: an item's data end {offset + length - end} bytes after the boxes")
                break
    alpha = items.alpha_item(meta, meta.primary)
    for item in (meta.primary, *(() if alpha is None else (alpha,))):
        faults += _check_image(reader, meta, item)
    return faults


def _check_image(reader: Reader, meta: Meta, item: int) -> list[str]:
    if item in meta.items and meta.items[item].kind == b"grid":
        return _check_grid(reader, meta, item)
    return _check_coded(reader, meta, item)


def _check_coded(reader: Reader, meta: Meta, item: int) -> list[str]:
    kind = meta.items[item].kind if item in meta.items else b""
    if kind in (b"iden", b"iovl"):
        return []  # no data of their own that a header could get wrong
    pieces = items.extents_of(meta, item)
    if not any(length for _, length in pieces):
        return ["an image item has no data"]
    if kind in (b"hvc1", b"hev1"):
        return _check_hevc(meta, item)
    return _check_av1(reader, meta, item) if kind == b"av01" else []


def _check_hevc(meta: Meta, item: int) -> list[str]:
    """23008-12, 6.5.3: ``ispe`` cannot be larger than what is coded; decoders would refuse or scale it."""
    for _, body in meta.of(item, b"hvcC"):
        found, size = coded_size(body), items.size_of(meta, item)
        if found is not None and (found.width < size.width or found.height < size.height):
            return [f"ispe promises {size}, the HEVC data hold {found}"]
    return []


def _check_av1(reader: Reader, meta: Meta, item: int) -> list[str]:
    """AVIF 2.1: ``ispe`` is the size of the coded frame; decoders would scale it to fit."""
    pieces = items.extents_of(meta, item)
    offset, length = pieces[0]
    found = read_sequence(reader.read(offset, min(length, _SEQUENCE_BYTES)))
    if found is None:
        return ["the AV1 data do not start with a sequence header"] if len(pieces) == 1 else []
    size = items.size_of(meta, item)
    smaller = found.size.width < size.width or found.size.height < size.height
    if smaller or (found.exact and found.size != size):
        return [f"ispe promises {size}, the AV1 data hold {found.size}"]
    return []


def _check_grid(reader: Reader, meta: Meta, item: int) -> list[str]:
    """23008-12, 6.6.2.3: rows, columns and output size; the tiles have to cover it."""
    pieces = items.extents_of(meta, item)
    body = reader.read(pieces[0][0], min(pieces[0][1], 12)) if pieces else b""
    width = 4 if body[1:2] and body[1] & 1 else 2
    if len(body) < 4 + 2 * width:
        return ["the grid's description is cut off"]
    rows, columns = body[2] + 1, body[3] + 1
    output = Size(
        int.from_bytes(body[4 : 4 + width], "big"), int.from_bytes(body[4 + width : 4 + 2 * width], "big")
    )
    tiles = meta.referred(b"dimg", item)
    if len(tiles) != rows * columns:
        return [f"a grid of {rows} x {columns} refers to {len(tiles)} tiles"]
    size = items.size_of(meta, item)
    if output != size:
        return [f"ispe promises {size}, the grid {output}"]
    first = items.size_of(meta, tiles[0])
    if first.width * columns < size.width or first.height * rows < size.height:
        return [f"{rows} x {columns} tiles of {first} do not cover {size}"]
    faults = []
    for tile in dict.fromkeys(tiles):
        if tile not in meta.items:
            faults.append("a tile of the grid does not exist")
        elif items.size_of(meta, tile) != first:
            faults.append("the tiles of the grid differ in size")
        else:
            faults += _check_coded(reader, meta, tile)
    return list(dict.fromkeys(faults))
