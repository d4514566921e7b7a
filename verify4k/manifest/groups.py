"""One promise over several files: ``groups:`` -> entries for the files that are there or missing.

Captured parts of the paths say which files belong together. What a group needs and does not have
becomes a promise like any other, so that its absence is told by rule ``readable``.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from verify4k.documents.nodes import Mistake, Name, Pairs, Scalar
from verify4k.errors import CannotRead, ManifestError
from verify4k.files.targets import Outside
from verify4k.manifest.captures import read_pattern
from verify4k.options.groups import Member, Membership
from verify4k.options.kinds import (
    choice,
    collect,
    list_of,
    scalar,
    shown,
    text,
    unknown_key,
    whole_range,
    wrong,
)
from verify4k.options.sizes import split_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import Tree
    from verify4k.formats.facts import Size
    from verify4k.manifest.captures import CapturePattern
    from verify4k.options.kinds import Context, Range

ALIKE = ("size", "width", "height", "ratio", "format", "alpha", "mode", "bit-depth", "animation", "frames")
WORDS = ("files", "each", "by", "scale", "base", "count", "same", "same-set")
_LARGEST = 1_000_000
_count = whole_range("a number of files or a range like 2..10")
_alike = list_of(choice(*ALIKE))


class _Said(NamedTuple):
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


def group_entries(
    node: Node, tree: Tree, options: Sequence[str], context: Context
) -> list[tuple[Scalar, Node]]:
    """Return the entries that all groups stand for.

    Args:
        node: the value of ``groups:``.
        tree: where the files are.
        options: the keys that an entry may have.
        context: named sizes.

    Raises:
        ManifestError: with every mistake.
    """
    if not isinstance(node, Pairs):
        raise wrong(
            node, "expected a mapping from names to groups", "groups: {icons: {files: ..., each: ...}}"
        )
    readers = [
        lambda key=key, value=value: list(_entries(_group(key, value, options, context), tree))
        for key, value in node.pairs
    ]
    return [entry for entries in collect(readers) for entry in entries]  # type: ignore[arg-type]


def _group(key: Scalar, node: Node, options: Sequence[str], context: Context) -> Group:
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping", "{files: 'art/{name}-{theme}.png', each: name, same: size}")
    given = {name.text: value for name, value in node.pairs}
    if "files" not in given:
        raise wrong(node, "a group needs files", "files: 'shots/{locale}/*.png'")
    paths = list_of(text).parse(given["files"], context)
    names = tuple(dict.fromkeys(name for path in paths for name in read_pattern(path, {}).names))
    known = (*WORDS, *names, *options)
    mistakes = [
        unknown_key(name, known, "key of a group") for name, _ in node.pairs if name.text not in known
    ]
    if mistakes:
        raise ManifestError(mistakes)
    scale = _scale(given.get("scale"))
    by = scalar(given["by"], "a capture") if "by" in given else ""
    each = list_of(text).parse(given["each"], context) if "each" in given else ()
    for word, value in (("by", by), *(("each", name) for name in each)):
        if value and value not in names:
            raise wrong(given[word], f"{shown(value)} is no capture of {shown(paths[0])}", _captures(names))
    if scale and not by:
        raise wrong(given["scale"], "a scale needs to know by what", "by: density")
    values = {
        name: list_of(text).parse(given[name], context)
        for name in names
        if name in given and name not in WORDS
    }
    if scale:
        values[by] = tuple(scale)
    return Group(
        key.text,
        key,
        tuple(read_pattern(path, values) for path in paths),
        each or tuple(name for name in names if name not in values and name != by),
        by,
        scale,
        _base(given.get("base"), scale),
        _count.parse(given["count"], context) if "count" in given else None,
        _alike.parse(given["same"], context) if "same" in given else (),
        "same-set" in given and _truth(given["same-set"]),
        tuple((name, value) for name, value in node.pairs if name.text in options and name.text not in names),
    )


def _captures(names: Iterable[str]) -> str:
    listed = ", ".join(f"{{{name}}}" for name in names)
    return f"it has {listed}" if listed else "write one as {name}"


def _truth(node: Node) -> bool:
    word = scalar(node, "true or false")
    if word not in ("true", "false"):
        raise wrong(node, f"expected true or false, found {shown(word)}")
    return word == "true"


def _scale(node: Node | None) -> dict[str, float]:
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        raise wrong(
            node, "expected a mapping from captured text to factors", "{mdpi: 1, hdpi: 1.5, xhdpi: 2}"
        )
    found = {}
    for key, value in node.pairs:
        number = scalar(value, "a factor like 1.5").removesuffix("x")
        try:
            factor = float(number)
        except ValueError:
            factor = 0.0
        if not 0 < factor <= 1000:
            raise wrong(value, f"{shown(number)} is no factor", "write a number like 1.5")
        found[key.text] = factor
    return found


def _base(node: Node | None, scale: Mapping[str, float]) -> Size | None:
    if node is None:
        return None
    if not scale:
        raise wrong(node, "a base needs a scale", "scale: {mdpi: 1, hdpi: 1.5}")
    size = split_size(scalar(node, "a size like 48x48"))
    if size is None or not min(size) or max(size) * max(scale.values()) > _LARGEST:
        raise wrong(node, "the base is no size", "write it like 48x48")
    return size


def _entries(group: Group, tree: Tree) -> Iterator[tuple[Scalar, Node]]:
    found: dict[str, _Said] = {}
    for pattern in group.patterns:
        found.update(_found(group, pattern, tree))
    missing = {target: said for target, said in _missing(group, found) if target not in found}
    if not found and not missing:
        if all(tree.may_match_nothing(pattern.glob) for pattern in group.patterns):
            return
        message = f"the group {shown(group.name)} matches no file in {tree.name}"
        raise ManifestError([Mistake(group.key.place, message, "correct its files, or drop it")])
    members = Counter(_key(group, said.values) for said in found.values())
    for target, said in sorted({**found, **missing}.items()):
        name = Name(group.key.place, target, plain=False)
        yield name, _entry(group, said.values, members[_key(group, said.values)])


def _found(group: Group, pattern: CapturePattern, tree: Tree) -> dict[str, _Said]:
    try:
        tree.path(pattern.glob)  # the folder part must not leave, whatever matches
        targets = tree.expand(pattern.glob) if pattern.names or pattern.wild else [pattern.text]
    except Outside as error:
        raise ManifestError([Mistake(group.key.place, f"{shown(pattern.text)} {error}")]) from error
    except CannotRead as error:
        raise ManifestError([Mistake(group.key.place, error.message)]) from error
    said = {target: pattern.match(target) for target in targets}
    return {target: _Said(pattern, values) for target, values in sorted(said.items()) if values is not None}


def _missing(group: Group, found: Mapping[str, _Said]) -> Iterator[tuple[str, _Said]]:
    """Yield what a group needs: every pattern, each given value of a capture, each name of a same set."""
    keys = sorted({_key(group, said.values) for said in found.values()}) if group.each else [()]
    there = {(said.pattern.text, _fixed(group, said)) for said in found.values()}
    for pattern in group.patterns:
        given = _given(group, pattern)
        if pattern.wild or (not given and len(group.patterns) == 1):
            continue
        for key in keys:
            for values in product(*given.values()):
                wanted = {**dict(zip(group.each, key, strict=True)), **dict(zip(given, values, strict=True))}
                said = _completed(group, pattern, wanted, found)
                if said is not None and (pattern.text, _fixed(group, said)) not in there:
                    yield pattern.fill(said.values), said
    if group.same_set:
        for target, said in found.items():
            for key in keys:
                other = {**said.values, **dict(zip(group.each, key, strict=True))}
                yield _moved(group, target, said, other), _Said(said.pattern, other)


def _given(group: Group, pattern: CapturePattern) -> dict[str, Sequence[str]]:
    return {
        name: pattern.values[name]
        for name in pattern.names
        if name in pattern.values and name not in group.each
    }


def _fixed(group: Group, said: _Said) -> tuple[tuple[str, str], ...]:
    """Return what has to be there: the group's key and the given captures; others may be anything."""
    names = {*group.each, *_given(group, said.pattern)}
    return tuple(sorted((name, value) for name, value in said.values.items() if name in names))


def _completed(
    group: Group, pattern: CapturePattern, wanted: Mapping[str, str], found: Mapping[str, _Said]
) -> _Said | None:
    """Take captures that nobody gave from a neighbour; None where no neighbour has them."""
    free = [name for name in pattern.names if name not in wanted]
    for said in found.values() if free else ():
        if all(said.values.get(name) == wanted[name] for name in group.each if name in said.values):
            more = {name: said.values[name] for name in free if name in said.values}
            if len(more) == len(free):
                return _Said(pattern, {**wanted, **more})
    return None if free else _Said(pattern, wanted)


def _moved(group: Group, target: str, said: _Said, other: Mapping[str, str]) -> str:
    """Return the target that stands in another group where ``target`` stands in its own."""
    pattern = said.pattern
    if not pattern.wild:
        return pattern.fill(other)
    parts, names = pattern.text.split("/"), target.split("/")
    if len(parts) != len(names):  # with ** only whole folders can be told apart
        changed = {said.values[name]: other[name] for name in group.each}
        return "/".join(changed.get(part, part) for part in names)
    moved = []
    for part, name in zip(parts, names, strict=True):
        piece = name
        for each in group.each:
            if f"{{{each}}}" in part:
                piece = piece.replace(said.values[each], other[each], 1)
        moved.append(piece)
    return "/".join(moved)


def _key(group: Group, said: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(said.get(name, "") for name in group.each)


def _entry(group: Group, said: Mapping[str, str], members: int) -> Node:
    place = group.key.place
    pairs = list(group.entry)
    factor = group.scale.get(said.get(group.by, ""))
    if group.base is not None and factor is not None:
        width, height = (max(1, round(edge * factor)) for edge in group.base)
        pairs.append((Scalar(place, "size"), Scalar(place, f"{width}x{height}")))
    membership = Membership(
        group.name,
        _key(group, said),
        group.same,
        group.how_many,
        members,
        factor if group.base is None else None,
    )
    if membership.promises_something:
        pairs.append((Scalar(place, "in-group"), Member(place, membership)))
    return Pairs(place, tuple(pairs))


def groups_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``groups:``; captures and the options of entries are keys of their own."""
    words = {"type": "string", "minLength": 1}
    listed = {"anyOf": [words, {"type": "array", "minItems": 1, "items": words}]}
    group = {
        "type": "object",
        "required": ["files"],
        "properties": {
            "files": {**listed, "description": "paths with captures like {name}; wildcards are allowed"},
            "each": {**listed, "description": "the captures whose values set groups apart"},
            "by": {**words, "description": "the capture that the scale is about"},
            "scale": {
                "type": "object",
                "additionalProperties": {"type": ["number", "string"]},
                "description": "captured text -> factor of the base size; each has to be there",
            },
            "base": {"type": "string", "pattern": r"^\d+[xX×]\d+$", "description": "the size at factor 1"},
            "count": {**_count.schema, "description": "how many files each group has"},
            "same": {**_alike.schema, "description": "facts in which the files of a group agree"},
            "same-set": {"type": "boolean", "description": "every group has the same names"},
        },
    }
    return {
        "type": "object",
        "description": "one promise over several files; other keys: captures with their values, options",
        "additionalProperties": group,
    }
