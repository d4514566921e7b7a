"""`object-fit` in style sheets: pictures that the page itself crops or frames have no shape to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tinycss2

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verify4k.pages.reference import Reference

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_AS_BEFORE = ("fill", "initial", "unset", "inherit", "revert", "revert-layer")
_UNWRAPPED = ("where", "is")
_DEEPEST = 50  # rules within rules, and selectors within selectors
_MOST = 1000  # selectors of one page: pages in use have a few
_OPEN = 100  # tags around a tag


class Marks(NamedTuple):
    """What selectors tell of a tag: name, ``.class``, ``#id``, ``[attribute]``; its own, and around it."""

    own: frozenset[str]
    around: frozenset[str]


class Fit(NamedTuple):
    """The marks that a tag needs, and those around it; ``crops``: the picture fills its place."""

    own: frozenset[str]
    around: frozenset[str]
    crops: bool


class Around:
    """The tags that are open where a page is read."""

    def __init__(self) -> None:
        self._open: list[tuple[str, frozenset[str]]] = []

    def enter(self, tag: str, given: dict[str, str]) -> None:
        """Take in a tag that may have others inside."""
        if tag not in _VOID and len(self._open) < _OPEN:
            self._open.append((tag, _marks(tag, given)))

    def leave(self, tag: str) -> None:
        """Close a tag, and those inside that were left open."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def marks(self, tag: str, given: dict[str, str]) -> Marks:
        """Return what selectors can tell of a tag that stands here."""
        return Marks(_marks(tag, given), frozenset().union(*(marks for _, marks in self._open)))


def fits_of(rules: Iterable[Any], depth: int = 0) -> Iterator[Fit]:
    """Yield each selector of parsed rules that sets an ``object-fit`` other than ``fill``."""
    for rule in rules:
        if rule.type not in ("qualified-rule", "at-rule") or rule.content is None or depth > _DEEPEST:
            continue
        content = tinycss2.parse_blocks_contents(rule.content)
        if rule.type == "qualified-rule":
            for said in filter(None, map(_object_fit, content)):
                # a variable may hold anything: who crops needs the width, who frames does not
                yield from _selected(rule.prelude, crops=said == "cover")
        yield from fits_of(content, depth + 1)


def _object_fit(node: Any) -> str:
    if node.type != "declaration" or node.lower_name != "object-fit":
        return ""
    said = "".join(token.serialize() for token in node.value).strip().lower()
    return "" if said in _AS_BEFORE else said


def fitted(reference: Reference, fits: Sequence[Fit]) -> Reference:
    """Return what a page says of a picture's shape and width where style sheets fit it into its place."""
    marks = reference.marks
    if marks is None or (reference.shape is None and reference.least is None):
        return reference
    found = [fit for fit in fits[:_MOST] if fit.own <= marks.own and fit.around <= marks.around]
    if not found:
        return reference
    return reference._replace(shape=None, least=reference.least if all(fit.crops for fit in found) else None)


def _marks(tag: str, given: dict[str, str]) -> frozenset[str]:
    classes = [f".{name}" for name in given.get("class", "").split()]
    named = [f"#{given['id']}"] if given.get("id") else []
    return frozenset((tag, *classes, *named, *(f"[{name}]" for name in given)))


def _selected(prelude: Iterable[Any], *, crops: bool) -> Iterator[Fit]:
    selector: list[Any] = []
    for token in (*prelude, None):
        if token is not None and not (token.type == "literal" and token.value == ","):
            selector.append(token)
            continue
        compounds = _compounds(selector, 0)
        if compounds:
            yield Fit(frozenset(compounds[-1]), frozenset().union(*compounds[:-1]), crops)
        selector = []


def _compounds(tokens: Iterable[Any], depth: int) -> list[set[str]]:
    """Return the marks of each part of a selector, the tag's own last; empty for what is not understood."""
    parts: list[set[str]] = [set()]
    after = ""
    for token in tokens:
        said = token.value if token.type == "literal" else ""
        if said in (">", "+", "~") or token.type == "whitespace":
            if not parts[-1] and len(parts) > 1:
                parts.pop()
            if said in ("+", "~"):
                parts[-1] = set()  # what stands beside it is not known
            parts.append(set())
        elif said not in (".", ":", "*"):
            inner = _simple(token, after, depth)
            if not inner:
                return []
            parts[-1:] = [*inner[:-1], parts[-1] | inner[-1]]
        after = said
    return parts if parts[-1] or len(parts) == 1 else parts[:-1]


def _simple(token: Any, after: str, depth: int) -> list[set[str]]:
    if token.type == "ident":
        if after == ":":  # a state: it may be so
            return [set()]
        return [{f".{token.value}" if after == "." else token.value.lower()}]
    if token.type == "hash":
        return [{f"#{token.value}"}]
    if token.type == "[] block":
        return [{f"[{each.value.lower()}]" for each in token.content[:1] if each.type == "ident"}]
    if token.type == "function" and token.lower_name in _UNWRAPPED:
        several = any(each.type == "literal" and each.value == "," for each in token.arguments)
        return [] if several or depth >= _DEEPEST else _compounds(token.arguments, depth + 1)
    return [set()] if token.type in ("comment", "function") else []
