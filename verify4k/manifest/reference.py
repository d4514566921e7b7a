"""The reference of ``generate:`` and ``routes:`` as Markdown, from the declarations that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.manifest import routes
from verify4k.manifest.generation import GenerateDefaults, GenerateOptions
from verify4k.options.kinds import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.options.kinds import Kind


def generation_reference() -> str:
    """Return the page that ``explain generate`` and the docs show."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    defaults, entry = describe(GenerateDefaults), describe(GenerateOptions)
    yield "# Options of `generate:` and `routes:`"
    yield from ("", "## `generate:` at the top of the manifest, and in an entry", "")
    yield from _table(defaults)
    yield from ("", "## `generate:` in an entry only", "")
    yield from _table({key: value for key, value in entry.items() if key not in defaults})
    yield from ("", "## `routes: {NAME: ...}`", "")
    yield from _table(routes.declared())


def _table(declared: Mapping[str, tuple[Kind[Any], str]]) -> Iterator[str]:
    yield "| key | value | meaning |"
    yield "|---|---|---|"
    for key, (kind, doc) in declared.items():
        yield f"| `{key}` | {_cell(kind.words)} | {_cell(doc)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
