"""Which files belong to a group: those that are there, and those that it needs and does not have."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.errors import CannotRead, ManifestError
from verify4k.files.targets import Outside
from verify4k.manifest.spelling import refuse_detour
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verify4k.documents.nodes import Node, Scalar
    from verify4k.files.trees import Tree
    from verify4k.formats.facts import Size
    from verify4k.manifest.captures import CapturePattern
    from verify4k.options.kinds import Range

_MOST = 100_000  # files of one group


class NameMatch(NamedTuple):
    """What one file's name says: the pattern that it fits, and the captures' values."""

    pattern: CapturePattern
    values: Mapping[str, str]


class Group(NamedTuple):
    """One group as written."""

    name: str
    key: Scalar
    patterns: tuple[CapturePattern, ...]
    each: tuple[str, ...]
    by: str
    scale: Mapping[str, float]
    base: Size | None
    how_many: Range | None
    same: tuple[str, ...]
    same_set: bool
    entry: tuple[tuple[Scalar, Node], ...]  # the options that hold for every file


def find(group: Group, pattern: CapturePattern, tree: Tree) -> dict[str, NameMatch]:
    """Return the files that fit a pattern. Raises `ManifestError` for one that leaves the folder."""
    refuse_detour(pattern.text, group.key.place)
    try:
        tree.path(pattern.glob)  # the folder part must not leave, whatever matches
        targets = list(tree.expand(pattern.glob)) if pattern.names or pattern.wild else [pattern.text]
    except Outside as error:
        raise ManifestError([Mistake(group.key.place, f"{shown(pattern.text)} {error}")]) from error
    except CannotRead as error:
        raise ManifestError([Mistake(group.key.place, error.message)]) from error
    said = {target: pattern.match(target) for target in targets}
    return {
        target: NameMatch(pattern, values) for target, values in sorted(said.items()) if values is not None
    }


def missing_of(group: Group, found: Mapping[str, NameMatch]) -> Iterator[tuple[str, NameMatch]]:
    """Yield what a group needs: every pattern, each given value of a capture, each name of a same set."""
    there_keys = {key_of(group, match.values) for match in found.values()}
    keys = _keys(group, there_keys)
    there = {(match.pattern.text, _fixed(group, match)) for match in found.values()}
    neighbours = _neighbours(group, found)
    for pattern in group.patterns:
        given = _given(group, pattern)
        if pattern.wild or (not given and len(group.patterns) == 1 and set(keys) == there_keys):
            continue
        _refuse_many(group, prod([len(keys), *map(len, given.values())]))
        for key in keys:
            if not _names(group, pattern, key):
                continue
            for values in product(*given.values()):
                wanted = {**dict(zip(group.each, key, strict=True)), **dict(zip(given, values, strict=True))}
                match = _completed(group, pattern, wanted, neighbours)
                if match is not None and (pattern.text, _fixed(group, match)) not in there:
                    yield pattern.fill(match.values), match
    if group.same_set:
        yield from _set(group, found, [key for key in keys if all(key)])
    if not (group.same_set and found):
        yield from _empty(group, [key for key in keys if key not in there_keys])


def _names(group: Group, pattern: CapturePattern, key: tuple[str, ...]) -> bool:
    """Whether a group has a value for what a pattern captures of it: a file without one has no such group."""
    return all(key[at] for at, name in enumerate(group.each) if name in pattern.names)


def _set(
    group: Group, found: Mapping[str, NameMatch], keys: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, NameMatch]]:
    """Yield what each file that belongs to one group is called in all of them."""
    names = {
        _moved(group, target, match, {**match.values, **dict.fromkeys(group.each, "\0")}): (target, match)
        for target, match in found.items()
        if match.values.keys() >= set(group.each)
    }
    _refuse_many(group, len(names) * len(keys))
    for target, match in names.values():
        for key in keys:
            other = {**match.values, **dict(zip(group.each, key, strict=True))}
            yield _moved(group, target, match, other), NameMatch(match.pattern, other)


def _keys(group: Group, there: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the key of every group that has to be: those that are there, and those that a list names."""
    listed = {name: pattern.values[name] for pattern in group.patterns for name in pattern.values}
    if not group.each:
        return [()]
    lists = [listed[name] for name in group.each if name in listed]
    if not lists:
        return sorted(there)
    told = [at for at, name in enumerate(group.each) if name not in listed]  # by the files that are there
    parts = {tuple(key[at] for at in told) for key in there} or ({()} if not told else set())
    _refuse_many(group, prod([len(parts), *map(len, lists)]))
    wanted = set(there)
    for part in parts:
        options = dict(zip(told, part, strict=True))
        wanted |= set(product(*(listed.get(n) or (options[at],) for at, n in enumerate(group.each))))
    return sorted(wanted)


def _refuse_many(group: Group, number: int) -> None:
    """Raise where a group stands for more files than anybody means: lists multiply."""
    if number > _MOST:
        message = f"the group {shown(group.name)} stands for {number:,} files; the limit is {_MOST:,}"
        raise ManifestError([Mistake(group.key.place, message, "write fewer or shorter lists")])


def _empty(group: Group, keys: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, NameMatch]]:
    """Yield one target for each group that a list names and that has no file, where no name can be told."""
    if group.how_many is not None and 0 in group.how_many:
        return
    for key in keys:
        for pattern in group.patterns:
            captured = dict(zip(group.each, key, strict=True))
            free = [name for name in pattern.names if name not in captured and name not in pattern.values]
            if pattern.wild or free:
                captured |= {
                    name: pattern.values.get(name, ("*",))[0]
                    for name in pattern.names
                    if name not in captured
                }
                yield pattern.fill(captured), NameMatch(pattern, captured)
                break


def _given(group: Group, pattern: CapturePattern) -> dict[str, Sequence[str]]:
    return {
        name: pattern.values[name]
        for name in pattern.names
        if name in pattern.values and name not in group.each
    }


def _fixed(group: Group, match: NameMatch) -> tuple[tuple[str, str], ...]:
    """Return what has to be there: the group's key and the given captures; others may be anything."""
    names = {*group.each, *_given(group, match.pattern)}
    return tuple(sorted((name, value) for name, value in match.values.items() if name in names))


def _neighbours(
    group: Group, found: Mapping[str, NameMatch]
) -> dict[tuple[tuple[str, str], ...], list[NameMatch]]:
    """Return one file of each pattern by what it says of the captures that set groups apart."""
    first: dict[tuple[str, tuple[tuple[str, str], ...]], NameMatch] = {}
    for match in found.values():
        key = tuple((name, match.values[name]) for name in group.each if name in match.values)
        first.setdefault((match.pattern.text, key), match)
    by_key: dict[tuple[tuple[str, str], ...], list[NameMatch]] = {}
    for (_, key), match in first.items():
        by_key.setdefault(key, []).append(match)
    return by_key


def _completed(
    group: Group,
    pattern: CapturePattern,
    wanted: Mapping[str, str],
    neighbours: Mapping[tuple[tuple[str, str], ...], Sequence[NameMatch]],
) -> NameMatch | None:
    """Take captures that nobody gave from a neighbour; None where no neighbour has them."""
    free = [name for name in pattern.names if name not in wanted]
    if not free:
        return NameMatch(pattern, wanted)
    for names in dict.fromkeys(tuple(n for n in group.each if n in each.names) for each in group.patterns):
        for match in neighbours.get(tuple((name, wanted[name]) for name in names), ()):
            more = {name: match.values[name] for name in free if name in match.values}
            if len(more) == len(free):
                return NameMatch(pattern, {**wanted, **more})
    return None


def _moved(group: Group, target: str, match: NameMatch, other: Mapping[str, str]) -> str:
    """Return the target that stands in another group where ``target`` stands in its own."""
    pattern = match.pattern
    if not pattern.wild:
        return pattern.fill(other)
    parts, names = pattern.text.split("/"), target.split("/")
    if len(parts) != len(names):  # with ** only whole folders can be told apart
        changed = {match.values[name]: other[name] for name in group.each}
        return "/".join(changed.get(part, part) for part in names)
    moved = []
    for part, name in zip(parts, names, strict=True):
        piece = name
        for each in group.each:
            if f"{{{each}}}" in part:
                piece = piece.replace(match.values[each], other[each], 1)
        moved.append(piece)
    return "/".join(moved)


def key_of(group: Group, captured: Mapping[str, str]) -> tuple[str, ...]:
    """Return what sets this file's group apart from others of the same name."""
    return tuple(captured.get(name, "") for name in group.each)
