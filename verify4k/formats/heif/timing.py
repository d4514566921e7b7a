"""How an AVIF or HEIC sequence plays: sample times, and the edit list that repeats them.

ISO/IEC 14496-12: 8.4.2 mdhd, 8.6.1.2 stts, 8.6.6 elst; rounds as libavif counts them (avifdec, read.c).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.facts import Timing
from verify4k.formats.heif.tracks import STBL, descend
from verify4k.formats.reading.isobmff import Cursor, boxes, table

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.reading.isobmff import Box

_INDEFINITE = {4: 0xFFFFFFFF, 8: 0xFFFFFFFFFFFFFFFF}


def heif_timing(reader: Reader) -> Timing | None:
    """Return the times of the track of pictures that plays; None without one."""
    moov = next((box for box in boxes(reader, 0, reader.size) if box.kind == b"moov"), None)
    if moov is None or moov.end > reader.size:
        return None
    for trak in boxes(reader, moov.body, moov.end):
        handler = descend(reader, trak, b"mdia", b"hdlr") if trak.kind == b"trak" else None
        if handler is not None and reader.read(handler.body + 8, 4) in (b"pict", b"vide"):
            return _timing(reader, trak)
    return None


def _timing(reader: Reader, trak: Box) -> Timing:
    mdhd, stts = descend(reader, trak, b"mdia", b"mdhd"), descend(reader, trak, *STBL, b"stts")
    if mdhd is None or stts is None:
        raise CannotRead("the sequence does not say how long its frames are shown")
    cursor = Cursor(table(reader, mdhd), "mdhd")
    cursor.take(16 if cursor.number(4) >> 24 else 8)
    scale = cursor.number(4)
    cursor = Cursor(table(reader, stts), "stts", 4)
    runs = [(cursor.number(4), cursor.number(4)) for _ in range(cursor.number(4))]
    runs = [(count, delta) for count, delta in runs if count]
    if not scale or not runs:
        raise CannotRead("the sequence does not say how long its frames are shown")
    deltas = [1000 * delta / scale for _, delta in runs]
    total = sum(1000 * count * delta / scale for count, delta in runs)
    return Timing(sum(count for count, _ in runs), min(deltas), max(deltas), total, _plays(reader, trak))


def _plays(reader: Reader, trak: Box) -> int:
    """Without an edit list browsers repeat for ever; with one its flag and the track's length say it."""
    elst, tkhd = descend(reader, trak, b"edts", b"elst"), descend(reader, trak, b"tkhd")
    if elst is None or tkhd is None:
        return 0
    edits = Cursor(table(reader, elst), "elst")
    head = edits.number(4)
    if not head & 1:
        return 1
    edits.number(4)
    segment = edits.number(8 if head >> 24 else 4)
    track = Cursor(table(reader, tkhd), "tkhd")
    width = 8 if track.number(4) >> 24 else 4
    track.take(2 * width + 8)
    length = track.number(width)
    if length == _INDEFINITE[width] or not segment:
        return 0
    return max(1, -(-length // segment))
