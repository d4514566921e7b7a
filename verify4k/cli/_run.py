"""One run of `check`: which promises, with which settings, told in which formats."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from verify4k.cli._output import tell
from verify4k.cli._report_options import ReportOptions, render_options
from verify4k.cli._stdin import piped_in
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from verify4k.checking.plan import Settings
    from verify4k.checking.scope import Scope
    from verify4k.checking.shard_reports import MergedShards
    from verify4k.cli._network_options import NetworkOptions
    from verify4k.model import Manifest
    from verify4k.report import Report
    from verify4k.reporters import Wanted
    from verify4k.scopes import Opening


class Request(NamedTuple):
    """What the command line asks for; a field is an option of `check`."""

    targets: tuple[str, ...]
    config: tuple[str, ...]
    every: bool
    outside: bool
    form: str
    reports: tuple[str, ...]
    fail_on: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    depth: str
    jobs: int | None
    scheduler: str | None
    shard: str | None
    crawl: int | None
    baseline: str | None
    write_baseline: str | None
    limits: tuple[str, ...]
    no_ignores: bool
    allow_empty: bool
    quiet: bool
    verbose: int
    scope: Mapping[str, str]  # the values of the options that `verify4k.scopes` declares
    urls: NetworkOptions  # the values of the options that `verify4k.cli._network_options` declares
    report_options: ReportOptions = ReportOptions()  # how the answer is told


def run(request: Request, merged: MergedShards | None = None, parts: Sequence[str] = ()) -> int:
    """Check, write every report, and return the exit code.

    ``merged``: what shards have found already; ``parts``: the files that say so.
    """
    from verify4k.checking.joining import join
    from verify4k.report import INTERRUPTED
    from verify4k.reporters import parse_wanted

    wanted = [parse_wanted(text) for text in request.reports]
    outputs = _refuse_contradictions(request, wanted, parts)
    settings = _settings(request, wanted)
    reports: list[Report] = []
    for report in _reports(request, settings, [one.format for one in wanted], outputs, merged):
        reports.append(report)
        if report.exit_code == INTERRUPTED:  # what has not begun does not begin
            tell("interrupted: this is the report of what was done")
            break
    report = join(reports)
    _answer(request, report, wanted)
    return request.report_options.exit_code(report)


def _reports(
    request: Request,
    settings: Settings,
    formats: Sequence[str],
    outputs: Sequence[tuple[str, str]],
    merged: MergedShards | None,
) -> Iterator[Report]:
    """Yield what is found of each page that is given by URL, then of each manifest."""
    from verify4k.checking.remote import Remote
    from verify4k.cli._output_paths import inputs_of, refuse_overwriting
    from verify4k.cli._pages import check_page, pages_of
    from verify4k.scopes import asked_scope, find_scope

    formats = [request.form, *formats]
    pages, request = pages_of(request)
    progress = _progress(quiet=request.quiet)
    promised = not pages or bool(request.targets or request.config)
    for url in pages:
        yield check_page(request, url, settings, formats, progress, alone=len(pages) == 1 and not promised)
    for opening in _openings(request, settings) if promised else ():
        with (
            find_scope(asked_scope(request.scope)).open_scope(opening) as scope,
            Remote(request.urls.network(scope.manifest, os.environ, formats)) as remote,
            _workers(request, scope.manifest) as executor,
        ):
            refuse_overwriting(outputs, inputs_of(scope.manifest, os.getcwd()))
            report = _checked(remote.over(scope), settings, request, executor, merged)
        yield report


def _answer(request: Request, report: Report, wanted: Sequence[Wanted]) -> None:
    """Tell what was found, on stdout and in every file that was asked for."""
    from verify4k.cli._manifest import tell_empty
    from verify4k.reporters import reporter, write_all

    options = render_options(-1 if request.quiet else request.verbose)
    if report.exit_code == 2:
        tell_empty(report)
    request.report_options.answer(reporter(request.form), report, options)
    write_all(wanted, report, options)
    remembered = sum(bool(asset.remembered) for asset in report.assets) if request.verbose else 0
    if remembered:
        files = "1 file was" if remembered == 1 else f"{remembered:,} files were"
        tell(f"note: {files} measured by an earlier run; --no-cache measures anew")
    if request.write_baseline is not None:
        _write_baseline(request.write_baseline, report)


def _outputs(
    request: Request, wanted: Sequence[Wanted]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return every file that this run writes, each with the option that says so: reports, and a baseline."""
    from verify4k.text import printable

    places = [(f"--report {one.format}={printable(one.path)}", one.path) for one in wanted]
    if request.report_options.path is not None:
        places.append(
            (f"--output-file {printable(request.report_options.path)}", request.report_options.path)
        )
    path = request.write_baseline
    return places, [] if path is None else [(f"--write-baseline {printable(path)}", path)]


def _checked(
    scope: Scope, settings: Settings, request: Request, executor: Executor | None, merged: MergedShards | None
) -> Report:
    from verify4k.checking.engine import check
    from verify4k.cli._sharding import check_merged, check_part

    progress = _progress(quiet=request.quiet)
    if merged is not None:
        return check_merged(scope, settings, merged)
    if request.shard is not None:
        return check_part(scope, settings, request, progress, executor)
    return check(scope, settings, progress, executor)


def _workers(request: Request, manifest: Manifest) -> AbstractContextManager[Executor | None]:
    """Return who decodes: a cluster that was asked for, else None: processes of our own."""
    if request.scheduler is None:
        return nullcontext()
    from verify4k.checking.cluster import cluster

    return cluster(request.scheduler, request.jobs or 0, manifest.path, manifest.sha256)


def _refuse_contradictions(
    request: Request, wanted: Sequence[Wanted], parts: Sequence[str]
) -> list[tuple[str, str]]:
    """Return every file that this run writes. Raises `UsageError` for what cannot be meant together."""
    from verify4k.cli._output_paths import refuse_overwriting
    from verify4k.cli._sharding import refuse

    _refuse_narrower_gates(request)
    refuse(request)
    request.report_options.refuse_contradictions(request.targets, no_ignores=request.no_ignores)
    outputs, baseline = _outputs(request, wanted)
    refuse_overwriting([*outputs, *baseline], [(path, "the report of a shard") for path in parts])
    if request.baseline is not None:  # which --write-baseline may bring up to date
        refuse_overwriting(outputs, [(request.baseline, "the baseline")])
    return [*outputs, *baseline]


def _refuse_narrower_gates(request: Request) -> None:
    from verify4k.errors import UsageError

    narrower = [
        option
        for option, given in (
            ("--select", request.select),
            ("--ignore", request.ignore),
            ("--depth header", request.depth == "header"),
        )
        if given
    ]
    if request.no_ignores and narrower:
        raise UsageError(
            f"--no-ignores asks every promise: {' and '.join(narrower)} would leave some out",
            f"drop {' and '.join(narrower)}, or --no-ignores",
        )
    narrow = request.targets or request.scope or request.select
    if request.write_baseline is not None and (narrow or request.ignore or request.depth == "header"):
        raise UsageError(
            "a baseline lists the findings of a whole run",
            "leave out TARGETs, --staged, --changed, --select, --ignore and --depth header",
        )


def _openings(request: Request, settings: Settings) -> list[Opening]:
    """Return one opening for each manifest that is asked for. Raises `UsageError`."""
    from verify4k.cli._manifest import named_manifests
    from verify4k.errors import UsageError
    from verify4k.files.paths import shown_path
    from verify4k.scopes import Opening

    here = os.getcwd()
    if "-" in request.targets and not request.scope:
        raise UsageError(
            "no manifest promises anything of what stdin holds",
            "say what it has to be: verify4k check --size 3840x2160 - < FILE",
        )
    manifests, targets = named_manifests(request, here)
    if len(manifests) > 1 and (request.baseline is not None or request.write_baseline is not None):
        raise UsageError("a baseline belongs to one manifest", "check one manifest at a time with --baseline")
    if len(manifests) > 1 and targets:
        raise UsageError(
            "TARGETs are looked for in one manifest", "leave the TARGETs out, or name one manifest with -c"
        )
    one = Opening(
        config=None,
        targets=targets,
        baseline=request.baseline,
        here=here,
        environment=os.environ,
        shown=partial(shown_path, here=here),
        strangers="unlisted" in settings.select,
        outside=request.outside,
        given=request.scope,
        stdin=piped_in,
    )
    return [one._replace(config=path, found=request.every) for path in manifests or (None,)]


def _settings(request: Request, wanted: Sequence[Wanted]) -> Settings:
    from verify4k.artifacts.fact_cache import facts_folder, open_fact_cache
    from verify4k.checking.plan import Settings
    from verify4k.options.limits import from_arguments
    from verify4k.reporters import wants_thumbnails

    formats = [request.form, *(one.format for one in wanted)]
    cached = request.depth == "full" and request.urls.cached(formats)
    return Settings(
        fact_cache=open_fact_cache(facts_folder(os.environ)) if cached else None,
        bounds=from_arguments(request.limits),
        depth="header" if request.depth == "header" else "full",
        select=_rules(request.select),
        ignore=_rules(request.ignore),
        fail_on=request.fail_on,  # type: ignore[arg-type]
        allow_empty=request.allow_empty,
        jobs=request.jobs or 0,
        thumbnails=wants_thumbnails(formats),
        ignores=not request.no_ignores,
    )


def _write_baseline(path: str, report: Report) -> None:
    from verify4k.checking.baseline import known_of, written
    from verify4k.reporters import write_file
    from verify4k.text import counted, printable

    known, unbound = known_of(report)
    write_file(path, written(known))
    wrote = f"wrote {counted(len(known), 'finding')} to {printable(path)}"
    tell(f"note: {wrote}; from now on run with --baseline {printable(path)}")
    if unbound:
        tell(f"note: left out {unbound} about files that cannot be read: no content, nothing to accept")


def _rules(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())


def _progress(*, quiet: bool) -> Callable[[int, int], None] | None:
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return None
    from verify4k.cli._progress import Progress

    return Progress(sys.stderr).show
