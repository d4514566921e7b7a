"""PyYAML's syntax errors in words that say what to change, whichever parser found them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Place
from verify4k.documents.text import quoted
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    import yaml

    from verify4k.documents.text import Lines


class _Case(NamedTuple):
    """What libyaml and PyYAML say, and what we say. ``opened``: point at what was begun."""

    said: str
    message: str
    hint: str
    opened: bool = False


_QUOTE = "put quotes around it"
_ALIGN = "give the keys of one mapping the same indentation, and quote text that begins with a sign"

_CASES = tuple(
    _Case(*case)
    for case in (
        ("an alias.*alphabetic", "* begins an alias in YAML", "put quotes around {word}", True),
        ("an anchor.*alphabetic", "& begins an anchor in YAML", "put quotes around {word}", True),
        ("cannot start any token", "{char} cannot begin a value", _QUOTE),
        (
            "mapping values are not allowed",
            "a ':' where no key can end",
            "quote a value that holds ': ', fix the indentation, or put a space behind the colon above it",
        ),
        (
            "simple key.*could not find expected ':'",
            "this line has no ':' that makes it a key",
            "write `key: value`",
            True,
        ),
        (
            "quoted scalar.*(end of stream|document)",
            "this quote is never closed",
            "close it with the same sign",
            True,
        ),
        (
            "unknown escape",
            "no such escape in double quotes",
            "use single quotes, or write \\\\ for a backslash",
        ),
        (
            "hexadecimal|hexdecimal|invalid Unicode",
            "an escape that names no character",
            "write \\u and four hexadecimal digits; an emoji has eight and \\U, or stands for itself",
        ),
        (
            "',' or '\\]'",
            "this list is not closed: ',' or ']' was expected {where}",
            "close it with ]",
            True,
        ),
        (
            "',' or '}'",
            "this mapping is not closed: ',' or '}}' was expected {where}",
            "close it with }}",
            True,
        ),
        ("block mapping.*expected", "this does not fit the mapping that begins on line {opened}", _ALIGN),
        (
            "block collection.*expected",
            "this does not fit the list that begins on line {opened}",
            "begin each item with '- ', in one column",
        ),
        ("sequence entries are not allowed", "a list cannot begin here", "put it on the lines below its key"),
        (
            "block scalar",
            "this does not fit the block text (| or >) that begins on line {opened}",
            "indent its lines with spaces",
        ),
        ("tag", "YAML tags are not supported", "quote text that begins with !"),
        (
            "node content.* at the end",
            "the manifest ends inside a list or mapping",
            "close it with ] or }}",
            True,
        ),
        ("node content", "a value was expected here", "remove the sign, or put quotes around the text"),
        (
            "<document start>",
            "this does not belong to what stands above",
            "one manifest a file, indented alike",
        ),
        ("directive|incompatible YAML", "unusable YAML directive", "remove the line that begins with %"),
    )
)


def syntax_mistake(error: yaml.MarkedYAMLError, text: str, lines: Lines) -> Mistake:
    """Return the one mistake that ``error`` is about."""
    problem = _place(error.problem_mark, lines) or Place(lines.path, 1, 1)
    opened = _place(error.context_mark, lines) or problem
    offset = lines.offset(problem.line, problem.column)
    if tab := _tab(text, lines.offset(problem.line, 1), offset):
        place = problem._replace(column=tab)
        return Mistake(place, "a tab where YAML wants spaces", "indent with spaces only")
    where = f"on line {problem.line}" if text[offset:].strip() else "at the end"
    said = f"{error.context}: {error.problem} {where}"
    case = next((case for case in _CASES if re.search(case.said, said)), None)
    if case is None:
        return Mistake(problem, f"not YAML: {error.problem}")
    place = opened if case.opened else problem
    if case.said == "unknown escape" and text[offset : offset + 1] != "\\":
        place = place._replace(column=place.column - 1)  # PyYAML points behind the backslash
    filled = {
        "char": quoted(text[offset : offset + 1]),
        "word": quoted(_word(text, lines.offset(opened.line, opened.column))),
        "where": where,
        "opened": str(opened.line),
    }
    return Mistake(place, case.message.format(**filled), case.hint.format(**filled))


def escape_mistake(place: Place) -> Mistake:
    """Return the mistake of an escape beyond the last character of Unicode."""
    case = next(case for case in _CASES if "invalid Unicode" in case.said)
    return Mistake(place, case.message, case.hint)


def _place(mark: yaml.Mark | None, lines: Lines) -> Place | None:
    return None if mark is None else Place(lines.path, mark.line + 1, mark.column + 1)


def _tab(text: str, start: int, offset: int) -> int:
    """Return the column of a tab at ``offset`` or in the indentation of its line, 0 without one."""
    indent = re.compile(r"(?: |- )*\t").match(text, start)
    if indent is not None:
        return indent.end() - start
    return offset - start + 1 if text.startswith("\t", offset) else 0


def _word(text: str, start: int) -> str:
    """Return what was probably meant as one text: up to the colon or the end of the line."""
    found = re.compile(r"[^\s]*?(?=:?(?:\s|$))").match(text, start)
    return "" if found is None else found[0]
