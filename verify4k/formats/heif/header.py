"""HEIF containers (AVIF, HEIC): from boxes to facts. `avif` and `heic` differ in decoding only.

Displayed is the primary item's ``ispe`` after ``irot``/``imir``; Exif is not applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Block, BytesReader, Header, Size, once
from verify4k.formats.heif import items
from verify4k.formats.reading.isobmff import boxes, read_meta
from verify4k.formats.reading.peek import Peek

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.heif.tracks import Track
    from verify4k.formats.reading.isobmff import Box, Meta

_SEQUENCE_BRANDS = (b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1")
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


class Parts:
    """The boxes that matter, as far as they have been read."""

    def __init__(self) -> None:
        self.brand = b""
        self.meta: Meta | None = None
        self.tracks: list[Track] = []
        self.blocks: list[Block] = []

    @property
    def plays(self) -> Track | None:
        """The track that players play: only where the *major* brand is a sequence's."""
        return self.tracks[0] if self.brand in _SEQUENCE_BRANDS and self.tracks else None

    @property
    def enough(self) -> bool:
        """Whether a header can stop reading."""
        return self.meta is not None and bool(self.tracks or self.brand not in _SEQUENCE_BRANDS)


def read_header(reader: Reader, name: str) -> Header:
    """Return the facts of the primary item, or of the sequence where there is none."""
    parts = read_parts(reader)
    track = parts.plays
    if parts.meta is None and track is None:
        raise Damaged("truncated: there is no complete meta box")
    frames = track.samples if track is not None and track.samples > 1 else 1
    if parts.meta is None or (not parts.meta.primary and track is not None):
        return _sequence_header(name, parts, frames)
    return _item_header(Peek(reader, 4096), name, parts, frames)


def read_parts(reader: Reader) -> Parts:
    """Return the top-level boxes up to the one that completes the picture's description."""
    return once(reader, _parts)


def _parts(reader: Reader) -> Parts:
    reader = Peek(reader, 4096)
    parts = Parts()
    for box in boxes(reader, 0, reader.size):
        visit(reader, parts, box)
        if parts.enough:
            break
    return parts


def visit(reader: Reader, parts: Parts, box: Box) -> None:
    """Take what a top-level box tells; a box that runs past the end tells nothing."""
    if box.end > reader.size:
        return
    if box.kind == b"ftyp":
        parts.brand = reader.read(box.body, 4)
    elif box.kind == b"meta" and parts.meta is None:
        parts.meta = read_meta(reader, box)
    elif box.kind == b"moov" and not parts.tracks:
        from verify4k.formats.heif.tracks import read_tracks  # few files are sequences

        parts.tracks = read_tracks(reader, box)
    elif box.kind == b"uuid" and reader.read(box.body, 16) == _C2PA:
        parts.blocks.append(Block("c2pa", box.body + 16, box.end - box.body - 16))


def _sequence_header(name: str, parts: Parts, frames: int) -> Header:
    track = parts.tracks[0]
    coding = items.read_coding(b"av1C" if track.codec == b"av01" else b"hvcC", track.config)
    if coding is None or 0 in track.size:
        raise Damaged("the picture track has no size or no codec configuration")
    return Header(
        format=name,
        stored=track.size,
        displayed=track.size,
        bit_depth=coding.depth,
        mode="gray" if coding.gray else "rgb",
        alpha=any(other.auxiliary for other in parts.tracks),
        frames=frames,
        animated=frames > 1,
        blocks=tuple(parts.blocks),
    )


def _item_header(reader: Reader, name: str, parts: Parts, frames: int) -> Header:
    meta = parts.meta
    assert meta is not None  # noqa: S101 - the caller has looked
    primary = meta.primary
    if primary not in meta.items:
        raise Damaged("the primary item does not exist")
    stored = items.size_of(meta, primary)
    applied = items.turns(meta, primary)
    coding = items.coding_of(meta, primary)
    blocks = items.blocks_of(reader, meta, primary)
    orientation, disagreements = items.orientation_of(reader, blocks, applied)
    displayed = stored.turned if applied >= 5 else stored
    if name == "heic" and items.cropped(meta, primary, stored) is not None:
        displayed = items.cropped(meta, primary, stored) or displayed
    else:
        disagreements += items.clap_disagreement(meta, primary, stored)
    disagreements += _sequence_disagreement(parts, stored, frames)
    alpha = items.alpha_item(meta, primary) is not None
    return Header(
        format=name,
        stored=stored,
        displayed=displayed,
        bit_depth=coding.depth,
        mode="gray" if coding.gray else "rgb",
        alpha=alpha or (frames > 1 and any(track.auxiliary for track in parts.tracks)),
        orientation=orientation,
        frames=frames,
        animated=frames > 1,
        blocks=(*blocks, *parts.blocks),
        disagreements=tuple(disagreements),
        colours=items.colours_of(meta, primary),
    )


def broken_units(data: bytes) -> bool:
    """Whether some coded AV1 item is no sequence of whole units: the proof that a decoder's refusal needs."""
    from verify4k.formats.heif.av1 import whole_units

    reader = BytesReader(data)
    meta = read_parts(reader).meta
    for item, entry in (meta.items if meta is not None else {}).items():
        if entry.kind == b"av01" and meta is not None:
            pieces = items.extents_of(meta, item)
            if pieces and not whole_units(b"".join(reader.read(at, length) for at, length in pieces)):
                return True
    return False


def _sequence_disagreement(parts: Parts, stored: Size, frames: int) -> list[str]:
    if frames > 1 and parts.tracks[0].size != stored:
        return [f"the still picture measures {stored}, the sequence {parts.tracks[0].size}"]
    return []
