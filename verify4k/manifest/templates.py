"""Entries that stand for several: `for:` lists that fill `{names}` in, and `variants:` of one URL."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Items, Mistake, Pairs, Scalar
from verify4k.errors import ManifestError
from verify4k.files.urls import is_url
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import scalar, shown, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.nodes import Node

KEYS = ("for", "variants")
_MOST = 10_000  # of one entry
_NAME = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)\}")
_FOR = "for: {width: [3840, 2560], name: [hero, team]}"
_VARIANTS = "variants: [{accept: image/avif, format: avif}, {accept: image/png, format: png}]"


class ExpandedEntry(NamedTuple):
    """One entry as if it had been written by itself. ``variant`` tells it from the others of its URL."""

    key: Scalar
    value: Node
    variant: str = ""


def written(key: Scalar, value: Node) -> tuple[ExpandedEntry, ...]:
    """Return what an entry stands for, in the order of its lists. Raises `ManifestError`."""
    if isinstance(value, Pairs) and any(name.text in KEYS for name, _ in value.pairs):
        return tuple(_each(key, value))
    return (ExpandedEntry(key, value),)


def _each(key: Scalar, value: Pairs) -> Iterator[ExpandedEntry]:
    given = {name.text: (name, node) for name, node in value.pairs if name.text in KEYS}
    rest = Pairs(value.place, tuple(pair for pair in value.pairs if pair[0].text not in KEYS))
    lists = _lists(given["for"][1]) if "for" in given else {}
    if lists:
        _check_names(key, lists)
    if "variants" in given and not is_url(key.text.strip()):
        raise wrong(given["variants"][0], "variants are of URLs: a file is the same for everyone")
    variants = _variants(given["variants"][1]) if "variants" in given else [None]
    for values in product(*lists.values()):
        filled = dict(zip(lists, values, strict=True))
        here = key._replace(text=_fill(key.text, filled)) if filled else key
        for variant in variants:
            own = rest if variant is None else _over(rest, variant)
            name = "" if variant is None else _named(variant, filled)
            yield ExpandedEntry(here, _filled(own, filled), name)


def _lists(node: Node) -> dict[str, tuple[str, ...]]:
    if not isinstance(node, Pairs) or not node.pairs:
        raise wrong(node, "for: maps names to lists", _FOR)
    found = {}
    total = 1
    for name, value in node.pairs:
        if not _NAME.fullmatch(f"{{{name.text}}}"):
            raise wrong(name, f"{shown(name.text)} cannot be a name in braces", "letters, digits, - and _")
        items = value.items if isinstance(value, Items) else (value,)
        found[name.text] = tuple(dict.fromkeys(scalar(item, "a text or number") for item in items))
        total *= len(found[name.text])
        if not items:
            raise wrong(value, f"the list of {name.text} is empty", _FOR)
    if total > _MOST:
        raise wrong(
            node, f"this stands for {total} entries; the limit is {_MOST}", "write fewer or shorter lists"
        )
    return found


def _check_names(key: Scalar, lists: Mapping[str, object]) -> None:
    used = _NAME.findall(key.text)
    unknown = [name for name in used if name not in lists]
    unused = [name for name in lists if name not in used]
    if unknown:
        from verify4k.suggest import suggest

        near = suggest(unknown[0], lists)
        hint = f"did you mean {{{near}}}?" if near else f"for: knows {', '.join(lists)}"
        raise wrong(key, f"for: says nothing of {{{unknown[0]}}}", hint)
    if unused:
        said = f"the name does not say where {{{unused[0]}}} goes, so all would be the same"
        raise wrong(key, said, f"write {{{unused[0]}}} into it, or take it out of for:")


def _variants(node: Node) -> list[Pairs | None]:
    if not isinstance(node, Items) or not node.items:
        raise wrong(node, "variants: is a list of mappings, each with its accept:", _VARIANTS)
    found: list[Pairs | None] = []
    seen: dict[str, Node] = {}
    mistakes = []
    for item in node.items:
        accept = _accept(item)
        if not isinstance(item, Pairs) or accept is None:
            mistakes.append(Mistake(item.place, "a variant is a mapping with its accept:", _VARIANTS))
            continue
        if accept in seen:
            said = f"a variant with this accept stands in line {seen[accept].place.line} already"
            mistakes.append(Mistake(item.place, said, "keep one"))
        seen[accept] = item
        found.append(item)
    if mistakes:
        raise ManifestError(mistakes)
    return found


def _accept(node: Node) -> str | None:
    if isinstance(node, Pairs):
        for name, value in node.pairs:
            if name.text == "accept" and isinstance(value, Scalar) and value.text.strip():
                return value.text.strip()
    return None


def _named(variant: Pairs, filled: Mapping[str, str]) -> str:
    return f"accept: {_fill(_accept(variant) or '', filled)}"


def _over(entry: Pairs, variant: Pairs) -> Pairs:
    """Lay a variant over its entry: what it names, it says itself."""
    own = {name.text for name, _ in variant.pairs}
    return Pairs(entry.place, (*(pair for pair in entry.pairs if pair[0].text not in own), *variant.pairs))


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: values.get(found[1], found[0]), text)


def _filled(node: Node, values: Mapping[str, str]) -> Node:
    """Return a node with the names in its values filled in; its keys stay."""
    if not values:
        return node
    if isinstance(node, Scalar):
        return node._replace(text=_fill(node.text, values))
    if isinstance(node, Items):
        return node._replace(items=tuple(_filled(item, values) for item in node.items))
    return node._replace(pairs=tuple((name, _filled(value, values)) for name, value in node.pairs))
