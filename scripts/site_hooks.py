"""What MkDocs is told besides mkdocs.yml: one title a page, and nothing loaded from elsewhere."""

from __future__ import annotations

import re
from typing import Any

_TITLES = {"rules.md": "Rules"}
_DIALOG = 'data-md-component="search" role="dialog"'
_SHIM = "https://unpkg.com/iframe-worker/shim"  # what the theme would load to search without a server


def on_page_markdown(markdown: str, page: Any, **_given: Any) -> str:
    """Put a title over the page of all rules, so that there is one first heading and one list of contents."""
    title = _TITLES.get(page.file.src_uri)
    if title is None:
        return markdown
    fenced, lines = False, []
    for line in markdown.splitlines():
        fenced ^= line.startswith("```")
        lines.append(f"#{line}" if not fenced and re.match(r"#{1,5} ", line) else line)
    return f"# {title}\n\n" + "\n".join(lines)


def on_post_page(output: str, page: Any, **_given: Any) -> str:
    """Load the search's shim from beside the page, and name its dialog for screen readers."""
    return _mended(output, "../" * page.url.count("/"))


def on_post_template(output_content: str, template_name: str, **_given: Any) -> str:
    """Do the same to 404.html, which is shown at any address."""
    return _mended(output_content, "/") if template_name == "404.html" else output_content


def _mended(output: str, root: str) -> str:
    named = output.replace(_DIALOG, f'{_DIALOG} aria-label="Search"')
    return named.replace(_SHIM, f"{root}assets/iframe-worker.js")
