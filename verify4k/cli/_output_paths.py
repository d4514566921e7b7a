"""Where a run may write: never over what it reads, and no two answers into one file."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.model import LEDGER
from verify4k.provenance.ledger_parts import any_parts_in, part_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.model import Manifest

_Place = tuple[int, int] | str


def inputs_of(manifest: Manifest, here: str) -> Iterable[tuple[str, str]]:
    """Yield what a run reads: each path, and what it is to a person."""
    yield os.path.join(here, manifest.path), "the manifest"
    for each in manifest.included:
        yield each.path, "a file that promises were read from" if each.listed else "an included manifest"
    yield os.path.join(manifest.root, LEDGER), "the ledger"
    for number in any_parts_in(manifest.root):
        yield os.path.join(manifest.root, part_name(number)), "a part of the ledger"
    for asset in manifest.assets:
        if asset.url is None:
            yield asset.path, "a promised file"


def refuse_overwriting(outputs: Iterable[tuple[str, str]], inputs: Iterable[tuple[str, str]]) -> None:
    """Raise `UsageError` where an output, as (option, path), is an input or another output.

    A file is the same under every name: links and other spellings are seen through. Devices and
    pipes (/dev/stdout, /dev/null) may be written to as often as one likes.
    """
    taken: dict[_Place, str] = {}
    for option, path in outputs:
        place = _place(path)
        if place is None:
            continue
        if place in taken:
            raise UsageError(
                f"{option} would write over what {taken[place]} writes", "name another file for one of them"
            )
        taken[place] = option
    if taken:
        _refuse_inputs(taken, inputs)


def _refuse_inputs(taken: Mapping[_Place, str], inputs: Iterable[tuple[str, str]]) -> None:
    for path, what in inputs:
        place = _place(path)
        if place is not None and place in taken:
            raise UsageError(f"{taken[place]} would replace {what}", "name another file to write to")


def _place(path: str) -> _Place | None:
    """Return what tells a file from all others; None: no file that a name is given to."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
