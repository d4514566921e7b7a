"""No two promised pictures look alike.

Found are pictures saved twice with other codecs, qualities, sizes or metadata, by a perceptual hash of
256 bits; equal bytes and pixels are `same-picture`'s. It is a hint, so a warning: two frames of one
scene look alike as well, and plain pictures say too little to be compared. Asked where
`duplicates: warn` is promised.

Fix: keep one of them, or promise `duplicates: allowed` where both are meant.
"""

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, Surroundings, run_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.analysis.difference_hash import DifferenceHash
    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset

_NEAR = 12  # of 256 bits: 741 re-encodings of 247 pictures differ in 10 (99 %), unrelated ones in 34 and more
_TELLING = 48  # bits that rest on something visible; logos on plain ground have fewer
_BYTES = 32  # of a hash
_BANDS = 16  # of 16 bits: two hashes that differ in 12 bits share at least four
_CROWD = 200  # pictures with one band: beyond that a plain one is compared with the first ones only


class DuplicateOptions(Options):
    """Whether a picture may look like another one."""

    duplicates: str | None = option(
        choice("warn", "allowed"), "whether another promised picture may look alike"
    )


def _collect(artifact: Artifact) -> DifferenceHash:
    return artifact.difference_hash


@run_rule(
    "near-duplicate",
    collect=_collect,
    options=DuplicateOptions,
    pairs=True,
    severity="warning",
    asked=lambda asset: asset[DuplicateOptions].duplicates == "warn",
    examples=[
        Example(
            "two pictures",
            [Picture(320, 180, "a.jpg", "busy"), Picture(320, 180, "b.jpg", "other-busy")],
            {"duplicates": "warn"},
        ),
        Example(
            "alike, and that is meant",
            [Picture(320, 180, "a.jpg", "busy"), Picture(160, 90, "b.png", "busy")],
            {"duplicates": "allowed"},
        ),
        Example(
            "one picture in two codecs and sizes",
            [Picture(320, 180, "a.jpg", "busy"), Picture(160, 90, "b.png", "busy")],
            {"duplicates": "warn"},
            finds=Problem(
                "this looks like another promised picture", "a picture of its own", "a.jpg (... of 256 bits)"
            ),
        ),
    ],
)
def near_duplicate(
    kept: Sequence[tuple[Asset, DifferenceHash]],
    surroundings: Surroundings,  # noqa: ARG001 - every such rule's signature
) -> Iterator[tuple[Asset, Problem]]:
    """Report each picture that looks like an earlier one."""
    hashes = bytearray()
    bands: dict[int, array[int]] = {}  # by band and what it says: the first places that have it
    for place, (asset, found) in enumerate(kept):
        hashes += found.bits.to_bytes(_BYTES, "big")
        if found.telling < _TELLING:
            continue
        keys = [band << 16 | (found.bits >> (16 * band)) & 0xFFFF for band in range(_BANDS)]
        near = dict.fromkeys(other for key in keys for other in bands.get(key, ()))
        apart = ((_distance(found.bits, hashes, other), other) for other in near)
        twins = [twin for twin in apart if twin[0] <= _NEAR and not _one_file(asset, kept[twin[1]][0])]
        if twins:
            distance, other = min(twins, key=lambda twin: twin[0])
            yield asset, _alike(distance, kept[other][0])
        for key in keys:
            crowd = bands.setdefault(key, array("I"))
            if len(crowd) < _CROWD:
                crowd.append(place)


def _alike(distance: int, other: Asset) -> Problem:
    return Problem(
        "this looks like another promised picture",
        "a picture of its own",
        f"{ascii(other.target)[1:-1]} ({256 - distance} of 256 bits)",
        "keep one of them, or promise duplicates: allowed where both are meant",
        "duplicates",
    )


def _distance(bits: int, hashes: bytearray, other: int) -> int:
    return (bits ^ int.from_bytes(hashes[other * _BYTES : (other + 1) * _BYTES], "big")).bit_count()


def _one_file(one: Asset, other: Asset) -> bool:
    return os.path.realpath(one.path) == os.path.realpath(other.path)
