"""What React components of a Next.js app say of pictures: `<Image>` of ``next/image``, in literals.

Nothing is run: an attribute that is no literal says nothing, and a tag that takes attributes from
elsewhere (``{...props}``) is left alone, since these may replace what is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.text import Lines
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.nodes import Place

_MODULE = r"['\"]next/(?:legacy/|future/)?image['\"]"
_COMPONENTS = (
    re.compile(rf"\bimport\s+(\w+)\s*(?:,\s*\{{[^}}]{{0,2000}}\}}\s*)?from\s*{_MODULE}"),
    re.compile(rf"\bimport\s*\{{\s*default\s+as\s+(\w+)[^}}]{{0,2000}}\}}\s*from\s*{_MODULE}"),
    re.compile(rf"\b(?:const|var|let)\s+(\w+)\s*=\s*require\(\s*{_MODULE}\s*\)"),
)
_PICTURE = re.compile(
    r"\bimport\s+(\w+)\s+from\s*['\"]([^'\"\n]{1,500}\.(?:png|jpe?g|webp|avif|gif|svg))['\"]", re.IGNORECASE
)
_COMMENT = re.compile(r"(\"[^\"\n]*\"|'[^'\n]*')|/\*.*?(?:\*/|\Z)|(?<![^\s;{}])//[^\n]*", re.DOTALL)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_EQUALS = re.compile(r"\s*=\s*")
_SPREAD = "{...}"
_NAME = re.compile(r"[A-Za-z_][\w:-]*")
_LITERAL = re.compile(r"\{\s*(?:\"([^\"\\]*)\"|'([^'\\]*)'|`([^`\\$]*)`|(\w+))\s*\}|\"([^\"]*)\"|'([^']*)'")
_LONGEST = 20_000  # characters of one tag
_MOST_OPEN = 20  # tags that are not closed: a text with more of them is none of these components


class ImageTag(NamedTuple):
    """One `<Image>`. ``src`` as written, or the module path of an imported picture (``imported``)."""

    src: str
    imported: bool
    place: Place
    attributes: Mapping[str, str]  # literal ones; an attribute without a value is ""
    unknown: frozenset[str]  # attributes whose value is code


def image_tags(text: str, path: str) -> Iterator[ImageTag]:
    """Yield every tag whose picture is named literally."""
    text = _COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
    names = {name for pattern in _COMPONENTS for name in pattern.findall(text)}
    if not names:
        return
    pictures = dict(_PICTURE.findall(text))
    lines = Lines(text, path)
    left, at = _MOST_OPEN, 0
    for match in re.finditer(rf"<(?:{'|'.join(sorted(names))})(?=[\s/>])", text):
        if match.start() < at:  # inside an attribute of the last one
            continue
        literal, unknown, at = _attributes(text, match.end())
        left -= not at
        if not left:
            return
        if not at or _SPREAD in unknown:
            continue
        src = literal.get("src", "")
        name = unknown.get("src", "")
        if src or name in pictures:
            others = frozenset(unknown) - {"src"}
            yield ImageTag(src or pictures[name], not src, lines.place(match.start()), literal, others)


def _attributes(text: str, at: int) -> tuple[dict[str, str], dict[str, str], int]:
    """Return the literal attributes, the code of the others, and where the tag ends; 0: nowhere near."""
    literal: dict[str, str] = {}
    unknown: dict[str, str] = {}
    end = min(len(text), at + _LONGEST)
    while at < end:
        if text[at] == ">" or text.startswith("/>", at):
            return literal, unknown, at
        name = _NAME.match(text, at)
        if name is None:
            if text[at] == "{":
                unknown[_SPREAD] = ""
            at = _end_of_value(text, at, end)
            continue
        equals = _EQUALS.match(text, name.end())
        at = name.end() if equals is None else _end_of_value(text, equals.end(), end)
        if equals is None:
            literal[name[0]] = ""
            continue
        value = _LITERAL.fullmatch(text, equals.end(), at)
        word = "" if value is None else value[4] or ""
        if value is None or (word and not word.isdigit() and word != "true"):
            unknown[name[0]] = word
        else:
            literal[name[0]] = next((group for group in value.groups() if group is not None), "")
    return literal, unknown, 0


def _end_of_value(text: str, at: int, end: int) -> int:
    """Return where an attribute's value is over: a string, or braces that match."""
    depth = 0
    while at < end:
        string = _STRING.match(text, at, end)
        at = string.end() if string else at + 1
        if string is None:
            depth += {"{": 1, "}": -1}.get(text[at - 1], 0)
        if depth <= 0:
            return at
    return end
