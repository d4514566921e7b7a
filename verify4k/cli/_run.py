"""One run of `check`: which promises, with which settings, told in which formats."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from verify4k.cli._output import colour_wanted, emit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verify4k.checking.plan import Settings
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters import Wanted
    from verify4k.scopes import Opening


class Request(NamedTuple):
    """What the command line asks for; a field is an option of `check`."""

    targets: tuple[str, ...]
    config: str | None
    form: str
    reports: tuple[str, ...]
    fail_on: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    depth: str
    jobs: int | None
    baseline: str | None
    write_baseline: str | None
    no_ignores: bool
    allow_empty: bool
    quiet: bool
    verbose: int
    scope: Mapping[str, str]  # the values of the options that `verify4k.scopes` declares


def run(request: Request) -> int:
    """Check, write every report, and return the exit code."""
    from verify4k.checking.engine import check
    from verify4k.reporters import parse_wanted, reporter, write_all
    from verify4k.scopes import asked_scope, find_scope

    wanted = [parse_wanted(text) for text in request.reports]
    _refuse_contradictions(request)
    settings = _settings(request, wanted)
    with find_scope(asked_scope(request.scope)).open_scope(_opening(request, settings)) as scope:
        report = check(scope, settings, _progress(quiet=request.quiet))
    options = _options(request)
    if report.exit_code == 2:
        emit("error: nothing to check: the manifest promises no file (--allow-empty lifts that)", sys.stderr)
    colour = colour_wanted(sys.stdout, os.environ)
    text: str = reporter(request.form).render(report, options._replace(color=colour)).rstrip("\n")
    if text:
        emit(text)
    write_all(wanted, report, options)
    if request.write_baseline is not None:
        _write_baseline(request.write_baseline, report)
    return report.exit_code


def _refuse_contradictions(request: Request) -> None:
    from verify4k.errors import UsageError

    narrow = request.targets or request.scope or request.select
    if request.write_baseline is not None and (narrow or request.ignore or request.depth == "header"):
        raise UsageError(
            "a baseline lists the findings of a whole run",
            "leave out TARGETs, --staged, --changed, --select, --ignore and --depth header",
        )


def _opening(request: Request, settings: Settings) -> Opening:
    from verify4k.files.paths import shown_path
    from verify4k.scopes import Opening

    here = os.getcwd()
    return Opening(
        config=request.config,
        targets=request.targets,
        baseline=request.baseline,
        here=here,
        environment=os.environ,
        shown=partial(shown_path, here=here),
        strangers="unlisted" in settings.select,
        given=request.scope,
    )


def _settings(request: Request, wanted: Sequence[Wanted]) -> Settings:
    from verify4k.checking.plan import Settings
    from verify4k.reporters import wants_thumbnails

    return Settings(
        depth="header" if request.depth == "header" else "full",
        select=_rules(request.select),
        ignore=_rules(request.ignore),
        fail_on=request.fail_on,  # type: ignore[arg-type]
        allow_empty=request.allow_empty,
        jobs=request.jobs or 0,
        thumbnails=wants_thumbnails([request.form, *(one.format for one in wanted)]),
        ignores=not request.no_ignores,
    )


def _write_baseline(path: str, report: Report) -> None:
    from verify4k.checking.baseline import known_of, written
    from verify4k.reporters import write_file
    from verify4k.text import printable

    known, unbound = known_of(report)
    write_file(path, written(known))
    listed = "1 finding" if len(known) == 1 else f"{len(known)} findings"
    emit(
        f"note: wrote {listed} to {printable(path)}; from now on run with --baseline {printable(path)}",
        sys.stderr,
    )
    if unbound:
        emit(
            f"note: left out {unbound} about files that cannot be read: no content, nothing to accept",
            sys.stderr,
        )


def _options(request: Request) -> RenderOptions:
    from verify4k.report import RenderOptions

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return RenderOptions(
        verbosity=-1 if request.quiet else request.verbose,
        epoch=int(epoch) if epoch.isascii() and epoch.isdigit() else None,
    )


def _rules(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())


def _progress(*, quiet: bool) -> Callable[[int, int], None] | None:
    if quiet or not sys.stderr.isatty():
        return None
    from verify4k.cli._progress import Progress

    return Progress(sys.stderr).show
