"""What MkDocs is told besides mkdocs.yml: pages that are generated, and nothing loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_DIALOG = 'data-md-component="search" role="dialog"'
_SHIM = "https://unpkg.com/iframe-worker/shim"  # what the theme would load to search without a server


def on_config(config: Any, **_given: Any) -> Any:
    """Put the pages of a folder where ``nav`` names it (``rules/``), its index first: no list to keep."""
    config.nav = _expanded(config.nav, Path(config.docs_dir))
    return config


def _expanded(nav: list[Any], docs: Path) -> list[Any]:
    return [_entry(each, docs) for each in nav]


def _entry(entry: Any, docs: Path) -> Any:
    if isinstance(entry, dict):
        return {
            title: _expanded(inner, docs) if isinstance(inner, list) else inner
            for title, inner in entry.items()
        }
    if not entry.endswith("/"):
        return entry
    index = docs / entry / "index.md"
    title = index.read_text("utf-8").partition("\n")[0].lstrip("# ")
    pages = sorted(path.name for path in index.parent.glob("*.md") if path != index)
    return {title: [f"{entry}index.md", *(f"{entry}{name}" for name in pages)]}


def on_post_page(output: str, page: Any, **_given: Any) -> str:
    """Load the search's shim from beside the page, and name its dialog for screen readers."""
    return _mended(output, "../" * page.url.count("/"))


def on_post_template(output_content: str, template_name: str, **_given: Any) -> str:
    """Do the same to 404.html, which is shown at any address."""
    return _mended(output_content, "/") if template_name == "404.html" else output_content


def _mended(output: str, root: str) -> str:
    named = output.replace(_DIALOG, f'{_DIALOG} aria-label="Search"')
    return named.replace(_SHIM, f"{root}assets/iframe-worker.js")
