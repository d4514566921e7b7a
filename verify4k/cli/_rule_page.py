"""A rule's page as Markdown: its docstring, then its options and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.flow import flow
from verify4k.options.kinds import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.model import Problem
    from verify4k.rule import Example, Rule

# words and numbers without a sign that means something to YAML; a colon only before more of the word


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
    for heading, failing in (("Passes", False), ("Fails", True)):
        yield from ("", f"## {heading}", "")
        for example in rule.examples:
            if bool(example.problems) is failing:
                yield _example(example, chained=rule.along is not None)
                yield from (_found(problem, rule) for problem in example.problems)


def _example(example: Example, *, chained: bool) -> str:
    pictures = " and ".join(
        f"{p.width}x{p.height}"
        + (f" ({p.kind})" if p.kind != "plain" else "")
        + (f", {p.served}," if p.served else "")
        for p in example.files
    )
    if chained:
        first, last = example.files[0], example.files[-1]
        promise = flow({**example.promise, "from": first.name})
        return f"- {example.title}: {pictures} under `{first.name}:`, `{last.name}: {promise}`"
    lines = ", ".join(
        f"`{'https://.../' if p.served else ''}{p.name}: {flow(example.promise)}`"
        for p in example.files
        if p.kind != "unlisted"
    )
    if example.groups:
        names = " and ".join(p.name for p in example.files)
        lines = f"`groups: {flow(example.groups)}` for {names}"
    said = (
        f" and a .gitattributes with `{'; '.join(example.attributes.splitlines())}`"
        if example.attributes
        else ""
    )
    return f"- {example.title}: {pictures} under {lines}{said}"


def _found(problem: Problem, rule: Rule) -> str:
    severity = problem.severity or rule.severity
    return f"  - {severity}: {problem.message}; expected {problem.expected}, found {problem.actual}"
