"""What a shard writes down for the merge, and the merge of all: outcome by outcome, however many there are.

A digest of all that was written travels with it, so that a report which was cut or changed by hand since is
not merged.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from typing import TYPE_CHECKING, Any

from verify4k import __version__
from verify4k.checking.judging import Judged
from verify4k.documents.plain import Reader, Writer
from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.files.spool import Spool
from verify4k.named_tuple import NamedTuple
from verify4k.report import ShardPart
from verify4k.text import quiet_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from verify4k.checking.shards import Division, Shard
    from verify4k.model import Asset, Manifest

_AGAIN = (
    "run every shard anew, of the same files, with the same options: check --shard I/N --report json=FILE"
)
_NOT_WHOLE = "an outcome of a shard is not whole"
_KINDS: Mapping[str, type] = {
    "index": int, "of": int, "division": str, "manifest": str, "request": dict, "outcomes": list,
}  # fmt: skip
# how the JSON report begins and ends its own lists, and the one of outcomes, each in a line
_LIST, _LIST_ENDS = b": [", (b"  ],", b"  ]")
_OUTCOMES, _OUTCOMES_END = b'    "outcomes": [', (b"    ],", b"    ]")


def digest_of(manifest: Manifest) -> str:
    """Return what tells the manifest, and the files that it includes, from any other."""
    read = tuple((each.name, each.sha256) for each in manifest.included)
    return hashlib.sha256(repr((manifest.sha256, read)).encode()).hexdigest()


def _text(outcome: Sequence[Any]) -> str:
    """Return an outcome as one line of JSON."""
    return quiet_json(json.dumps(outcome, separators=(",", ":")))


class ShardRecorder:
    """Outcomes of a shard as they are written, put aside in a file until all are there."""

    def __init__(self, total: int) -> None:
        self._spool = Spool()
        self._places = array("q", (-1,)) * total

    def record(self, number: int, judged: Judged) -> None:
        """Keep what came of an asset."""
        writer = Writer()
        outcome = [writer.plain(value) for value in (judged.asset.target, *judged[1:])]
        self._places[number] = self._spool.put(_text(outcome))

    def __iter__(self) -> Iterator[str]:
        """Yield the outcomes, in the order of the assets; anew for each report that is written."""
        return (self._spool.get(place) for place in self._places if place >= 0)


def written(
    shard: Shard, division: Division, manifest: Manifest, request: Mapping[str, Any], recorder: ShardRecorder
) -> ShardPart:
    """Return what a report of a shard says for the merge, JSON-able."""
    said = {
        "index": shard.number,
        "of": shard.of,
        "division": division.digest,
        "manifest": digest_of(manifest),
        "request": Writer().plain(request),
    }
    return ShardPart({**said, "sha256": _seal(said, recorder)}, recorder)


def seal(part: Mapping[str, Any]) -> str:
    """Return the digest of what a shard has written, but for the digest itself."""
    return _seal(part, map(_text, part["outcomes"]))


def _seal(said: Mapping[str, Any], texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{text}\n".encode())
    return _sealed(digest, said)


def _sealed(outcomes: hashlib._Hash, said: Mapping[str, Any]) -> str:
    """Return the digest of what was written besides the outcomes, which ``outcomes`` has taken already."""
    held = {name: value for name, value in said.items() if name not in ("sha256", "outcomes")}
    outcomes.update(json.dumps(held, sort_keys=True).encode())
    return outcomes.hexdigest()


class ShardReport(NamedTuple):
    """A report of a shard. ``outcomes`` yields them, each as it is written; reading starts anew each time."""

    name: str
    said: Mapping[str, Any]
    outcomes: Callable[[], Iterator[str]]


class MergedShards(NamedTuple):
    """What all shards together have written."""

    of: int
    division: str
    manifest: str
    request: Mapping[str, Any]
    parts: Mapping[int, ShardReport]

    def in_order(self, shards: Sequence[int]) -> Callable[[int, Asset], Judged | None]:
        """Return what tells the outcome of each asset, asked in their order; None: no shard has one.

        Args:
            shards: which shard has checked each asset.
        """
        waiting = {index: part.outcomes() for index, part in self.parts.items()}
        heads: dict[int, list[Any] | None] = {index: _next(texts) for index, texts in waiting.items()}

        def outcome(number: int, asset: Asset) -> Judged | None:
            plain = heads[shards[number]]
            if plain is None or Reader().value(plain[0]) != asset.target:
                return None
            heads[shards[number]] = _next(waiting[shards[number]])
            return _judged(asset, plain)

        return outcome


def _next(texts: Iterator[str]) -> list[Any] | None:
    try:
        text = next(texts, None)
        plain = None if text is None else json.loads(text)
    except (Missing, CannotRead, ValueError, RecursionError) as error:  # it has changed since
        raise UsageError(_NOT_WHOLE, _AGAIN) from error
    if plain is not None and not (isinstance(plain, list) and len(plain) == len(Judged._fields)):
        raise UsageError(_NOT_WHOLE, _AGAIN)
    return plain


def _judged(asset: Asset, plain: Sequence[Any]) -> Judged:
    reader = Reader()
    return Judged(asset, *[reader.value(each) for each in plain[1:]])


def read_shard_reports(paths: Sequence[str]) -> MergedShards:
    """Read the reports of all shards. Raises `UsageError`."""
    parts = [_part(path) for path in paths]
    first = parts[0].said
    by_index: dict[int, ShardReport] = {}
    for part in parts:
        for key in ("of", "division", "manifest", "request"):
            if part.said[key] != first[key]:
                raise UsageError(f"{part.name!a} is of another run: its {key} differs", _AGAIN)
        index = part.said["index"]
        if index in by_index:
            raise UsageError(f"{by_index[index].name!a} and {part.name!a} are the same shard", _AGAIN)
        by_index[index] = part
    missing = [str(index) for index in range(1, first["of"] + 1) if index not in by_index]
    if missing:
        raise UsageError(f"of {first['of']} shards {', '.join(missing[:20])} is missing", _AGAIN)
    request = Reader().value(first["request"])
    return MergedShards(first["of"], first["division"], first["manifest"], request, by_index)


def _part(path: str) -> ShardReport:
    try:
        return _in_lines(path) or _as_document(path)
    except (Missing, CannotRead) as error:
        raise UsageError(
            f"cannot read {path!a}: {error.message}", "give the report of every shard"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path!a} is no JSON report", "write it with --report json=FILE") from error


def _in_lines(path: str) -> ShardReport | None:
    """Return a part as we have written it, of which a line is held; None: it is not as that."""
    lines, digest = _Lines(path), hashlib.sha256()
    for text in lines.outcomes():
        digest.update(f"{text}\n".encode())
    if not lines.there:
        return None
    try:
        said = _said(path, json.loads(b"\n".join(lines.others)))
    except ValueError:
        return None
    return ShardReport(path, said, lines.outcomes) if _sealed(digest, said) == said.get("sha256") else None


def _as_document(path: str) -> ShardReport:
    """Return a part that some other program has written anew, all of it in memory. Raises `UsageError`."""
    said = _said(path, json.loads(FileSource(path).read_all()))
    if seal(said) != said.get("sha256"):
        raise UsageError(f"{path!a} is not as its shard has written it", _AGAIN)
    return ShardReport(path, said, lambda: map(_text, said["outcomes"]))


class _Lines:
    """The lines of a report: outcomes one by one, and what stands outside of its lists."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.others: list[bytes] = []
        self.there = False  # whether there is a list of outcomes

    def outcomes(self) -> Iterator[str]:
        """Yield the outcomes as they are written. Raises `Missing`, `CannotRead`."""
        self.others, self.there = [], False
        ends: tuple[bytes, ...] = ()
        inside = False
        for line in _lines(self._path):
            if ends and line not in ends:
                if inside:
                    # letters that another program has written as themselves are none of this form
                    yield line.strip().removesuffix(b",").decode("ascii", "replace")
                continue
            self.others.append(line)
            inside = line == _OUTCOMES
            self.there |= inside
            ends = _OUTCOMES_END if inside else _LIST_ENDS if _is_list(line) else ()


def _is_list(line: bytes) -> bool:
    """Whether a list of the report begins, of which each entry stands in lines of its own."""
    return line.startswith(b'  "') and line.endswith(_LIST)


def _lines(path: str) -> Iterator[bytes]:
    begun: list[bytes] = []
    for piece in FileSource(path).pieces():
        first, *more = piece.split(b"\n")
        begun.append(first)
        if more:
            yield b"".join(begun)
            yield from more[:-1]
            begun = [more[-1]]
    if any(begun):
        yield b"".join(begun)


def _said(path: str, document: Any) -> Mapping[str, Any]:
    """Return what a report says for the merge. Raises `UsageError` where it says nothing of use."""
    found = document.get("shard") if isinstance(document, dict) else None
    if not isinstance(found, dict) or not all(isinstance(found.get(k), t) for k, t in _KINDS.items()):
        raise UsageError(f"{path!a} is no report of a shard", _AGAIN)
    version = document.get("tool", {}).get("version") if isinstance(document.get("tool"), dict) else None
    if version != __version__:
        raise UsageError(f"{path!a} was written by verify4k {version!a}, this is {__version__}", _AGAIN)
    if document.get("exit_code") == 130:
        raise UsageError(f"{path!a} was interrupted", _AGAIN)
    said: Mapping[str, Any] = found
    return said
