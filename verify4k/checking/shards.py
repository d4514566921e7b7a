"""One run as several: which artifacts a shard checks, what it writes down for the merge, and the merge.

Every shard works out the whole division by itself, from targets, promises and sizes; its digest travels with
what it has written, so that shards which saw other files are not merged. So does a digest of all that was
written: a report that was cut or changed by hand since is not merged either.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from verify4k import __version__
from verify4k.checking.judging import Judged
from verify4k.documents.plain import Reader, Writer
from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.model import Asset, Manifest

_EACH = 1 << 16  # bytes that any artifact weighs: opening it is work too
_ROOM = 1.05  # how much more than its part a shard may get before a target goes elsewhere
_AGAIN = (
    "run every shard anew, of the same files, with the same options: check --shard I/N --report json=FILE"
)


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

    shards: tuple[int, ...]
    digest: str


def divide(assets: Sequence[Asset], of: int) -> Division:
    """Divide assets by bytes. A target keeps its shard while that has room, whatever else comes and goes."""
    from verify4k.checking.sending import weight  # which brings what runs processes

    weights = [weight(asset.path) if asset.url is None else 0 for asset in assets]
    room = _ROOM * sum(each + _EACH for each in weights) / of
    loads = [0] * of
    shards = [0] * len(assets)
    for number in sorted(range(len(assets)), key=lambda i: (-weights[i], assets[i].target)):
        wished = sorted(range(of), key=lambda shard: _liking(shard, assets[number].target))
        own = weights[number] + _EACH
        chosen = next((shard for shard in wished if loads[shard] + own <= room), None)
        chosen = min(wished, key=loads.__getitem__) if chosen is None else chosen
        loads[chosen] += own
        shards[number] = chosen + 1
    digest = hashlib.sha256()
    for asset, size, shard in zip(assets, weights, shards, strict=True):
        promises = sorted(asset.written.items())
        digest.update(f"{asset.target!a} {asset.made_from!a} {promises!a} {size} {shard}\n".encode())
    return Division(tuple(shards), digest.hexdigest())


def _liking(shard: int, target: str) -> bytes:
    return hashlib.sha256(f"{shard} {target!a}".encode()).digest()


def digest_of(manifest: Manifest) -> str:
    """Return what tells the manifest, and those that it includes, from any other."""
    read = tuple((each.name, each.sha256) for each in manifest.included)
    return hashlib.sha256(repr((manifest.sha256, read)).encode()).hexdigest()


def written(
    shard: Shard, division: Division, manifest: Manifest, request: Mapping[str, Any], judged: Sequence[Judged]
) -> dict[str, Any]:
    """Return what a report of a shard says for the merge, JSON-able."""
    part = {
        "index": shard.number,
        "of": shard.of,
        "division": division.digest,
        "manifest": digest_of(manifest),
        "request": Writer().plain(request),
        "outcomes": [_plain(each) for each in judged],
    }
    return {**part, "sha256": seal(part)}


def _plain(judged: Judged) -> list[Any]:
    writer = Writer()
    return [writer.plain(value) for value in (judged.asset.target, *judged[1:])]


def seal(part: Mapping[str, Any]) -> str:
    """Return the digest of what a shard has written, but for the digest itself."""
    held = {name: value for name, value in part.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def _is_sealed(part: Mapping[str, Any]) -> bool:
    try:
        return part.get("sha256") == seal(part)
    except RecursionError:
        return False


class Merged(NamedTuple):
    """What all shards together have written."""

    of: int
    division: str
    manifest: str
    request: Mapping[str, Any]
    outcomes: Mapping[str, Sequence[Any]]

    def judged(self, asset: Asset) -> Judged | None:
        """Return the outcome of an asset; None: no shard has one."""
        plain = self.outcomes.get(asset.target)
        if plain is None:
            return None
        reader = Reader()
        values = [reader.value(each) for each in plain[1:]]
        if len(values) != len(Judged._fields) - 1:
            raise UsageError("an outcome of a shard is not whole", _AGAIN)
        return Judged(asset, *values)


def merge(parts: Sequence[tuple[str, Any]]) -> Merged:
    """Put together the reports of all shards, each with its file's name. Raises `UsageError`."""
    read = [(name, _part(name, document)) for name, document in parts]
    first = read[0][1]
    by_index: dict[int, str] = {}
    for name, part in read:
        for key in ("of", "division", "manifest", "request"):
            if part[key] != first[key]:
                raise UsageError(f"{name!a} is of another run: its {key} differs", _AGAIN)
        if part["index"] in by_index:
            raise UsageError(f"{by_index[part['index']]!a} and {name!a} are the same shard", _AGAIN)
        by_index[part["index"]] = name
    missing = [str(index) for index in range(1, first["of"] + 1) if index not in by_index]
    if missing:
        raise UsageError(f"of {first['of']} shards {', '.join(missing[:20])} is missing", _AGAIN)
    outcomes = {Reader().value(one[0]): one for _, part in read for one in part["outcomes"]}
    request = Reader().value(first["request"])
    return Merged(first["of"], first["division"], first["manifest"], request, outcomes)


_KINDS: Mapping[str, type] = {
    "index": int, "of": int, "division": str, "manifest": str, "request": dict, "outcomes": list,
}  # fmt: skip


def _part(name: str, document: Any) -> dict[str, Any]:
    found = document.get("shard") if isinstance(document, dict) else None
    if not isinstance(found, dict) or not all(isinstance(found.get(k), t) for k, t in _KINDS.items()):
        raise UsageError(f"{name!a} is no report of a shard", _AGAIN)
    version = document.get("tool", {}).get("version") if isinstance(document.get("tool"), dict) else None
    if version != __version__:
        raise UsageError(f"{name!a} was written by verify4k {version!a}, this is {__version__}", _AGAIN)
    if document.get("exit_code") == 130:
        raise UsageError(f"{name!a} was interrupted", _AGAIN)
    part: dict[str, Any] = found
    if not _is_sealed(part):
        raise UsageError(f"{name!a} is not as its shard has written it", _AGAIN)
    return part
