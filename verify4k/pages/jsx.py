"""What React components of a Next.js app say of pictures: `<Image>` of ``next/image``, in literals.

Nothing is run: an attribute that is no literal says nothing, and a tag that takes attributes from
elsewhere (``{...props}``) is left alone, since these may replace what is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from verify4k.documents.text import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.nodes import Place

_MODULE = r"['\"]next/(?:legacy/|future/)?image['\"]"
_COMPONENTS = (
    re.compile(rf"\bimport\s+(\w+)\s*(?:,\s*\{{[^}}]*\}}\s*)?from\s*{_MODULE}"),
    re.compile(rf"\bimport\s*\{{\s*default\s+as\s+(\w+)[^}}]*\}}\s*from\s*{_MODULE}"),
    re.compile(rf"\b(?:const|var|let)\s+(\w+)\s*=\s*require\(\s*{_MODULE}\s*\)"),
)
_PICTURE = re.compile(
    r"\bimport\s+(\w+)\s+from\s*['\"]([^'\"\n]+\.(?:png|jpe?g|webp|avif|gif|svg))['\"]", re.IGNORECASE
)
_COMMENT = re.compile(r"(\"[^\"\n]*\"|'[^'\n]*')|/\*.*?\*/|(?<![^\s;{}])//[^\n]*", re.DOTALL)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_NAME = re.compile(r"[A-Za-z_][\w:-]*")
_LITERAL = re.compile(r"\{\s*(?:\"([^\"\\]*)\"|'([^'\\]*)'|`([^`\\$]*)`|(\w+))\s*\}|\"([^\"]*)\"|'([^']*)'")
_LONGEST = 20_000  # characters of one tag


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
    for match in re.finditer(rf"<(?:{'|'.join(sorted(names))})(?=[\s/>])", text):
        read = _attributes(text, match.end())
        if read is None:
            continue
        literal, unknown = read
        src = literal.get("src", "")
        name = unknown.get("src", "")
        if src or name in pictures:
            others = frozenset(unknown) - {"src"}
            yield ImageTag(src or pictures[name], not src, lines.place(match.start()), literal, others)


def _attributes(text: str, at: int) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return the literal attributes, and the code of the others; None for a tag that is not closed."""
    literal: dict[str, str] = {}
    unknown: dict[str, str] = {}
    end = min(len(text), at + _LONGEST)
    while at < end:
        if text[at] == ">" or text.startswith("/>", at):
            return literal, unknown
        if text[at] == "{":  # {...props}
            return None
        name = _NAME.match(text, at)
        if name is None:
            at += 1
            continue
        at = name.end()
        equals = re.compile(r"\s*=\s*").match(text, at)
        if equals is None:
            literal[name[0]] = ""
            continue
        at = _end_of_value(text, equals.end(), end)
        written = text[equals.end() : at]
        value = _LITERAL.fullmatch(written)
        word = "" if value is None else value[4] or ""
        if value is None or (word and not word.isdigit() and word != "true"):
            unknown[name[0]] = word
        else:
            literal[name[0]] = next((group for group in value.groups() if group is not None), "")
    return None


def _end_of_value(text: str, at: int, end: int) -> int:
    """Return where an attribute's value is over: a string, or braces that match."""
    depth = 0
    while at < end:
        string = _STRING.match(text, at)
        at = string.end() if string else at + 1
        if string is None:
            depth += {"{": 1, "}": -1}.get(text[at - 1], 0)
        if depth <= 0:
            return at
    return end
