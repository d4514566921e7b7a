"""Pictures in CSS: url() and image-set(), in style attributes, style elements and style sheets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import tinycss2

from verify4k.documents.nodes import Place
from verify4k.formats.registry import media_types, suffixes
from verify4k.named_tuple import NamedTuple
from verify4k.pages.fitting import fits_of
from verify4k.pages.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.pages.fitting import Fit

_PICTURES = frozenset(
    (
        *("background", "background-image", "border-image", "border-image-source", "content", "cursor"),
        *("list-style", "list-style-image", "mask", "mask-image", "mask-border", "mask-border-source"),
        *("-webkit-mask", "-webkit-mask-image", "-webkit-mask-box-image", "-webkit-mask-box-image-source"),
        *("-webkit-border-image", "-webkit-box-reflect", "shape-outside"),
    )
)
_SETS = ("image-set", "-webkit-image-set")
_DEEPEST = 50


class StyleSheet(NamedTuple):
    """What a style sheet says: of pictures, the URLs of the style sheets that it imports, what it fits."""

    references: tuple[Reference, ...]
    imports: tuple[str, ...]
    fits: tuple[Fit, ...]


def read_style_sheet(text: str, start: Place) -> StyleSheet:
    """Read a style sheet whose first character stands at ``start``."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    fits = tuple(fits_of(rules)) if "object-fit" in text.lower() else ()
    return StyleSheet(tuple(_in_rules(rules, start, 0)), tuple(_imports(rules)), fits)


def _imports(rules: Iterable[Any]) -> Iterator[str]:
    for rule in rules:
        if rule.type != "at-rule" or rule.lower_at_keyword not in ("import", "charset", "layer"):
            return  # an import behind anything else is none
        if rule.lower_at_keyword != "import":
            continue
        value = next((each for each in rule.prelude if each.type != "whitespace"), None)
        if value is None:
            continue
        if value.type in ("string", "url"):
            yield value.value
        elif value.type == "function" and value.lower_name == "url":
            yield from (each.value for each in value.arguments if each.type == "string")


def in_style_attribute(text: str, place: Place) -> Iterator[Reference]:
    """Yield the pictures of a style attribute; all of them stand at the tag."""
    for reference in _in_declarations(tinycss2.parse_blocks_contents(text), place, 0):
        yield reference._replace(place=place)


def _in_rules(rules: Iterable[Any], start: Place, depth: int) -> Iterator[Reference]:
    for rule in rules:
        if rule.type not in ("qualified-rule", "at-rule") or rule.content is None or depth > _DEEPEST:
            continue
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
            continue
        yield from _in_declarations(tinycss2.parse_blocks_contents(rule.content), start, depth)


def _in_declarations(content: Iterable[Any], start: Place, depth: int) -> Iterator[Reference]:
    for each in content:
        if each.type == "declaration":
            if each.lower_name in _PICTURES:
                yield from _in_values(each.value, start, depth)
            elif each.name.startswith("--"):  # a variable, which may hold anything
                found = _in_values(each.value, start, depth)
                yield from (one for one in found if is_picture(one.url))
        elif each.type in ("qualified-rule", "at-rule"):
            yield from _in_rules([each], start, depth + 1)


def is_picture(url: str) -> bool:
    """Whether a URL is a picture's by its name."""
    path = url.partition("#")[0].partition("?")[0]
    return os.path.splitext(path)[1].lower() in suffixes()


def _in_values(values: Iterable[Any], start: Place, depth: int) -> Iterator[Reference]:
    for value in values:
        if value.type == "url":
            yield Reference(value.value, _moved(start, value))
        elif value.type == "function" and value.lower_name == "url":
            yield from (Reference(a.value, _moved(start, a)) for a in value.arguments if a.type == "string")
        elif value.type == "function" and value.lower_name in _SETS:
            yield from _in_set(value.arguments, start)
        elif value.type == "function" and depth < _DEEPEST:
            yield from _in_values(value.arguments, start, depth + 1)


def _in_set(arguments: Iterable[Any], start: Place) -> Iterator[Reference]:
    """One option: a string or url(), then a resolution and perhaps type(...)."""
    for option in _split(arguments):
        reference: Reference | None = None
        for value in option:
            if reference is None and value.type in ("string", "url"):
                reference = Reference(value.value, _moved(start, value))
            elif reference is None:
                reference = next(_in_values([value], start, 0), None)
            elif value.type == "function" and value.lower_name == "type":
                said = "".join(a.value for a in value.arguments if a.type == "string").lower()
                form = media_types().get(said.partition(";")[0].strip())
                reference = reference._replace(format=(form,) if form else ())
        if reference is not None:
            yield reference


def _split(arguments: Iterable[Any]) -> Iterator[list[Any]]:
    option: list[Any] = []
    for value in arguments:
        if value.type == "literal" and value.value == ",":
            yield option
            option = []
        elif value.type not in ("whitespace", "comment"):
            option.append(value)
    yield option


def _moved(start: Place, node: Any) -> Place:
    """Return where a node stands in the file that the style sheet is part of."""
    column = node.source_column + (start.column - 1 if node.source_line == 1 else 0)
    return Place(start.path, start.line + node.source_line - 1, column)
