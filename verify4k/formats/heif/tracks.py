"""Image sequences (``avis``, ``hevc``, ``msf1``): the picture track of a ``moov`` box.

ISO/IEC 14496-12, sections 8.2-8.7; 23008-12, section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Size
from verify4k.formats.reading.isobmff import Cursor, boxes, table
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.reading.isobmff import Box

STBL = (b"mdia", b"minf", b"stbl")


class Track(NamedTuple):
    """A track of pictures. ``auxiliary``: alpha or depth of another track."""

    number: int
    size: Size
    samples: int
    auxiliary: bool
    codec: bytes
    config: bytes  # body of av1C or hvcC
    ends: int  # highest file offset that its samples are known to need


def read_tracks(reader: Reader, moov: Box) -> list[Track]:
    """Return the picture tracks, the main one first."""
    tracks = []
    for box in boxes(reader, moov.body, moov.end):
        if box.end > moov.end:
            raise Damaged(f"the {box.name} box is longer than the moov box around it")
        if box.kind == b"trak":
            track = _track(reader, box)
            if track is not None:
                tracks.append(track)
    return sorted(tracks, key=lambda track: track.auxiliary)


def descend(reader: Reader, parent: Box, *path: bytes) -> Box | None:
    """Follow a path of boxes; None where one is missing or longer than the one around it."""
    for kind in path:
        found = next((box for box in boxes(reader, parent.body, parent.end) if box.kind == kind), None)
        if found is None or found.end > parent.end:
            return None
        parent = found
    return parent


def _track(reader: Reader, trak: Box) -> Track | None:
    handler = descend(reader, trak, b"mdia", b"hdlr")
    if handler is None or reader.read(handler.body + 8, 4) not in (b"pict", b"auxv", b"vide"):
        return None
    tkhd, stsd = descend(reader, trak, b"tkhd"), descend(reader, trak, *STBL, b"stsd")
    if tkhd is None or stsd is None:
        raise Damaged("a picture track has no tkhd or no stsd box")
    cursor = Cursor(table(reader, tkhd), "tkhd")
    version = cursor.number(4) >> 24
    cursor.take(16 if version else 8)
    number = cursor.number(4)
    cursor.take((12 if version else 8) + 16 + 36)
    size = Size(cursor.number(4) >> 16, cursor.number(4) >> 16)
    codec, config, coded = _entry(reader, stsd)
    auxiliary = (
        reader.read(handler.body + 8, 4) == b"auxv" or descend(reader, trak, b"tref", b"auxl") is not None
    )
    samples, ends = _samples(reader, trak)
    return Track(number, coded if 0 in size else size, samples, auxiliary, codec, config, ends)


def _entry(reader: Reader, stsd: Box) -> tuple[bytes, bytes, Size]:
    """Return codec, configuration and size of the first visual sample entry (12.1.3)."""
    for entry in boxes(reader, stsd.body + 8, stsd.end):
        head = Cursor(reader.read(entry.body, 78), entry, 24)
        size = Size(head.number(2), head.number(2))
        for box in boxes(reader, entry.body + 78, min(entry.end, stsd.end)):
            if box.kind in (b"av1C", b"hvcC"):
                return entry.kind, reader.read(box.body, min(box.end - box.body, 4096)), size
        return entry.kind, b"", size
    raise Damaged("a picture track has no sample entry")


def _samples(reader: Reader, trak: Box) -> tuple[int, int]:
    """Return the number of samples, and where the last chunk's samples end at least."""
    stsz = descend(reader, trak, *STBL, b"stsz")
    if stsz is None:
        small = descend(reader, trak, *STBL, b"stz2")
        return (0, 0) if small is None else (Cursor(reader.read(small.body, 12), "stz2", 8).number(4), 0)
    head = Cursor(reader.read(stsz.body, 12), "stsz", 4)
    fixed, count = head.number(4), head.number(4)
    if not fixed and stsz.body + 12 + 4 * count > stsz.end:
        raise Damaged(f"the stsz box promises {count} samples and is too short for them")
    chunks = descend(reader, trak, *STBL, b"stco")
    width = 4
    if chunks is None:
        chunks, width = descend(reader, trak, *STBL, b"co64"), 8
    if chunks is None:
        return count, 0
    number = Cursor(reader.read(chunks.body, 8), "stco", 4).number(4)
    body = reader.read(chunks.body + 8 + max(0, number - 1) * width, width) if number else b""
    last = int.from_bytes(body, "big") if len(body) == width else 0
    if number == 1:  # as writers of image sequences do it: all samples in one chunk
        sizes = b"" if fixed else table(reader, stsz)[12:]
        total = fixed * count or sum(
            int.from_bytes(sizes[at : at + 4], "big") for at in range(0, 4 * count, 4)
        )
        return count, last + total
    return count, last
