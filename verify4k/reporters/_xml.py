"""XML 1.0 from foreign text: no markup, no characters that XML forbids even as references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_FORBIDDEN = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})


def escaped(text: str) -> str:
    r"""Return ``text`` for an attribute or an element; control characters as ``\xNN``."""
    whole = printable(text).translate(_FORBIDDEN).translate(_MARKUP)
    return whole.replace("##", "#&#35;").replace("::", ":&#58;")  # no commands to CI runners either


def block(lines: list[str]) -> str:
    """Return lines for an element, each escaped, broken as they are."""
    return "\n".join(escaped(line) for line in lines)


def tag(name: str, attributes: Mapping[str, str | int], content: str | None = None) -> str:
    """Return an element; ``content`` is XML already."""
    head = name + "".join(f' {key}="{escaped(str(value))}"' for key, value in attributes.items())
    return f"<{head}/>" if content is None else f"<{head}>{content}</{name}>"
