"""No two promised pictures look alike.

Found are pictures saved twice with other codecs, qualities, sizes or metadata, by a perceptual hash of
256 bits; equal bytes and pixels are `same-picture`'s. It is a hint, so a warning: two frames of one
scene look alike as well, and plain pictures say too little to be compared. Asked where
`duplicates: warn` is promised.

Fix: keep one of them, or promise `duplicates: allowed` where both are meant.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, Surroundings, run_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.analysis.difference_hash import DifferenceHash
    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset

_NEAR = 12  # of 256 bits: 741 re-encodings of 247 pictures differ in 10 (99 %), unrelated ones in 34 and more
_TELLING = 48  # bits that rest on something visible; logos on plain ground have fewer
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
    kept: Mapping[Asset, DifferenceHash],
    surroundings: Surroundings,  # noqa: ARG001 - every such rule's signature
) -> Iterator[tuple[Asset, Problem]]:
    """Report each picture that looks like an earlier one."""
    bands: dict[tuple[int, int], list[Asset]] = {}
    for asset, found in kept.items():
        if found.telling < _TELLING:
            continue
        keys = [(band, (found.bits >> (16 * band)) & 0xFFFF) for band in range(_BANDS)]
        near = {id(other): other for key in keys for other in bands.get(key, ())[:_CROWD]}
        twins = [
            (_distance(found, kept[other]), other) for other in near.values() if not _one_file(asset, other)
        ]
        best = min(twins, key=lambda twin: twin[0], default=None)
        if best is not None and best[0] <= _NEAR:
            name = ascii(best[1].target)[1:-1]
            fix = "keep one of them, or promise duplicates: allowed where both are meant"
            actual = f"{name} ({256 - best[0]} of 256 bits)"
            yield (
                asset,
                Problem(
                    "this looks like another promised picture",
                    "a picture of its own",
                    actual,
                    fix,
                    "duplicates",
                ),
            )
        for key in keys:
            bands.setdefault(key, []).append(asset)


def _distance(one: DifferenceHash, other: DifferenceHash) -> int:
    return (one.bits ^ other.bits).bit_count()


def _one_file(one: Asset, other: Asset) -> bool:
    return os.path.realpath(one.path) == os.path.realpath(other.path)
