"""Addresses that differ by their query, and promise different sizes, give different pictures.

A cache whose key leaves the query out serves `hero.jpg?w=320`, the thumbnail, at `hero.jpg?w=3840` as
well: whichever was asked first. Compared are the digests of URLs of this run that differ by their query
alone and whose promised sizes cannot both be met by one picture.

Fix the cache key (nginx: `proxy_cache_key` with `$request_uri` or `$is_args$args`; CDNs: include the
query string), then purge the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.files.equal_keys import alike
from verify4k.model import Problem, is_delivered
from verify4k.named_tuple import NamedTuple
from verify4k.rule import Example, Picture, Served, run_rule
from verify4k.rules.exact_size import SizeOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset
    from verify4k.options.sizes import Wanted
    from verify4k.rule import Surroundings

_FIX = "put the query into the cache key, then purge the cache"


class _Seen(NamedTuple):
    """What is kept of an artifact: its address without and with its query, and its digest."""

    path: str
    url: str
    sha256: str


def _collect(artifact: Artifact) -> _Seen:
    return _Seen(_path(artifact.asset), artifact.asset.url or "", artifact.sha256)


def _path(asset: Asset) -> str:
    return (asset.url or "").partition("?")[0]


def _asked(asset: Asset) -> bool:
    return is_delivered(asset) and bool(asset[SizeOptions].size) and "?" in (asset.url or "")


@run_rule(
    "same-url-one-picture",
    collect=_collect,
    asked=_asked,
    pairs=True,
    among=_path,
    examples=[
        Example(
            "one size for each width",
            Picture(64, 36, "a.png?w={w}", served=Served(how="resized to w")),
            {"for": {"w": ["64", "32"]}, "size": "{w}x*"},
        ),
        Example(
            "a cache that does not see the query",
            Picture(64, 36, "a.png?w={w}", served=Served()),
            {"for": {"w": ["64", "32"]}, "size": "{w}x*"},
            finds=Problem(
                "addresses that differ by their query give the same picture",
                "a picture of its own",
                "that of ...a.png?w=64",
            ),
        ),
    ],
)
def same_url_one_picture(
    kept: Sequence[tuple[Asset, _Seen]],
    surroundings: Surroundings,  # noqa: ARG001 - a run rule's signature
) -> Iterator[tuple[Asset, Problem]]:
    """Compare digests of addresses that share their path."""

    def picture(place: int) -> tuple[str, str]:
        seen = kept[place][1]
        return seen.path, seen.sha256

    for places in alike(range(len(kept)), picture):
        group: list[tuple[Asset, _Seen]] = []
        for asset, seen in (kept[place] for place in places):
            for other, before in group:
                if before.url != seen.url and _exclude(asset, other):
                    actual = f"that of {other.target}"
                    told = "addresses that differ by their query give the same picture"
                    yield asset, Problem(told, "a picture of its own", actual, _FIX, "size")
                    break
            group.append((asset, seen))


def _exclude(one: Asset, other: Asset) -> bool:
    """Whether no picture can have a size that both promise."""
    first, second = one[SizeOptions].size or (), other[SizeOptions].size or ()
    return not any(_overlap(a, b) for a in first for b in second)


def _overlap(a: Wanted, b: Wanted) -> bool:
    return all(a.low[axis] <= b.high[axis] and b.low[axis] <= a.high[axis] for axis in (0, 1))
