"""A run in several parts: which shard checks which artifact.

Every shard works out the whole division by itself, from targets, promises and sizes; its digest travels with
what it has written (`verify4k.checking.shard_reports`), so that shards which saw other files are not merged.
"""

from __future__ import annotations

import hashlib
from array import array
from itertools import groupby
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.model import Asset

_EACH = 1 << 16  # bytes that any artifact weighs: opening it is work too
_ROOM = 1.05  # how much more than its part a shard may get before a target goes elsewhere


class Shard(NamedTuple):
    """Part ``number`` of ``of``, from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Read "2/5". Raises `UsageError`."""
    first, slash, last = text.partition("/")
    if slash and first.isdecimal() and last.isdecimal() and text.isascii():
        shard = Shard(int(first), int(last))
        if 1 <= shard.number <= shard.of <= 1000:
            return shard
    raise UsageError(f"--shard {text[:40]!a} is no part of a whole", "write --shard 2/5: the second of five")


class Division(NamedTuple):
    """Which shard checks which asset, in their order; ``digest`` of all of it."""

    shards: Sequence[int]
    digest: str


def divide(assets: Sequence[Asset], of: int) -> Division:
    """Divide assets by bytes. A target keeps its shard while that has room, whatever else comes and goes."""
    from verify4k.checking.batching import weight  # which brings what runs processes

    weights = array("Q", (weight(asset.path) if asset.url is None else 0 for asset in assets))
    room = _ROOM * sum(each + _EACH for each in weights) / of
    loads = [0] * of
    shards = array("H", (0,)) * len(assets)
    for number in _heaviest_first(weights, assets):
        target = assets[number].target
        wished = sorted(range(of), key=lambda shard: _liking(shard, target))
        own = weights[number] + _EACH
        chosen = next((shard for shard in wished if loads[shard] + own <= room), None)
        chosen = min(wished, key=loads.__getitem__) if chosen is None else chosen
        loads[chosen] += own
        shards[number] = chosen + 1
    digest = hashlib.sha256()
    for asset, size, shard in zip(assets, weights, shards, strict=True):
        promises = sorted(asset.written.items())
        digest.update(f"{asset.target!a} {asset.made_from!a} {promises!a} {size} {shard}\n".encode())
    return Division(shards, digest.hexdigest())


def _heaviest_first(weights: Sequence[int], assets: Sequence[Asset]) -> Iterator[int]:
    """Yield the numbers of the assets: large files first, equal ones by target."""
    by_weight = sorted(range(len(assets)), key=weights.__getitem__, reverse=True)
    for _, equal in groupby(by_weight, key=weights.__getitem__):
        yield from sorted(equal, key=lambda number: assets[number].target)


def _liking(shard: int, target: str) -> bytes:
    return hashlib.sha256(f"{shard} {target!a}".encode()).digest()
