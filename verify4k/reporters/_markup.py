"""Foreign text in GitHub-flavoured Markdown: nothing in it is markup, a link or a table's edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

# Entities, not backslashes: those are shown as they are inside <code> and in tables of old renderers.
_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "&<>|`*_[]{}#!~\\\"'$@:+"})


def marked(text: str) -> str:
    """Return ``text`` as Markdown that shows it as it is."""
    return printable(text).translate(_SIGNS).replace("www.", "www&#46;")


def code(text: str) -> str:
    """Return ``text`` in a fixed-width font."""
    return f"<code>{marked(text)}</code>" if text else ""


def row(cells: Iterable[str]) -> str:
    """Return a row of a table; cells are Markdown already."""
    return f"| {' | '.join(cells)} |"
