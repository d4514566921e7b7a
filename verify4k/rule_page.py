"""A rule's page as Markdown: its docstring, then its options and examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from verify4k.options.kinds import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.rule import Example, Rule


def page(rule: Rule) -> str:
    """Return the page that ``explain``, the docs and SARIF show."""
    return "\n".join(_lines(rule)).rstrip()


def _lines(rule: Rule) -> Iterator[str]:
    title, _, body = rule.page.partition("\n")
    yield f"# {rule.id}"
    yield ""
    yield f"**{title}**"
    yield body.rstrip()
    yield ""
    state = f"{rule.severity} by default" if rule.enabled else "off by default"
    yield f"Severity: {state}; `rules: {{{rule.id}: error|warning|note|off}}` changes it."
    if rule.options is not None:
        yield from ("", "## Options", "")
        for key, (kind, doc) in describe(rule.options).items():
            yield f"- `{key}: {kind.words}`: {doc}"
    for heading, fails in (("Passes", False), ("Fails", True)):
        yield from ("", f"## {heading}", "")
        yield from (_example(example) for example in rule.examples if example.fails is fails)


def _example(example: Example) -> str:
    pictures = ", ".join(
        f"`{p.name}` ({p.width}x{p.height}" + (f", {p.kind}" if p.kind != "plain" else "") + ")"
        for p in example.files
    )
    promise = f" with `{json.dumps(example.promise)}`" if example.promise else ""
    return f"- {example.title}: {pictures}{promise}"
