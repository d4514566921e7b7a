"""Check the files that are really there against the manifest."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from verify4k.cli._output import colour_wanted, emit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verify4k.model import Asset, Manifest
    from verify4k.report import RenderOptions


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    from verify4k.errors import UsageError
    from verify4k.reporting import names

    if value in names():
        return value
    from verify4k.suggest import suggest

    near = suggest(value, names())
    hint = f"did you mean {near}?" if near else f"there are {', '.join(names())}"
    raise UsageError(f"there is no format {value!a}", hint)


@click.command(context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option(
    "--format",
    "form",
    envvar="VERIFY4K_FORMAT",
    default="text",
    show_default=True,
    callback=_formats,
    help="Format on stdout.",
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
@click.option("--allow-empty", is_flag=True, help="A manifest that promises nothing is fine.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only.")
@click.option("-v", "--verbose", count=True, help="Also what holds; twice: every rule.")
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    targets: tuple[str, ...],
    config: str | None,
    form: str,
    reports: tuple[str, ...],
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    depth: str,
    jobs: int | None,
    *,
    allow_empty: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Check every promised file, or only the TARGETs, and report what does not hold.

    Exit codes: 0 every promise holds, 1 findings at --fail-on or worse, 2 usage or manifest
    mistake or nothing to check, 3 something could not be verified.
    """
    from verify4k.engine import check
    from verify4k.manifest import discover, load_manifest
    from verify4k.plan import Settings
    from verify4k.reporting import parse_wanted, reporter, wants_thumbnails, write_all
    from verify4k.targets import images_beside

    wanted = [parse_wanted(text) for text in reports]
    here = os.getcwd()
    path = config or discover(here)
    manifest = load_manifest(path, shown_as=shown_path(path, here))
    settings = Settings(
        depth="header" if depth == "header" else "full",
        select=_rules(select),
        ignore=_rules(ignore),
        fail_on=fail_on,  # type: ignore[arg-type]
        allow_empty=allow_empty,
        jobs=jobs or 0,
        thumbnails=wants_thumbnails([form, *(one.format for one in wanted)]),
    )
    report = check(
        manifest,
        settings,
        assets=choose(manifest, targets, here) if targets else None,
        images_beside=lambda m: images_beside(m.root, [asset.target for asset in m.assets]),
        display=lambda asset: shown_path(asset.path, here),
        progress=_progress(quiet=quiet),
    )
    options = _options(quiet=quiet, verbose=verbose)
    if not report.assets and not allow_empty:
        emit("error: nothing to check: the manifest promises no file (--allow-empty lifts that)", sys.stderr)
    emit(
        reporter(form)
        .render(report, options._replace(color=colour_wanted(sys.stdout, os.environ)))
        .rstrip("\n")
    )
    write_all(wanted, report, options)
    return report.exit_code


def _options(*, quiet: bool, verbose: int) -> RenderOptions:
    from verify4k.report import RenderOptions

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return RenderOptions(
        verbosity=-1 if quiet else verbose, epoch=int(epoch) if epoch.isascii() and epoch.isdigit() else None
    )


def _rules(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())


def shown_path(path: str, here: str) -> str:
    """Return a path as a person in ``here`` would write it, with forward slashes."""
    if path.startswith(here.rstrip(os.sep) + os.sep):
        path = path[len(here.rstrip(os.sep)) + 1 :]
    return path.replace(os.sep, "/")


def choose(manifest: Manifest, targets: Sequence[str], here: str) -> list[Asset]:
    """Return the assets that TARGETs mean: as the manifest writes them, as paths, or below folders."""
    from verify4k.errors import UsageError

    chosen: dict[str, Asset] = {}
    for target in targets:
        absolute = os.path.normpath(os.path.join(here, target))
        found = [
            asset
            for asset in manifest.assets
            if asset.target == target
            or (path := os.path.normpath(asset.path)) == absolute
            or path.startswith(absolute.rstrip(os.sep) + os.sep)
        ]
        if not found:
            from verify4k.suggest import suggest

            near = suggest(target, [asset.target for asset in manifest.assets])
            hint = f"did you mean {near}?" if near else "add an entry for it"
            raise UsageError(f"{manifest.path} promises nothing about {target}", hint)
        chosen.update((asset.target, asset) for asset in found)
    return [asset for asset in manifest.assets if asset.target in chosen]


def _progress(*, quiet: bool) -> Callable[[int, int], None] | None:
    if quiet or not sys.stderr.isatty():
        return None
    from verify4k.cli._progress import Progress

    return Progress(sys.stderr).show
