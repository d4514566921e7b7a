"""Check the files that are really there against the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from verify4k.cli import Command
from verify4k.cli._network_options import NetworkOptions, network_options
from verify4k.cli._output import LIMIT_HELP
from verify4k.cli._report_options import TELLING, ReportOptions, report_options
from verify4k.reporters import names
from verify4k.scopes import options

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = "Check"


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    from verify4k.errors import UsageError

    if value in names():
        return value
    from verify4k.suggest import suggest

    near = suggest(value, names())
    hint = f"did you mean {near}?" if near else f"there are {', '.join(names())}"
    raise UsageError(f"there is no format {value!a}", hint)


def _scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what each file of `verify4k.scopes` understands."""
    for each in reversed(options()):
        kind: dict[str, Any] = {"metavar": each.metavar} if each.metavar else {"is_flag": True}
        kind["allow_from_autoenv"] = each.variable
        command = click.option(each.name, each.key, help=each.help, **kind)(command)
    return command


_HARMLESS = ("form", "reports", "jobs", "quiet", "verbose", "no_ignores")


def _forget_environment(given: dict[str, Any]) -> None:
    """Take back what VERIFY4K_* said, but for how the answer is told: a gate hears its command line only."""
    from verify4k.cli._output import tell

    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        said = context.get_parameter_source(name) is ParameterSource.ENVIRONMENT
        if not said or name in _HARMLESS or name in TELLING:
            continue
        default = parameter.get_default(context)
        given[name] = (
            () if parameter.multiple else default if isinstance(default, str | float | int) else None
        )
        if getattr(parameter, "is_flag", False):
            given[name] = False
        variable = parameter.envvar or f"VERIFY4K_{name.upper()}"
        tell(f"note: --no-ignores takes nothing from {variable}")


@click.command(cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "-c",
    "--config",
    multiple=True,
    metavar="FILE",
    help="The manifest; by default found from here upwards. Repeatable: one report of all.",
)
@click.option("--outside", is_flag=True, help="On CI: root: may lead out of the repository.")
@click.option("--all", "every", is_flag=True, help="Check every manifest in this folder and below it.")
@click.option(
    "--format",
    "form",
    envvar="VERIFY4K_FORMAT",
    metavar="FORMAT",
    default="text",
    show_default=True,
    callback=_formats,
    help=f"Format on stdout: {', '.join(names())}.",
)
@click.option(
    "--report",
    "reports",
    envvar="VERIFY4K_REPORT",
    multiple=True,
    metavar="FMT=PATH",
    help="Write a further report; repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--select", multiple=True, metavar="RULE", help="Ask only these rules (also RULE,RULE).")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@click.option(
    "--depth",
    type=click.Choice(["header", "full"]),
    default="full",
    show_default=True,
    help="header: read a few KB of each file, decode nothing.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Files at a time; by default one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster: tcp://HOST:8786, or local.")
@click.option("--shard", metavar="I/N", help="Check one part of N, balanced by bytes: see merge.")
@_scope_options
@network_options
@click.option(
    "--crawl",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Of a page given by URL: also N - 1 further pages of its site.",
)
@click.option("--baseline", metavar="FILE", help="Accept the findings that this file lists.")
@click.option("--write-baseline", metavar="FILE", help="List the findings in FILE, to accept them later.")
@click.option(
    "--limit", "limits", envvar="VERIFY4K_LIMIT", multiple=True, metavar="NAME=VALUE", help=LIMIT_HELP
)
@click.option("--no-ignores", is_flag=True, help="Accept nothing: no ignores, no baseline, no memory.")
@click.option("--allow-empty", is_flag=True, help="A manifest that promises nothing is fine.")
@report_options
@click.option("-q", "--quiet", is_flag=True, help="Findings only.")
@click.option("-v", "--verbose", count=True, help="Also what holds; twice: every rule.")
def command(**given: Any) -> int:
    """Check every promised file, or only the TARGETs, and report what does not hold.

    Exit codes: 0 every promise holds, 1 findings at --fail-on or worse, 2 usage or manifest
    mistake or nothing to check, 3 something could not be verified.
    """
    from verify4k.cli._run import Request, run

    if given["no_ignores"]:
        _forget_environment(given)
    keys = [each.key for each in options()]
    scope = {key: value for key in keys if (value := given.pop(key)) not in (None, False)}
    network, report_options = NetworkOptions(given), ReportOptions(given)
    return run(Request(**given, scope=scope, urls=network, report_options=report_options))
