"""`from:` of entries: which asset each one comes from, with a mistake for what leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.files.targets import spelled
from verify4k.files.urls import is_url
from verify4k.options.kinds import shown
from verify4k.suggest import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.documents.nodes import Scalar
    from verify4k.model import Asset

    Wish = tuple[Scalar, Scalar]  # the entry's key, and what its from: says

_LONGEST = 50  # artifacts of one chain


def linked(assets: Sequence[Asset], wishes: Mapping[str, Wish]) -> tuple[tuple[Asset, ...], list[Mistake]]:
    """Return the assets with their sources, and a mistake for each that cannot be one.

    Args:
        assets: everything that is promised.
        wishes: by target, for those whose entry has a ``from:``.
    """
    targets = {asset.target: asset for asset in assets}
    mistakes: list[Mistake] = []
    found = {}
    for target, (key, wish) in wishes.items():
        source = _filled(_clean(wish.text), _clean(key.text), target)
        said = _objection(target, source, targets)
        if said is None:
            found[target] = source
        else:
            mistakes.append(Mistake(wish.place, *said))
    mistakes += _circles(found, wishes) or _too_long(found, wishes)
    made = [asset.replaced(made_from=found.get(asset.target)) for asset in assets]
    return tuple(made), mistakes


def _objection(target: str, source: str, targets: Mapping[str, Asset]) -> tuple[str, str] | None:
    if source == target:
        return f"{shown(target)} cannot come from itself", "name what it was made from"
    if source in targets:
        return None
    answers = [each for each in targets if each.startswith(f"{source} [accept: ")]
    if answers:
        return (
            f"{shown(source)} has {len(answers)} variants, and from: means one",
            f"write one as the report calls it, like {answers[0]}",
        )
    near = suggest(source, targets)
    hint = f"did you mean {near}?" if near else "give it an entry of its own, even an empty one"
    return f"nothing is promised of {shown(source)}, so nothing can come from it", hint


def _circles(found: Mapping[str, str], wishes: Mapping[str, Wish]) -> list[Mistake]:
    """Return one mistake for each circle, at its first entry."""
    mistakes = []
    done: set[str] = set()
    for start in found:
        way: dict[str, None] = {}
        at = start
        while at in found and at not in done and at not in way:
            way[at] = None
            at = found[at]
        if at in way:
            circle = list(way)[list(way).index(at) :]
            told = " <- ".join(shown(each) for each in (*circle, at))
            place = wishes[circle[0]][1].place
            mistakes.append(Mistake(place, f"this goes in a circle: {told}", "drop one from:"))
        done.update(way)  # `|=` with keys would copy all that is done, each time
    return mistakes


def _too_long(found: Mapping[str, str], wishes: Mapping[str, Wish]) -> list[Mistake]:
    lengths: dict[str, int] = {}
    for start in found:
        way = []
        at = start
        while at in found and at not in lengths:
            way.append(at)
            at = found[at]
        length = lengths.get(at, 1)
        for each in reversed(way):
            length += 1
            lengths[each] = length
            if length > _LONGEST:
                said = f"this is the end of a chain of more than {_LONGEST}"
                return [
                    Mistake(wishes[each][1].place, said, "leave out steps that nobody needs to tell apart")
                ]
    return []


def _clean(text: str) -> str:
    text = text.strip()
    return text if is_url(text) else spelled(text)


def _filled(source: str, key: str, target: str) -> str:
    """Put what the pattern's one ``*`` stands for where the source's is."""
    before, star, after = key.partition("*")
    if source.count("*") != 1 or not star or "*" in after:
        return source
    if not (target.startswith(before) and target.endswith(after)):
        return source
    return source.replace("*", target[len(before) : len(target) - len(after)])
