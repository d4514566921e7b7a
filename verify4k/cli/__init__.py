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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by the first lines of their files; importing them all takes too long."""
        rows = [(name, _first_line(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's file; None when there is no such command."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{_stem(name)}").command
        return command


def _stem(name: str) -> str:
    """Return the module of a command; a keyword cannot name one, so `import` is `import_`."""
    stem = name.replace("-", "_")
    return f"{stem}_" if stem == "import" else stem


def _first_line(name: str) -> str:
    source = pkgutil.get_data(__name__, f"{_stem(name)}.py") or b""
    return source.partition(b'"""')[2].partition(b"\n")[0].decode().removesuffix('"""').rstrip(".")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "VERIFY4K"},
    help="Verify final image artifacts against what a manifest promises.",
    epilog="Exit codes: 0 every promise holds, 1 findings, 2 usage or manifest mistake, 3 undecided.",
)
@click.version_option(__version__, "-V", "--version", message="verify4k %(version)s")
def app() -> None:
    """Verify final image artifacts against what a manifest promises."""
