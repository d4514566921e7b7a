"""List the rules: what each claims and how bad a problem is by default."""

from __future__ import annotations

import os
import sys

import click

from verify4k.cli import Command
from verify4k.cli._output import colour_wanted, emit, styled

GROUP = "Check"


@click.command(cls=Command)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> int:
    """List all rules; `verify4k explain RULE` shows one whole."""
    from verify4k.rules import all_rules

    rules = all_rules().values()
    if form == "json":
        import json

        rows = [
            {
                "id": r.id,
                "title": r.title,
                "severity": r.severity,
                "enabled": r.enabled,
                "options": _keys(r.options),
            }
            for r in rules
        ]
        emit(json.dumps(rows, indent=2))
        return 0
    colour = colour_wanted(sys.stdout, os.environ)
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        state = rule.severity if rule.enabled else "off"
        options = ", ".join(_keys(rule.options))
        name = styled(rule.id.ljust(width), "bold", colour=colour)
        emit(f"{name}  {state:<7}  {rule.title}" + (f" [{options}]" if options else ""))
    return 0


def _keys(options: type | None) -> list[str]:
    from verify4k.options.kinds import describe

    return [] if options is None else list(describe(options))
