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
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, Surroundings, run_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.artifacts.artifact import Artifact
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
    rows: str


def _collect(artifact: Artifact) -> _Print:
    return _Print(artifact.sha256, artifact.rows_digest)


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
        Example(
            "the same bytes twice",
            [Picture(name="2k.png"), Picture(name="3k.png")],
            {},
            finds=Problem(
                "two promises are met by the same picture (identical bytes)",
                "a picture of its own",
                "the picture of 2k.png",
            ),
        ),
        Example(
            "the same pixels, other bytes",
            [Picture(name="a.png"), Picture(name="b.png", kind="icc")],
            {"same-as-others": "forbidden"},
            finds=Problem(
                "two promises are met by the same picture (identical pixels)",
                "a picture of its own",
                "the picture of a.png",
            ),
        ),
    ],
)
def same_picture(kept: Mapping[Asset, _Print], surroundings: Surroundings) -> Iterator[tuple[Asset, Problem]]:
    """Report every asset that repeats an earlier one. Few are alike enough to be decoded again."""
    by_bytes: dict[str, Asset] = {}
    by_rows: dict[str, list[Asset]] = {}
    for asset, (sha256, rows) in kept.items():
        twin = by_bytes.setdefault(sha256, asset)
        if twin is not asset:
            yield asset, _same(twin, "identical bytes")
        else:
            by_rows.setdefault(rows, []).append(asset)
    for alike in by_rows.values():
        by_pixels: dict[str, Asset] = {}
        for asset in alike if len(alike) > 1 else ():
            with surroundings.reopen(asset) as artifact:
                twin = by_pixels.setdefault(artifact.pixel_digest, asset)
            if twin is not asset:
                yield asset, _same(twin, "identical pixels")


def _same(twin: Asset, how: str) -> Problem:
    message = f"two promises are met by the same picture ({how})"
    actual = f"the picture of {ascii(twin.target)[1:-1]}"
    return Problem(message, "a picture of its own", actual, _FIX, "same-as-others")
