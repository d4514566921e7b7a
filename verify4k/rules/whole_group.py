"""A group's files are alike, as many as promised, and as large as their scale says.

`groups:` promises something of several files at once: `same: [size, alpha]` that they agree,
`count: 2..10` how many there are, `scale` that each has its factor of one common size. What is
missing from a group is promised too, so `readable` tells it. A file that cannot be read leaves
its group undecided.

Fix: export the files of a group together, from one source.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from verify4k.model import Problem
from verify4k.named_tuple import NamedTuple
from verify4k.options.groups import membership
from verify4k.options.kinds import Options, option
from verify4k.options.ratios import Ratio
from verify4k.rule import Example, Picture, Surroundings, run_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size
    from verify4k.model import Asset
    from verify4k.options.groups import Membership

_FIX = "export the files of the group together, from one source"


class GroupOptions(Options):
    """The group that a file belongs to."""

    in_group: Membership | None = option(membership, "the group that `groups:` puts the file into")


class _Kept(NamedTuple):
    """What is compared: the facts that are to agree, as words, and the size."""

    facts: Mapping[str, str]
    size: Size


def _shape(size: Size) -> str:
    ratio = (
        f"{size.width / size.height:.4g}:1"
        if size.width > size.height
        else f"1:{size.height / size.width:.4g}"
    )
    return f"{ratio} ({size})"


def _collect(artifact: Artifact) -> _Kept:
    group = artifact.asset[GroupOptions].in_group
    same = group.same if group is not None else ()
    return _Kept({name: str(_FACTS[name](artifact)) for name in same}, artifact.displayed)


def _compared(asset: Asset) -> tuple[str, str, tuple[str, ...]] | None:
    """What the files of a group have in common that are compared; a count is known without them."""
    group = asset[GroupOptions].in_group
    if group is None or not (group.same or group.factor is not None):
        return None
    return _identity(asset, group)


def _identity(asset: Asset, group: Membership) -> tuple[str, str, tuple[str, ...]]:
    """Manifests that one includes may each have a group of this name."""
    return asset.places["in-group"].path, group.group, group.key


_FACTS: Mapping[str, Any] = {
    "size": lambda artifact: artifact.displayed,
    "width": lambda artifact: artifact.displayed.width,
    "height": lambda artifact: artifact.displayed.height,
    "ratio": lambda artifact: _shape(artifact.displayed),
    "format": lambda artifact: artifact.format,
    "alpha": lambda artifact: artifact.alpha,
    "mode": lambda artifact: artifact.header.mode,
    "bit-depth": lambda artifact: artifact.header.bit_depth,
    "animation": lambda artifact: "animated" if artifact.animated else "still",
    "frames": lambda artifact: artifact.frames,
}
_PAIR = [Picture(name="hero-light.png"), Picture(name="hero-dark.png", kind="other")]
_ICONS = [Picture(48, 48, "mdpi.png"), Picture(72, 72, "hdpi.png", "other")]


@run_rule(
    "whole-group",
    collect=_collect,
    options=GroupOptions,
    asked=lambda asset: asset[GroupOptions].in_group is not None,
    among=_compared,
    examples=[
        Example(
            "a pair of one size",
            _PAIR,
            {},
            groups={"pair": {"files": "{name}-{theme}.png", "theme": ["light", "dark"], "same": "size"}},
        ),
        Example(
            "icons, each as large as its density",
            _ICONS,
            {},
            groups={"icon": {"files": "{density}.png", "by": "density", "scale": {"mdpi": 1, "hdpi": 1.5}}},
        ),
        Example(
            "one of a pair is smaller",
            [Picture(name="hero-light.png"), Picture(32, 18, "hero-dark.png")],
            {},
            groups={"pair": {"files": "{name}-{theme}.png", "theme": ["light", "dark"], "same": "size"}},
            finds=Problem("the size differs within the group pair[hero]", "32x18 as hero-dark.png", "64x36"),
        ),
        Example(
            "too few",
            [Picture(name="en-1.png")],
            {},
            groups={"shots": {"files": "{locale}-*.png", "each": "locale", "count": "2..8"}},
            finds=Problem("the group shots[en] has too few files", "2..8 files", "1 file"),
        ),
        Example(
            "too many",
            [Picture(name="en-1.png"), Picture(name="en-2.png", kind="other")],
            {},
            groups={"shots": {"files": "{locale}-*.png", "each": "locale", "count": "1"}},
            finds=Problem("the group shots[en] has too many files", "1 file", "2 files"),
        ),
        Example(
            "a density that was forgotten in an export",
            [Picture(48, 48, "mdpi.png"), Picture(48, 48, "hdpi.png", "other")],
            {},
            groups={"icon": {"files": "{density}.png", "by": "density", "scale": {"mdpi": 1, "hdpi": 1.5}}},
            finds=Problem(
                "the size does not fit its scale in the group icon", "32x32, as hdpi.png says", "48x48"
            ),
        ),
    ],
)
def whole_group(
    kept: Sequence[tuple[Asset, _Kept]],
    surroundings: Surroundings,  # noqa: ARG001 - every such rule's signature
) -> Iterator[tuple[Asset, Problem]]:
    """Compare the files of each group with its first one, and with the largest scale."""
    groups: dict[tuple[str, str, tuple[str, ...]], array[int]] = {}
    for place, (asset, _) in enumerate(kept):
        group = asset[GroupOptions].in_group
        if group is not None:
            groups.setdefault(_identity(asset, group), array("I")).append(place)
    for places in groups.values():
        members = dict(kept[place] for place in places)
        first = next(iter(members))
        group = first[GroupOptions].in_group
        if group is not None:
            yield from _counted(first, group)
            yield from _alike(tuple(members), group, members)
            yield from _scaled(tuple(members), members)


def _counted(first: Asset, group: Membership) -> Iterator[tuple[Asset, Problem]]:
    if group.how_many is None or group.members in group.how_many:
        return
    few = group.how_many.low is not None and group.members < group.how_many.low
    message = f"the group {_shown(group)} has too {'few' if few else 'many'} files"
    wanted, there = _files(str(group.how_many)), _files(str(group.members))
    yield first, Problem(message, wanted, there, _FIX, "in-group")


def _files(count: str) -> str:
    return "1 file" if count == "1" else f"{count} files"


def _alike(
    assets: Sequence[Asset], group: Membership, kept: Mapping[Asset, _Kept]
) -> Iterator[tuple[Asset, Problem]]:
    for name in group.same:
        # the largest tells a shape best: of a thumbnail, whole pixels allow many
        leader = max(assets, key=lambda asset: min(kept[asset].size)) if name == "ratio" else assets[0]
        for asset in assets:
            if asset is not leader and not _same(name, kept[leader], kept[asset]):
                message = f"the {name} differs within the group {_shown(group)}"
                expected = f"{kept[leader].facts[name]} as {_name(leader)}"
                yield asset, Problem(message, expected, kept[asset].facts[name], _FIX, "in-group")


def _same(name: str, one: _Kept, other: _Kept) -> bool:
    if name == "ratio":
        return Ratio(*one.size).allows(other.size) or Ratio(*other.size).allows(one.size)
    return one.facts[name] == other.facts[name]


def _scaled(assets: Sequence[Asset], kept: Mapping[Asset, _Kept]) -> Iterator[tuple[Asset, Problem]]:
    """The largest scale has lost the least by rounding: the others follow from it, to a pixel."""
    scaled = [
        (group.factor, asset, group)
        for asset in assets
        if (group := asset[GroupOptions].in_group) is not None and group.factor is not None
    ]
    if len(scaled) < 2:
        return
    largest, leader, _ = max(scaled, key=lambda each: each[0])
    for factor, asset, group in scaled:
        size = kept[asset].size
        wanted = [edge * factor / largest for edge in kept[leader].size]
        if any(abs(edge - want) > 1 for edge, want in zip(size, wanted, strict=True)):
            expected = f"{round(wanted[0])}x{round(wanted[1])}, as {_name(leader)} says"
            message = f"the size does not fit its scale in the group {_shown(group)}"
            yield asset, Problem(message, expected, str(size), _FIX, "in-group")


def _shown(group: Membership) -> str:
    return ascii(str(group))[1:-1]


def _name(asset: Asset) -> str:
    return ascii(asset.target.rpartition("/")[2])[1:-1]
