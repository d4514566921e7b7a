"""Different promises are met by different pictures.

One picture saved under two names satisfies "the 2k and the 4k file exist" and nothing else.
Compared are the bytes, then the decoded pixels, so that a copy in another container, or with
other metadata, is found too. Entries that may share a picture name a group:
`same-as-others: allowed`.

Fix: generate or export each promised picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from verify4k.model import Problem
from verify4k.rule import Example, Picture, Surroundings, run_rule
from verify4k.values import Options, choice, option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.artifact import Artifact
    from verify4k.model import Asset

_FIX = "generate or export each promised picture; where a copy is meant, set same-as-others: allowed"


class SameOptions(Options):
    """Whether this picture may be a copy."""

    same_as_others: str | None = option(
        choice("allowed", "forbidden"), "whether it may equal another one", "forbidden"
    )


class _Print(NamedTuple):
    """What is kept of an artifact to compare it with the others."""

    sha256: str
    pixels: str


def _collect(artifact: Artifact) -> _Print:
    return _Print(artifact.sha256, artifact.pixel_digest)


@run_rule(
    "same-picture",
    collect=_collect,
    options=SameOptions,
    pairs=True,
    asked=lambda asset: asset[SameOptions].same_as_others == "forbidden",
    examples=[
        Example("two pictures", [Picture(64, 36, "a.png"), Picture(64, 36, "b.png", "other")], {}),
        Example(
            "a copy, allowed", [Picture(name="a.png"), Picture(name="b.png")], {"same-as-others": "allowed"}
        ),
        Example("the same bytes twice", [Picture(name="2k.png"), Picture(name="3k.png")], {}, fails=True),
        Example(
            "the same pixels, other bytes",
            [Picture(name="a.png"), Picture(name="b.png", kind="icc")],
            {},
            fails=True,
        ),
    ],
)
def same_picture(
    kept: Mapping[Asset, _Print], _surroundings: Surroundings
) -> Iterator[tuple[Asset, Problem]]:
    """Report every asset that repeats an earlier one."""
    by_bytes: dict[str, Asset] = {}
    by_pixels: dict[str, Asset] = {}
    for asset, (sha256, pixels) in kept.items():
        twin = by_bytes.setdefault(sha256, asset)
        how = "identical bytes"
        if twin is asset:
            twin = by_pixels.setdefault(pixels, asset)
            how = "identical pixels"
        if twin is not asset:
            message = f"two promises are met by the same picture ({how})"
            yield (
                asset,
                Problem(message, "a picture of its own", f"the picture of {ascii(twin.target)[1:-1]}", _FIX),
            )
