"""What is known of the native resolution, in words and JSON-able.

The trace in the pixels decides; metadata that names a smaller picture is a second vote, and a JPEG's
quality says how much "no sign" means. Neither changes a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.analysis.native.metadata_claims import agrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify4k.analysis.native.coding import JpegTables
    from verify4k.analysis.native.metadata_claims import MetadataClaim
    from verify4k.analysis.native.verdict import Inversion, Native
    from verify4k.artifacts.artifact import Artifact


def native_facts(artifact: Artifact) -> dict[str, Any]:
    """Return what the analysis found, JSON-able, and what the file itself has to add.

    target: the size to reduce an enlarged picture to, at which nothing is lost that it had. votes: metadata
    that names a smaller picture of the same shape, and whether that is the size that
    the pixels tell (within 2 %). coding: quality on libjpeg's scale and subsampling of a JPEG, else None.
    """
    found, votes, coding = artifact.native, artifact.native_votes, artifact.coding
    return {
        "verdict": found.verdict,
        "size": list(found.size) if found.size else None,
        "target": list(found.size) if found.size and found.verdict == "upscaled" else None,
        "ratio": None if found.ratio is None else round(found.ratio, 4),
        "cells": list(found.cells) if found.cells else None,
        "inversion": None if found.inversion is None else _undone(found.inversion),
        "strength": [round(z, 1) for z in found.strength],
        "method": found.method,
        "sentence": _sentence(found, votes, coding),
        "votes": [
            {"source": vote.source, "size": list(vote.size), "agrees": agrees(vote, found.size)}
            for vote in votes
        ],
        "coding": coding_facts(coding),
    }


def native_notes(facts: Mapping[str, Any]) -> Iterable[str]:
    """Return the lines that ``inspect --native`` prints; foreign text is raw."""
    yield facts["sentence"]
    if facts["ratio"] is not None:
        across, down = facts["strength"]
        yield (
            f"{facts['verdict']}: native / stored {facts['ratio']:.3f}, strength {across:g} across and "
            f"{down:g} down (deviations), {facts['method']}"
        )
    if facts["target"]:
        yield f"reduced to {_by(facts['target'])} it keeps what it had before"
    for vote in facts["votes"]:
        same = ", as the pixels do" if vote["agrees"] else ""
        yield f"{vote['source']} names {_by(vote['size'])}{same}"
    if facts["coding"]:
        yield quality_words(facts["coding"])


def quality_words(coding: Mapping[str, Any]) -> str:
    """Return "JPEG quality about 60, 4:2:0"."""
    about = "" if coding["exact"] else "about "
    sampled = f", {coding['subsampling']}" if coding["subsampling"] else ""
    return f"JPEG quality {about}{coding['quality']}{sampled}"


def coding_facts(coding: JpegTables | None) -> dict[str, Any] | None:
    """Return quality and subsampling of a JPEG, JSON-able; None for other formats."""
    if coding is None:
        return None
    quality = coding.quality
    return {"quality": quality.number, "exact": quality.exact, "subsampling": coding.subsampling}


def _undone(found: Inversion) -> dict[str, Any]:
    return {"kernel": found.kernel, "left": round(found.left, 3), "beside": round(found.beside, 3)}


def _sentence(found: Native, votes: Sequence[MetadataClaim], coding: JpegTables | None) -> str:
    """The analysis' sentence, and what makes it stronger or weaker."""
    said = [found.sentence]
    if found.size is not None:
        same = [vote for vote in votes if agrees(vote, found.size)]
        said += [f"{_sources(same)} the same size, {_by(same[0].size)}"] if same else []
    else:
        sizes = dict.fromkeys(vote.size for vote in votes)
        for size in sizes:
            sources = _sources([vote for vote in votes if vote.size == size])
            said.append(f"but {sources} {_by(size)}, a smaller picture of this shape")
        if found.method != "low quality" and coding is not None and (quality := coding.quality).strong:
            said.append(f"strongly compressed (JPEG quality {quality.words}): a trace may not have survived")
    return "; ".join(said)


def _sources(votes: Sequence[MetadataClaim]) -> str:
    """Return "Exif names" or "Exif and XMP name"."""
    names = list(dict.fromkeys(vote.source.partition(" ")[0] for vote in votes))
    return f"{' and '.join(names)} name{'s' if len(names) == 1 else ''}"


def _by(size: Sequence[int]) -> str:
    return "x".join(map(str, size))
