"""A rule's page as HTML: of Markdown what rules' pages use, which is headings, lists, bold and code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.reporters._xml import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKED = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<bold>(?:`[^`]+`|[^`])+?)\*\*")


def inline(text: str) -> str:
    """Return words with `code` and **bold** as HTML; all else is text."""
    told, end = [], 0
    for found in _MARKED.finditer(text):
        told.append(escaped(text[end : found.start()]))
        code, bold = found["code"], found["bold"]
        told.append(f"<code>{escaped(code)}</code>" if code else f"<strong>{inline(bold)}</strong>")
        end = found.end()
    return "".join((*told, escaped(text[end:])))


def as_html(page: str) -> str:
    """Return a page without its first heading, which stands above it already."""
    return "".join(part for block in re.split(r"\n{2,}", page.strip()) for part in _block(block))


def _block(block: str) -> Iterator[str]:
    lines = block.split("\n")
    if block.startswith("# "):
        return
    if block.startswith("#"):
        yield f"<h3>{inline(block.lstrip('# '))}</h3>"
        return
    start = next((number for number, line in enumerate(lines) if line.startswith("- ")), len(lines))
    if start:
        yield f"<p>{inline(' '.join(lines[:start]))}</p>"
    if start < len(lines):
        yield _list(lines[start:], "- ")


def _list(lines: Sequence[str], sign: str) -> str:
    """Return a list; an item's further lines are its words, or items of a list inside it."""
    items: list[tuple[list[str], list[str]]] = []
    for line in lines:
        if line.startswith(sign):
            items.append(([line.removeprefix(sign)], []))
        elif line.startswith(f"  {sign}") or items[-1][1]:
            items[-1][1].append(line)
        else:
            items[-1][0].append(line.strip())
    told = (
        f"<li>{inline(' '.join(words))}{_list(inner, f'  {sign}') if inner else ''}</li>"
        for words, inner in items
    )
    return f"<ul>{''.join(told)}</ul>"
