"""Check again whenever a promised file or the manifest changes, for exporting from an editor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import tell
from verify4k.cli._places import changed_places, leads_through
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.model import Manifest

GROUP = "Check"
_HINT = "install it: pip install 'verify4k[watch]'"


@click.command(cls=Command)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option("--depth", type=click.Choice(["header", "full"]), default="full", show_default=True)
@click.option("--times", type=click.IntRange(1), help="End after so many checks; by default with Ctrl-C.")
def command(targets: tuple[str, ...], config: str | None, depth: str, times: int | None) -> int:
    """Check the promised files, then those that change, until Ctrl-C.

    A file that is written is checked when it has been quiet for a moment; a manifest that changes
    checks everything. The exit code is that of the last check; Ctrl-C ends with 130.
    """
    from verify4k.errors import MissingTool
    from verify4k.manifest.discovery import discover
    from verify4k.manifest.load import load_manifest
    from verify4k.report import INTERRUPTED

    try:
        import watchfiles
    except ImportError as error:
        raise MissingTool("watching needs the package watchfiles", _HINT) from error
    here = os.getcwd()
    path = os.path.abspath(config or discover(here))
    manifest = load_manifest(path)  # a mistake that is there from the start ends it, told once
    code, done = _check(path, targets, depth), 1
    if code == INTERRUPTED or (times is not None and done >= times):
        return code
    while True:
        folders = _folders(path, manifest)
        notices = watchfiles.watch(
            *folders, watch_filter=_is_watched, stop_event=_Listening(), raise_interrupt=True
        )
        for notice in notices:
            changed = changed_places(notice)
            manifest, again = _concerned(path, manifest, changed, targets, here)
            if again is not None:
                code, done = _check(path, tuple(again), depth), done + 1
                manifest = _reloaded(path, manifest)
                if code == INTERRUPTED or (times is not None and done >= times):
                    return code
            if _folders(path, manifest) != folders:
                break  # another root, or a manifest that is included from elsewhere


def _is_watched(_: object, name: str) -> bool:
    """Whether a name may concern a promise: all but git's own; the package passes over node_modules too."""
    return f"{os.sep}.git{os.sep}" not in name


def _folders(path: str, manifest: Manifest) -> tuple[str, ...]:
    """Return the folders that hold what was promised and what promises are read from."""
    found = {manifest.root, *(os.path.dirname(each) for each in _sources(path, manifest))}
    return tuple(sorted(filter(os.path.isdir, found)))


def _concerned(
    path: str, manifest: Manifest, changed: frozenset[str], targets: tuple[str, ...], here: str
) -> tuple[Manifest, Iterable[str] | None]:
    """Return the manifest as it is after a change, and which TARGETs to check; None: none of them."""
    if any(leads_through(each, changed) for each in _sources(path, manifest)):
        return manifest, targets
    if _may_be_new(changed, manifest):
        manifest = _reloaded(path, manifest)
    return manifest, _touched(manifest, changed, targets, here)


class _Listening:
    """Is asked whether to stop as soon as the system's notices arrive; only then is it true that we watch."""

    told = False

    def is_set(self) -> bool:
        """Say once that files are watched."""
        if not self.told:
            self.told = True
            tell("watching; Ctrl-C ends")
        return False


def _sources(path: str, manifest: Manifest) -> tuple[str, ...]:
    """Return the manifest and the files that it goes by."""
    return (path, *(file.path for file in manifest.included))


def _may_be_new(changed: frozenset[str], manifest: Manifest) -> bool:
    """Whether pictures changed that no entry means yet: a pattern may, now that they are there."""
    from verify4k.formats.registry import suffixes

    if any(map(os.path.isdir, changed)):
        return True  # one that came, or a link to another one, with all that it holds
    pictures = {name for name in changed if os.path.splitext(name)[1].lower() in suffixes()}
    return bool(pictures - {os.path.realpath(asset.path) for asset in manifest.assets if asset.url is None})


def _touched(
    manifest: Manifest, changed: frozenset[str], targets: tuple[str, ...], here: str
) -> list[str] | None:
    """Return the targets whose files changed, of those that are watched; None when none did."""
    from verify4k.manifest.choosing import choose

    watched = choose(manifest, targets, here)
    found = [asset.target for asset in watched if asset.url is None and leads_through(asset.path, changed)]
    return found or None


def _reloaded(path: str, before: Manifest) -> Manifest:
    """Return the manifest as it is now, or the last one without mistakes: the check has told them."""
    from verify4k.errors import Verify4kError
    from verify4k.manifest.load import load_manifest

    try:
        return load_manifest(path)
    except Verify4kError:
        return before


def _check(path: str, targets: tuple[str, ...], depth: str) -> int:
    """Run `check` as the command line does; a mistake is told, and watching goes on."""
    from verify4k.cli.check import command as check
    from verify4k.errors import Verify4kError

    try:
        code = check.main(
            ["-c", path, "--depth", depth, "--", *targets], prog_name="verify4k check", standalone_mode=False
        )
    except Verify4kError as error:
        tell(f"error: {printable(error.message)}" + (f"\n  {printable(error.hint)}" if error.hint else ""))
        return 2
    return code if isinstance(code, int) else 0
