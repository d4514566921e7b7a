"""One run of `check`: which promises, with which settings, told in which formats."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from verify4k.cli._choosing import choose, shown_path
from verify4k.cli._output import colour_wanted, emit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from verify4k.checking.baseline import Baseline
    from verify4k.checking.plan import Settings
    from verify4k.model import Asset
    from verify4k.report import RenderOptions, Report
    from verify4k.reporters import Wanted
    from verify4k.scopes.whole import Part, Scope


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
    staged: bool
    changed: bool
    since: str | None
    baseline: str | None
    write_baseline: str | None
    no_ignores: bool
    allow_empty: bool
    quiet: bool
    verbose: int


def run(request: Request) -> int:
    """Check, write every report, and return the exit code."""
    from verify4k.reporters import parse_wanted, reporter, write_all

    wanted = [parse_wanted(text) for text in request.reports]
    _refuse_contradictions(request)
    here = os.getcwd()
    with _scope(request, here) as scope:
        settings = _settings(request, wanted)
        report, settings = _checked(request, scope, settings, here)
    options = _options(request)
    if not report.assets and not settings.allow_empty:
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

    if request.staged and (request.changed or request.since is not None):
        raise UsageError(
            "--staged and --changed are two different questions",
            "--staged: what is about to be committed; --changed --since REF: what changed since REF",
        )
    narrow = request.targets or request.staged or request.changed or request.since or request.select
    if request.write_baseline is not None and (narrow or request.ignore or request.depth == "header"):
        raise UsageError(
            "a baseline lists the findings of a whole run",
            "leave out TARGETs, --staged, --changed, --select, --ignore and --depth header",
        )


def _scope(request: Request, here: str) -> AbstractContextManager[Scope]:
    shown = partial(shown_path, here=here)
    if request.staged:
        from verify4k.scopes.staged import staged_scope

        return staged_scope(request.config, shown, here, os.environ)
    if request.changed or request.since is not None:
        from verify4k.scopes.staged import changed_scope

        return changed_scope(request.config, request.since, shown, here, os.environ)
    from verify4k.scopes.whole import whole_scope

    return whole_scope(request.config, shown, here)


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


def _checked(request: Request, scope: Scope, settings: Settings, here: str) -> tuple[Report, Settings]:
    from verify4k.checking.engine import check

    manifest = scope.manifest
    assets: Sequence[Asset] = choose(manifest, request.targets, here) if request.targets else manifest.assets
    notes: list[str] = []
    if scope.part is not None:
        touched = _touched(request, scope, scope.part, settings)
        kept = [asset for asset in assets if asset in touched]
        if len(kept) < len(assets):
            notes.append(_filtered(len(kept), len(assets), scope.part.since))
        settings = settings._replace(allow_empty=settings.allow_empty or bool(assets))
        assets = kept
    report = check(
        manifest,
        settings,
        assets=assets,
        source_of=scope.source_of,
        images_beside=scope.images_beside,
        display=lambda asset: shown_path(asset.path, here),
        progress=_progress(quiet=request.quiet),
        baseline=_baseline(request, scope),
        notes=notes,
    )
    return report, settings


def _touched(request: Request, scope: Scope, part: Part, settings: Settings) -> set[Asset]:
    if request.baseline is not None and part.changed(request.baseline):
        return set(scope.manifest.assets)  # what was accepted may not be any more
    said = scope.manifest.severities.get("unlisted")
    return set(part.touched(said is not None or "unlisted" in settings.select))


def _filtered(touched: int, total: int, since: str) -> str:
    number = "none" if not touched else str(touched)
    verb = "is" if touched <= 1 else "are"
    rest = "nothing was checked" if not touched else "the others were not checked"
    return f"{number} of {total} promises {verb} touched by {since}: {rest}"


def _baseline(request: Request, scope: Scope) -> Baseline | None:
    if request.baseline is None:
        return None
    from verify4k.checking.baseline import read_baseline
    from verify4k.errors import CannotRead, Missing, UsageError

    try:
        data = scope.read(request.baseline)
    except (Missing, CannotRead) as error:
        hint = "write one with: verify4k check --write-baseline FILE"
        raise UsageError(f"cannot read the baseline {request.baseline}: {error.message}", hint) from error
    return read_baseline(data, request.baseline)


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
