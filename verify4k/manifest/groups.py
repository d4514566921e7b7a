"""One promise over several files: ``groups:`` -> entries for the files that are there or missing.

Captured parts of the paths say which files belong together. What a group needs and does not have
becomes a promise like any other, so that its absence is told by rule ``readable``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Mistake, Name, Pairs, Scalar
from verify4k.errors import ManifestError
from verify4k.files.patterns import is_pattern
from verify4k.files.targets import spelled
from verify4k.manifest.captures import read_pattern
from verify4k.manifest.group_members import Group, NameMatch, find, key_of, missing_of
from verify4k.options.groups import Member, Membership
from verify4k.options.kinds import choice, collect, scalar, shown, text, whole_range, wrong
from verify4k.options.lists import list_of
from verify4k.options.sizes import split_size
from verify4k.options.unknown import unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import Tree
    from verify4k.formats.facts import Size
    from verify4k.options.kinds import Context

ALIKE = ("size", "width", "height", "ratio", "format", "alpha", "mode", "bit-depth", "animation", "frames")
WORDS = ("files", "each", "by", "scale", "base", "count", "same", "same-set")
_LARGEST = 1_000_000
_count = whole_range("a number of files or a range like 2..10")
_alike = list_of(choice(*ALIKE))


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
    paths = tuple(map(spelled, list_of(text).parse(given["files"], context)))
    names = tuple(dict.fromkeys(name for path in paths for name in read_pattern(path, {}).names))
    _refuse_unknown(node, (*WORDS, *names, *options))
    scale = _scale(given.get("scale"))
    by = scalar(given["by"], "a capture") if "by" in given else ""
    each = list_of(text).parse(given["each"], context) if "each" in given else ()
    for word, value in (("by", by), *(("each", name) for name in each)):
        if value and value not in names:
            raise wrong(given[word], f"{shown(value)} is no capture of {shown(paths[0])}", _captures(names))
    if scale and not by:
        raise wrong(given["scale"], "a scale needs to know by what", "by: density")
    listed = [name for name in names if name in given and name not in WORDS]
    values = {name: list_of(text).parse(given[name], context) for name in listed}
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


def _refuse_unknown(node: Pairs, known: tuple[str, ...]) -> None:
    mistakes = [
        unknown_key(name, known, "key of a group") for name, _ in node.pairs if name.text not in known
    ]
    if mistakes:
        raise ManifestError(mistakes)


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
    found: dict[str, NameMatch] = {}
    for pattern in group.patterns:
        found.update(find(group, pattern, tree))
    missing = {target: match for target, match in missing_of(group, found) if target not in found}
    if not found and not missing:
        if all(tree.may_match_nothing(pattern.glob) for pattern in group.patterns):
            return
        message = f"the group {shown(group.name)} matches no file in {tree.name}"
        raise ManifestError([Mistake(group.key.place, message, "correct its files, or drop it")])
    members = Counter(key_of(group, match.values) for match in found.values())
    for target, match in sorted({**found, **missing}.items()):
        name = Name(group.key.place, target, plain=False)
        makeable = target in found or not is_pattern(target)  # nobody knows the names of an empty group
        yield name, _entry(group, match.values, members[key_of(group, match.values)], makeable=makeable)


def _entry(group: Group, captured: Mapping[str, str], members: int, *, makeable: bool) -> Node:
    place = group.key.place
    pairs = [pair for pair in group.entry if makeable or pair[0].text != "generate"]
    factor = group.scale.get(captured.get(group.by, ""))
    if group.base is not None and factor is not None:
        width, height = (max(1, round(edge * factor)) for edge in group.base)
        pairs.append((Scalar(place, "size"), Scalar(place, f"{width}x{height}")))
    membership = Membership(
        group.name,
        key_of(group, captured),
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
