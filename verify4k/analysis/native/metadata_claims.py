"""What metadata has to say about an enlargement: a second vote, never a verdict.

A program that enlarges a picture often leaves the size it had in Exif, XMP or C2PA, and a camera writes
down its digital zoom. A claim votes when it names a smaller picture of the same shape. A crop, another
shape or a larger claim says nothing about enlarging (rule `patched-metadata` judges those), and a
thumbnail is rightly smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    Size = tuple[int, int]

_SHAPE = 0.01  # largest relative difference of aspect ratios: rounding, not cropping
_LARGEST = 0.97  # of the stored size; above it the analysis of the pixels says nothing either
_SAME_SIZE = 0.02  # largest relative difference to an estimated size: how exact those are


class MetadataClaim(NamedTuple):
    """A smaller size, and the metadata that names it."""

    source: str
    size: Size


def metadata_claims(claims: Iterable[tuple[str, Size]], stored: Size) -> tuple[MetadataClaim, ...]:
    """Choose the (source, size) claims that name a smaller picture of the ``stored`` shape.

    A quarter turn is the same shape: software turns pixels and leaves the camera's sizes behind.
    """
    long, short = max(stored), min(stored)
    found = []
    for source, size in claims:
        ratio_long, ratio_short = max(size) / long, min(size) / short
        alike = abs(ratio_long / ratio_short - 1) <= _SHAPE if min(size) > 0 else False
        if alike and max(ratio_long, ratio_short) <= _LARGEST:
            found.append(MetadataClaim(source, (size[0], size[1])))
    return tuple(found)


def agrees(vote: MetadataClaim, estimate: Size | None) -> bool:
    """Whether a vote names the size that the pixels tell."""
    if estimate is None:
        return False
    pairs = zip(sorted(vote.size), sorted(estimate), strict=True)
    return all(abs(named - seen) <= _SAME_SIZE * seen for named, seen in pairs)
