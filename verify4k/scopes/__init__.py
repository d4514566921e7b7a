"""What one run checks: one file a scope, found by being here.

A scope's module has ``OPTIONS``, the command-line options that ask for it, and
``open_scope(opening)``, a context manager that yields a `verify4k.checking.scope.Scope`. Where its manifests
are not those of the disk, ``find_below(here, environment)`` yields them.
`whole` is the scope of a run that asks for no other.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.paths import checkout_around
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from verify4k.checking.baseline import Baseline
    from verify4k.git.touched import Touched
    from verify4k.model import Asset, Manifest

DEFAULT = "whole"


class ScopeOption(NamedTuple):
    """One command-line option that asks for a scope; without ``metavar`` it is a flag."""

    name: str  # "--staged"
    help: str
    metavar: str = ""
    variable: bool = True  # whether a VERIFY4K_ variable may say it too

    @property
    def key(self) -> str:
        """Its name in `Opening.given`."""
        return self.name.removeprefix("--").replace("-", "_")


class Opening(NamedTuple):
    """What a scope is opened with: what the command line says, and where it was said.

    Args:
        config: the manifest that was named; None: find it.
        targets: TARGETs, as written; empty: everything.
        baseline: a file of accepted findings.
        here: the working directory, absolute.
        environment: the process's variables.
        shown: a path as a person in ``here`` would write it.
        strangers: whether rule ``unlisted`` was asked for by name.
        outside: whether a manifest's root may lie outside of its repository.
        given: the values of the scope's own options.
        stdin: everything that stdin holds, for TARGET ``-``.
        found: whether ``config`` was not named, but found by --all.
    """

    config: str | None
    targets: tuple[str, ...]
    baseline: str | None
    here: str
    environment: Mapping[str, str]
    shown: Callable[[str], str]
    strangers: bool = False
    outside: bool = False
    given: Mapping[str, str] = {}
    stdin: Callable[[], bytes] = bytes
    found: bool = False

    @property
    def sought(self) -> bool:
        """Whether the manifest is the one of its folder that is taken, and not one that somebody named."""
        return self.config is None or self.found


def refuse_outside(opening: Opening, root: str, manifest: str) -> None:
    """Raise `UsageError` where a manifest's ``root:`` leads out of its checkout on a CI runner.

    On a person's machine the manifest is that person's. On a runner it may come with a pull request,
    and what lies beside the checkout is none of its business unless the command line says so.
    """
    if opening.outside or not opening.environment.get("CI"):
        return
    top = checkout_around(os.path.dirname(os.path.realpath(manifest)))
    # outside of a checkout there is nothing to leave
    if top and not (os.path.realpath(root) + os.sep).startswith(top.rstrip(os.sep) + os.sep):
        raise UsageError(
            f"the root of {manifest} leads out of the repository {top}",
            "--outside on the command line says that it may",
        )


@cache
def names() -> tuple[str, ...]:
    """Return the names of all scopes, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def find_scope(name: str) -> ModuleType:
    """Import one scope's module."""
    return importlib.import_module(f"{__name__}.{name}")


def manifests_below(given: Mapping[str, str], here: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the manifests in a folder and below it that the asked scope knows. Raises `UsageError`."""
    from verify4k.manifest.discovery import find_below

    own = getattr(find_scope(asked_scope(given)), "find_below", None)
    return find_below(here) if own is None else own(here, environment)


def options() -> tuple[ScopeOption, ...]:
    """Return the options of all scopes, in the order of their names."""
    return tuple(option for name in names() for option in find_scope(name).OPTIONS)


def asked_scope(given: Mapping[str, str]) -> str:
    """Return the scope that the given options ask for. Raises `UsageError` for two at once."""
    asked = {
        name: option.name for name in names() for option in find_scope(name).OPTIONS if option.key in given
    }
    if len(asked) > 1:
        raise UsageError(
            f"{' and '.join(asked.values())} are two different questions",
            "ask one at a time: verify4k check --help says what each means",
        )
    return next(iter(asked), DEFAULT)


def accepted(opening: Opening, read: Callable[[str], bytes]) -> Baseline | None:
    """Read the baseline that was named, by a scope's own way of reading files. Raises `UsageError`."""
    path = opening.baseline
    if path is None:
        return None
    from verify4k.checking.baseline import read_baseline

    try:
        data = read(path)
    except (Missing, CannotRead) as error:
        hint = "write one with: verify4k check --write-baseline FILE"
        raise UsageError(f"cannot read the baseline {path}: {error.message}", hint) from error
    return read_baseline(data, path)


class Narrowed(NamedTuple):
    """The assets that a change concerns, what the report says of the others, and whether any were meant."""

    assets: Sequence[Asset]
    notes: tuple[str, ...]
    may_be_empty: bool


def narrowed(opening: Opening, touched: Touched, change: str) -> Narrowed:
    """Return those of the assets that the command line means which a change touches.

    Where the baseline changed these are all: what was accepted may not be any more. ``change``: what
    the change is, for people. Rule ``unlisted`` may be selected, or asked for by the manifest.

    Raises:
        UsageError: a TARGET is no promise, or the baseline lies outside of the repository.
    """
    from verify4k.manifest.choosing import choose

    chosen = choose(touched.manifest, opening.targets, opening.here)
    if opening.baseline is not None and touched.edited(os.path.join(opening.here, opening.baseline)):
        return Narrowed(chosen, notes_of(opening, touched.manifest, len(chosen)), bool(chosen))
    concerned = set(touched.assets(opening.strangers))
    kept = tuple(asset for asset in chosen if asset in concerned)
    notes = notes_of(opening, touched.manifest, len(chosen))
    if len(kept) < len(chosen):
        notes += (_left_out(len(kept), len(chosen), change),)
    return Narrowed(kept, notes, bool(chosen))


def notes_of(opening: Opening, manifest: Manifest, named: int) -> tuple[str, ...]:
    """Return what the report says of a manifest, and of promises that the run leaves out.

    ``named``: how many the TARGETs mean.
    """
    from verify4k.manifest.discovery import outranked

    notes = manifest.notes
    if opening.sought:
        read = {os.path.normpath(each.path) for each in manifest.included}
        for path in outranked(os.path.join(opening.here, manifest.path)):
            if path not in read:
                notes += (f"{opening.shown(path)} was not read: {manifest.path} stands before it",)
    total = len(manifest.assets)
    if named != total:
        verb = "is" if named == 1 else "are"
        notes += (
            f"{named} of {total} promises {verb} named on the command line: the others were not checked",
        )
    return notes


def choosers(opening: Opening, *options: str) -> tuple[str, ...]:
    """Return what of the command line chooses assets: TARGETs, and a scope's own ``options``."""
    return (*(("TARGET",) if opening.targets else ()), *options)


def _left_out(touched: int, total: int, change: str) -> str:
    number = "none" if not touched else str(touched)
    verb = "is" if touched <= 1 else "are"
    rest = "nothing was checked" if not touched else "the others were not checked"
    return f"{number} of {total} promises {verb} touched by {change}: {rest}"
