"""Print a JSON Schema: of the manifest (for editors) or of the JSON report."""

from __future__ import annotations

import json

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

GROUP = "Set up"


@click.command(cls=Command, no_args_is_help=True)
@click.argument("what", type=click.Choice(["manifest", "report"]))
def command(what: str) -> int:
    """Print the JSON Schema of manifests or of reports."""
    from verify4k.manifest.schema import manifest_schema, report_schema

    emit(
        json.dumps(manifest_schema() if what == "manifest" else report_schema(), indent=2, ensure_ascii=False)
    )
    return 0
