"""The command line: one file a command, found by its file name, imported when it is used.

A command's file ``verify4k/cli/NAME.py`` holds ``command``, a `click.Command` that returns
its exit code. The first line of the file's docstring says what the command does.
"""

from __future__ import annotations

import importlib
import pkgutil

import click

from verify4k import __version__


class Commands(click.Group):
    """A group that lists its commands from the folder and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, sorted."""
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name.strip("_").replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's file; None when there is no such command."""
        if name not in self.list_commands(ctx):
            return None
        stem = name.replace("-", "_")
        if stem == "import":  # a keyword cannot name a module that others import
            stem = "import_"
        command: click.Command = importlib.import_module(f"verify4k.cli.{stem}").command
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "VERIFY4K"},
    help="Verify final image artifacts against what a manifest promises.",
    epilog="Exit codes: 0 every promise holds, 1 findings, 2 usage or manifest mistake, 3 undecided.",
)
@click.version_option(__version__, "-V", "--version", message="verify4k %(version)s")
def app() -> None:
    """Verify final image artifacts against what a manifest promises."""
