"""The options of `check` that say how its answer is told: where, in which colours, how much of it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from verify4k.cli._output import colour_wanted, emit, tell
from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from verify4k.report import RenderOptions, Report

_NARROWEST, _WIDEST = 40, 100


_OPTIONS = (
    click.option("--explain", is_flag=True, help="Walk through every rule for the TARGETs, with the facts."),
    click.option("--output-file", metavar="PATH", help="Write the answer there instead of to stdout (-)."),
    click.option("--statistics", is_flag=True, help="Count findings by rule, on stderr."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour the answer; auto: on terminals, as NO_COLOR and FORCE_COLOR say.",
    ),
    click.option(
        "--exit-zero",
        is_flag=True,
        allow_from_autoenv=False,
        help="End with 0 for findings and undecided; never at a gate.",
    ),
)
TELLING = ("color", "statistics", "output_file")  # cannot change a verdict, so the environment may say it
_NAMES = ("explain", "output_file", "statistics", "color", "exit_zero")


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options about the answer to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class ReportOptions:
    """How one answer is told."""

    def __init__(self, given: dict[str, Any] | None = None) -> None:
        """Take the options of `report_options` out of a command's ``given``; None: as without options."""
        taken = {name: given.pop(name) for name in _NAMES} if given is not None else {}
        path: str | None = taken.get("output_file")
        self.path = None if path == "-" else path
        self._statistics: bool = taken.get("statistics", False)
        self._colour: str = taken.get("color", "auto")
        self._exit_zero: bool = taken.get("exit_zero", False)
        self._explain: bool = taken.get("explain", False)
        if self._explain and given is not None:
            _refuse_format(given["form"])
            given["form"] = "explain"

    def refuse_contradictions(self, targets: tuple[str, ...], *, no_ignores: bool) -> None:
        """Raise `UsageError` for what cannot be meant together."""
        if self._explain and not targets:
            raise UsageError("--explain walks through all rules: name a few TARGETs", "check --explain FILE")
        if self._exit_zero and no_ignores:
            raise UsageError(
                "--exit-zero lets everything through a gate", "drop --exit-zero, or --no-ignores"
            )

    def answer(self, reporter: ModuleType, report: Report, options: RenderOptions) -> None:
        """Print or write the report, then count."""
        colour = self._colour == "always" or (
            self._colour == "auto" and self.path is None and colour_wanted(sys.stdout, os.environ)
        )
        options = options._replace(color=colour, width=_width() if self.path is None else _WIDEST)
        from verify4k.reporters import encoded, text_pieces, write_file

        pieces = text_pieces(reporter, report, options)
        if self.path is not None:
            write_file(self.path, encoded(reporter, pieces))
        else:
            for piece in pieces:
                emit(piece.removesuffix("\n"))
        if self._statistics:
            tell("\n".join(_statistics(report)))

    def exit_code(self, report: Report) -> int:
        """Return the run's exit code; with --exit-zero only usage mistakes count."""
        return 0 if self._exit_zero and report.exit_code in (1, 3) else report.exit_code


def _refuse_format(form: str) -> None:
    """Raise `UsageError` for --explain beside another format; what the environment says gives way."""
    source = click.get_current_context().get_parameter_source("form")
    if source is ParameterSource.COMMANDLINE and form not in ("text", "explain"):
        raise UsageError(
            f"--explain and --format {form} are two answers on stdout",
            f"ask for one of them in a file: --report {form}=PATH",
        )


def _width() -> int:
    """Return how wide blocks may be: the terminal's width within bounds, for a person to read."""
    if sys.stdout is None or sys.stdout.closed or not sys.stdout.isatty():
        return _WIDEST
    import shutil

    return min(max(shutil.get_terminal_size((_WIDEST, 24)).columns, _NARROWEST), _WIDEST)


def _statistics(report: Report) -> Iterator[str]:
    from collections import Counter

    counts = Counter((one.rule, str(one.severity)) for one in report.findings)
    counts.update((one.rule, "undecided") for one in report.undecided)
    counts.update((one.rule, "ignored") for one in report.suppressed)
    if not counts:
        yield "no findings"
        return
    yield f"{'count':>7}  rule"
    for (rule, kind), number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"{number:>7,}  {rule} ({kind})"


def render_options(verbosity: int) -> RenderOptions:
    """Return what reporters know besides the report: the environment, and where verify4k was started."""
    from verify4k.files.paths import repository_around
    from verify4k.report import RenderOptions

    repository, folder = repository_around(os.getcwd())
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return RenderOptions(
        verbosity=verbosity,
        epoch=int(epoch) if epoch.isascii() and epoch.isdigit() else None,
        repository=repository,
        folder=folder,
    )
