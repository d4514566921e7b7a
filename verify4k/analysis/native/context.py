"""What a verdict from pixels is worth, given what the file says of its making.

Compression can take the trace away and leave blocks in its place, and a camera's own colour filter, crudely
interpolated, is a lattice of half the size. Neither can be told from the pixels alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify4k.analysis.native import lattices
from verify4k.analysis.native.codec_lines import suspected_codec
from verify4k.analysis.native.metadata_claims import agrees
from verify4k.analysis.native.proof import PROOF_AT_PEAK
from verify4k.analysis.native.verdict import NO_TRACE, cannot_tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.analysis.native.coding import Quality, Quantiser
    from verify4k.analysis.native.metadata_claims import MetadataClaim
    from verify4k.analysis.native.verdict import Native

LEAST_QUALITY = 30  # of a JPEG, below which its 8x8 blocks are most of what is left of fine detail
_FAINTEST = 80  # of a JPEG: below, its steps are larger than what a network leaves, and 90 alone was taught
_BLOCKS = (4, 8, 16)  # pixels of cells that such blocks, of luma or chroma, look like
_HALF = 0.004  # in ratio


def in_context(
    found: Native,
    quality: Quality | None,
    votes: Sequence[MetadataClaim],
    *,
    original: bool,
    quantiser: Quantiser | None = None,
) -> Native:
    """The verdict in the light of how coarsely the file was coded, and of whether it is as a camera wrote it.

    votes: metadata that names a smaller picture. original: the file names its camera and its own size, and no
    program that edits. quality: of a JPEG. quantiser: of an AVIF, HEIC or WebP.
    """
    drawn = found.cells is not None and any(edge not in _BLOCKS for edge in found.cells)
    coarse = "" if drawn else _coarse(quality, quantiser)
    if coarse:
        return cannot_tell("low quality", f"cannot tell: {coarse} leaves too little to go by")
    if quantiser is not None and quantiser.doubtful and _on_its_line(found, quantiser.format):
        return suspected_codec(found)
    if quality is not None and quality.number < _FAINTEST and found.method == "network fingerprint":
        what = f"JPEG quality {quality.words} may leave such patterns as well"
        return replace(found, verdict="suspect", sentence=f"{found.sentence}; {what}")
    if not original or found.verdict != "upscaled":
        return found
    if found.method == "network fingerprint":
        return NO_TRACE  # cameras run networks too
    half = found.ratio is not None and abs(found.ratio - 0.5) < _HALF
    if half and not any(agrees(vote, found.size) for vote in votes):
        what = "or the camera filled in its colour filter, whose pitch is half, no better than that"
        return replace(found, verdict="suspect", sentence=f"{found.sentence}, {what}")
    return found


def _on_its_line(found: Native, container: str) -> bool:
    """Whether an error stands on a line of the codec, and undoing it is no proof."""
    if found.verdict != "upscaled" or found.ratio is None:
        return False
    proved = found.inversion is not None and found.inversion.gain >= PROOF_AT_PEAK
    return not proved and lattices.near_codec_line(found.ratio, container)


def _coarse(quality: Quality | None, quantiser: Quantiser | None) -> str:
    """What leaves too little of fine detail, in words; "" where nothing does."""
    if quality is not None and quality.number < LEAST_QUALITY:
        return f"JPEG quality {quality.words}"
    return quantiser.words if quantiser is not None and quantiser.coarse else ""
