"""Different promises are met by different pictures.

One picture saved under two names satisfies "the 2k and the 4k file exist" and nothing else.
Compared are the bytes, then the decoded pixels, so that a copy in another container, or with
other metadata, is found too. Promises differ in an option, in what both names say (2k, 4k, a size) or in the
prompt. Equal promises may share a picture, as `20x20@2x` and `40x40@1x` of an icon set do, and so may a
symbolic link and its target, a file and what it was made from (`from:`), and, where no different sizes are
promised, exports of one source (or of copies of one) and one name in two formats (`logo.png`, `logo.webp`);
`same-as-others: forbidden` asks of equal promises too, `allowed` of none.

Fix: generate or export each promised picture.
"""

from __future__ import annotations

import os
from array import array
from types import MappingProxyType
from typing import TYPE_CHECKING

from verify4k.files.equal_keys import alike
from verify4k.model import Lineage, Problem, is_file
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, Surroundings, run_rule
from verify4k.rules._name_claims import claims
from verify4k.rules.exact_size import SizeOptions

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset

    Kept = Sequence[tuple[Asset, "_Print"]]

_FIX = "generate or export each promised picture; where a copy is meant, set same-as-others: allowed"


class SameOptions(Options):
    """Whether this picture may be a copy."""

    same_as_others: str | None = option(
        choice("allowed", "forbidden"),
        "whether it may equal another one; by default only one of an equal promise",
    )


_ALONE = Lineage(())
_NO_SOURCES: Mapping[Asset, _Print] = MappingProxyType({})


class _Print(NamedTuple):
    """What is kept of an artifact to compare it with the others."""

    sha256: str
    rows: str


class _Promise(NamedTuple):
    """What makes promises different. ``said``: what the name says; a name that says nothing may be any."""

    wanted: tuple[tuple[str, str], ...]
    said: tuple[Hashable, ...]
    prompt: str | None

    def differs(self, other: _Promise) -> bool:
        """Whether one picture can hardly be meant for both."""
        names = self.said and other.said and self.said != other.said
        return bool(names) or self._replace(said=()) != other._replace(said=())


class _Member(NamedTuple):
    """One of those that have a picture. ``strict``: it wants no copy."""

    asset: Asset
    promise: _Promise
    strict: bool


class _Group(NamedTuple):
    """Who has one picture: the first, and the first that says something, that differs, that wants no copy."""

    first: _Member
    saying: _Member | None = None
    other: _Member | None = None
    strict: _Member | None = None

    def joined(self, new: _Member) -> _Group:
        """Return the group with one more."""
        differs = any(new.promise.differs(each.promise) for each in (self.first, self.saying) if each)
        return _Group(
            self.first,
            self.saying or (new if new.promise.said else None),
            self.other or (new if differs else None),
            self.strict or (new if new.strict else None),
        )


class _Twins:
    """Pictures by digest. Each asset is compared with four others at most, however many are alike.

    ``chained``: what was kept of assets that come from others, and of those others.
    """

    def __init__(self, lineage: Lineage = _ALONE, chained: Mapping[Asset, _Print] = _NO_SOURCES) -> None:
        self._groups: dict[str, _Group] = {}
        self._lineage = lineage
        self._chained = chained

    def add(self, digest: str, asset: Asset) -> Asset | None:
        """Return an earlier asset with this picture that may not share it with this one, or None."""
        new = _Member(asset, _promise(asset), asset[SameOptions].same_as_others == "forbidden")
        group = self._groups.get(digest)
        if group is None:
            self._groups[digest] = _Group(new).joined(new)
            return None
        self._groups[digest] = group.joined(new)
        for twin in group:
            if twin is None or self._related(twin.asset, asset):
                continue
            apart = new.promise.differs(twin.promise) and not _one_in_two_formats(asset, twin.asset)
            if new.strict or twin.strict or apart:
                return twin.asset
        return None

    def _related(self, one: Asset, other: Asset) -> bool:
        if one.made_from is None and other.made_from is None:
            return False
        chain, chain_of_other = self._lineage.of(one), self._lineage.of(other)
        if one in chain_of_other or other in chain:
            return True
        # exports of one source show one picture, however each is to be encoded
        one_origin = self._one_origin(chain[0], chain_of_other[0])
        return one_origin and _said(one) == _said(other) and _one_size(one, other)

    def _one_origin(self, one: Asset, other: Asset) -> bool:
        """Whether two sources are one, or copies: that is told of them, and not of their exports too."""
        prints = [self._chained[each].sha256 for each in (one, other) if each in self._chained]
        return one is other or (len(prints) == 2 and prints[0] == prints[1])


def _collect(artifact: Artifact) -> _Print:
    return _Print(artifact.sha256, artifact.rows_digest)


def _promise(asset: Asset) -> _Promise:
    wanted = sorted(
        (f"{kind.__name__}.{name}", _as_text(value))
        for kind, options in asset.options.items()
        for name, value in vars(options).items()
        if kind is not SameOptions and value is not None
    )
    return _Promise(tuple(wanted), _said(asset), getattr(asset.generate, "prompt", None))


def _said(asset: Asset) -> tuple[Hashable, ...]:
    return tuple((claim.word, claim.size) for claim in claims(asset.target))


def _one_size(one: Asset, other: Asset) -> bool:
    sizes = {_as_text(each[SizeOptions].size) for each in (one, other) if each[SizeOptions].size}
    return len(sizes) < 2


def _links(kept: Kept, places: Sequence[int]) -> Iterator[int]:
    """Yield the places of other names of one file: a symbolic link to a file that is promised is an alias."""
    for names in alike(places, lambda place: os.path.realpath(kept[place][0].path)):
        yield from names[1:]


def _one_in_two_formats(one: Asset, other: Asset) -> bool:
    """Whether names differ in their suffix alone and no sizes or prompts do: `logo.png` and `logo.webp`."""
    stems = {os.path.splitext(each.target)[0] for each in (one, other)}
    return len(stems) == 1 and _one_size(one, other) and _promise(one).prompt == _promise(other).prompt


def _as_text(value: object) -> str:
    """A named size and the same size in digits are one promise; both read alike as text."""
    return " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@run_rule(
    "same-picture",
    collect=_collect,
    options=SameOptions,
    pairs=True,
    beyond_header=True,
    asked=lambda asset: is_file(asset) and asset[SameOptions].same_as_others != "allowed",
    examples=[
        Example("two pictures", [Picture(64, 36, "a.png"), Picture(64, 36, "b.png", "other")], {}),
        Example(
            "a copy, allowed", [Picture(name="a.png"), Picture(name="b.png")], {"same-as-others": "allowed"}
        ),
        Example(
            "one picture of an icon set, twice promised",
            [Picture(64, 64, "a.png"), Picture(64, 64, "b.png")],
            {},
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
            [Picture(name="2k.png"), Picture(name="3k.png", kind="icc")],
            {},
            finds=Problem(
                "two promises are met by the same picture (identical pixels)",
                "a picture of its own",
                "the picture of 2k.png",
            ),
        ),
        Example(
            "equal promises, and yet no copies",
            [Picture(name="a.png"), Picture(name="b.png")],
            {"same-as-others": "forbidden"},
            finds=Problem(
                "two promises are met by the same picture (identical bytes)",
                "a picture of its own",
                "the picture of a.png",
            ),
        ),
    ],
)
def same_picture(kept: Kept, surroundings: Surroundings) -> Iterator[tuple[Asset, Problem]]:
    """Report every asset that repeats an earlier one. Few are alike enough to be decoded again."""
    lineage = Lineage(surroundings.manifest.assets)
    chained = {asset: found for asset, found in kept if not lineage.alone(asset)} if lineage else _NO_SOURCES
    settled = bytearray(len(kept))  # told already, or another name of a file that is looked at
    for places in alike(range(len(kept)), lambda place: kept[place][1].sha256):
        for place in _links(kept, places):  # of other files finding out would ask for every folder above
            settled[place] = True
        twins = _Twins(lineage, chained)
        for place in places:
            asset, found = kept[place]
            twin = None if settled[place] else twins.add(found.sha256, asset)
            if twin is not None:
                settled[place] = True
                yield asset, _same(twin, "identical bytes")
    for same_rows in _with_equal_rows(kept, settled):
        twins = _Twins(lineage, chained)
        for same_bytes in same_rows:
            with surroundings.reopen(kept[same_bytes[0]][0]) as artifact:
                digest = artifact.pixel_digest
            for place in same_bytes:
                asset, _ = kept[place]
                twin = twins.add(digest, asset)
                if twin is not None:
                    yield asset, _same(twin, "identical pixels")


def _with_equal_rows(kept: Kept, settled: Sequence[int]) -> list[list[Sequence[int]]]:
    """Return places that may show the same pixels in other bytes; those of the same bytes together."""
    found: list[list[Sequence[int]]] = []
    for places in alike(range(len(kept)), lambda place: kept[place][1].rows):
        by_bytes: dict[str, array[int]] = {}
        for place in places:
            if not settled[place]:
                by_bytes.setdefault(kept[place][1].sha256, array("I")).append(place)
        if len(by_bytes) > 1:
            found.append(list(by_bytes.values()))
    return sorted(found, key=lambda each: each[0][0])


def _same(twin: Asset, how: str) -> Problem:
    message = f"two promises are met by the same picture ({how})"
    actual = f"the picture of {ascii(twin.target)[1:-1]}"
    return Problem(message, "a picture of its own", actual, _FIX, "same-as-others")
