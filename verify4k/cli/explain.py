"""Explain a rule: what it checks, why, its options, examples that pass and fail, what to fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.rule import Rule

GROUP = "Check"


@click.command(cls=Command)
@click.argument("rule", required=False, metavar="[RULE]")
@click.option("--all", "everything", is_flag=True, help="Show the pages of all rules.")
def command(rule: str | None, *, everything: bool) -> int:
    """Show the page of RULE (Markdown), or of the options `generate`, or of all `importers`."""
    from verify4k.cli._rule_page import page
    from verify4k.errors import UsageError
    from verify4k.rules import all_rules

    rules = all_rules()
    if everything and rule is not None:
        raise click.UsageError("--all shows every page: leave RULE out")
    if everything:
        emit("\n\n".join(page(each) for each in rules.values()))
        return 0
    if rule == "generate":
        from verify4k.manifest.reference import generation_reference

        emit(generation_reference())
        return 0
    if rule == "importers":
        from verify4k.importers import reference

        emit(reference())
        return 0
    if rule is None:
        raise click.UsageError("name a rule, or give --all")
    if rule not in rules:
        raise UsageError(f"there is no rule {rule[:60]!a}", _meant(rule.lower(), rules))
    emit(page(rules[rule]))
    return 0


def _meant(word: str, rules: Mapping[str, Rule]) -> str:
    """Return what to ask instead: the rule to which an option belongs, or a name like this one."""
    from verify4k.options.kinds import describe
    from verify4k.suggest import suggest

    owners = [
        name for name, one in rules.items() if one.options is not None and word in describe(one.options)
    ]
    if owners:
        return f"{word} is an option of {owners[0]}: verify4k explain {owners[0]}"
    near = suggest(word, rules)
    return f"did you mean {near}?" if near else "verify4k rules lists all of them"
