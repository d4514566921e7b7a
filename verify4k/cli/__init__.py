"""The command line: one file a command, found by its file name, imported when it is used.

A command's file ``verify4k/cli/NAME.py`` holds ``command``, a `click.Command` that returns
its exit code. The first line of the file's docstring says what the command does, ``GROUP`` where
``--help`` lists it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from functools import cache

import click

from verify4k import __version__
from verify4k.named_tuple import NamedTuple

GROUPS = ("Check", "Make", "Set up")  # in the order of --help
_HABITS = {  # what other linters call it
    "lint": "verify4k check",
    "run": "verify4k check",
    "test": "verify4k check",
    "validate": "verify4k check",
    "verify": "verify4k check",
    "audit": "verify4k check",
    "gate": "verify4k check --no-ignores",
    "diff": "verify4k check --changed",
    "info": "verify4k inspect FILE",
    "identify": "verify4k inspect FILE",
    "help": "verify4k --help",
    "version": "verify4k --version",
    "new": "verify4k init",
    "install": "verify4k doctor",
    "status": "verify4k doctor",
    "presets": "verify4k size --list",
    "sizes": "verify4k size --list",
}
_EDITS = ("fix", "format", "resize", "optimize", "convert", "upscale")


class Command(click.Command):
    """A command that refuses an option given twice: the last one would win in silence."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Add what every command knows: ``-v``, which a crash asks for, and ``--fix``, which is refused."""
        own = super().get_params(ctx)
        if ctx.resilient_parsing:  # a shell asks what may follow
            from verify4k.cli._completing import completed

            own = [completed(each) for each in own]
        known = {name for each in own for name in each.opts}
        return [*own, *(each for each in (_verbose(), _fix()) if known.isdisjoint(each.opts))]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Count what was given before click settles it. Raises `click.UsageError`."""
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for parameter, count in Counter(order).items():
            if count > 1 and isinstance(parameter, click.Option) and not _repeats(parameter):
                raise click.UsageError(f"{parameter.opts[-1]} is given {count} times: which one counts?", ctx)
        return super().parse_args(ctx, args)


def _verbose() -> click.Option:
    return click.Option(["-v", "--verbose"], is_flag=True, hidden=True, expose_value=False)


def _fix() -> click.Option:
    return click.Option(["--fix"], is_flag=True, hidden=True, expose_value=False, callback=_never)


def _never(_context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    from verify4k.errors import UsageError

    if value:
        raise UsageError(
            "verify4k never edits an artifact: a repaired copy would prove nothing about where it came from",
            "each finding says what to change: the request, the route, the CDN's transform or the export",
        )
    return value


def _repeats(option: click.Option) -> bool:
    return option.multiple or option.count or option.is_flag


@cache
def _names() -> tuple[str, ...]:
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.strip("_").replace("_", "-") for name in found if not name.startswith("_")))


class Commands(click.Group):
    """A group that lists its commands from the folder and loads one only to run it."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Add ``--fix``, which is refused with a word about why."""
        return [*super().get_params(ctx), _fix()]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, sorted."""
        return list(_names())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by the words of their files; importing them all takes too long."""
        found = [about(name) for name in self.list_commands(ctx)]
        for group in GROUPS:
            with formatter.section(group):
                formatter.write_dl([(each.name, each.does) for each in found if each.group == group])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's file; None when there is no such command."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{_stem(name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say what was probably meant. Raises `UsageError`."""
        name = args[0] if args else ""
        if args and not name.startswith("-") and name not in self.list_commands(ctx):
            from verify4k.errors import UsageError

            own = name == "help" and args[1:] and args[1] in self.list_commands(ctx)
            meant = f"try: verify4k {args[1]} --help" if own else self._meant(ctx, name)
            raise UsageError(f"there is no command {name[:60]!a}", meant)
        return super().resolve_command(ctx, args)

    def _meant(self, ctx: click.Context, name: str) -> str:
        from verify4k.suggest import suggest

        if name in _EDITS:
            return "verify4k never edits an artifact; verify4k check says what to change where it is made"
        if name in _HABITS:
            return f"try: {_HABITS[name]}"
        near = suggest(name, [*self.list_commands(ctx), *_HABITS])
        if near is not None:
            return f"did you mean: {_HABITS.get(near, f'verify4k {near}')}?"
        import os

        is_target = os.path.exists(name) or "://" in name
        return (
            f"check one file with: verify4k check {name}"
            if is_target
            else "verify4k --help lists all of them"
        )


def _stem(name: str) -> str:
    """Return the module of a command; a keyword cannot name one, so `import` is `import_`."""
    stem = name.replace("-", "_")
    return f"{stem}_" if stem == "import" else stem


class About(NamedTuple):
    """What a command's file says about it without being imported."""

    name: str
    does: str
    group: str


def about(name: str) -> About:
    """Read the first line of a command's file, and the group that it names."""
    source = (pkgutil.get_data(__name__, f"{_stem(name)}.py") or b"").decode()
    does = source.partition('"""')[2].partition("\n")[0].removesuffix('"""').rstrip(".")
    group = source.partition('\nGROUP = "')[2].partition('"')[0]
    return About(name, does, group)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "VERIFY4K"},
    help="Verify final image artifacts against what a manifest promises.",
    epilog="Exit codes: 0 every promise holds, 1 findings, 2 usage or manifest mistake, 3 undecided.",
)
@click.version_option(__version__, "-V", "--version", message="verify4k %(version)s")
def app() -> None:
    """Verify final image artifacts against what a manifest promises."""
