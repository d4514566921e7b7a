"""Print the shell completion script for bash, zsh or fish."""

from __future__ import annotations

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

GROUP = "Set up"


@click.command(cls=Command, no_args_is_help=True)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script; `eval "$(verify4k completion bash)"` turns it on."""
    from click.shell_completion import get_completion_class

    from verify4k.cli import app

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    emit(kind(app, {}, "verify4k", "_VERIFY4K_COMPLETE").source())
    return 0
