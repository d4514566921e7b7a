"""What one run checks: the promises that count, and where their bytes come from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.files.source import FileSource
from verify4k.model import LEDGER
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verify4k.artifacts.tracking import Tracked
    from verify4k.checking.baseline import Baseline
    from verify4k.files.source import Source
    from verify4k.model import Asset, Manifest
    from verify4k.provenance.ledger_history import History


def file_of(asset: Asset) -> Source:
    """Return an asset's file on the disk. A URL stays undecided: `verify4k.checking.remote` asks for it."""
    if asset.url is not None:
        from verify4k.files.delivered import UnaskedUrl

        return UnaskedUrl("this run asks no URLs")
    return FileSource(asset.path)


def ledger_at(root: str) -> History | None:
    """Return the ledger in a folder on the disk. Raises `CannotRead`."""
    if not os.path.lexists(os.path.join(root, LEDGER)):
        from verify4k.provenance.ledger_parts import any_parts_in

        if not any_parts_in(root):  # a kill may have come between a full part and the next
            return None
    from verify4k.provenance.ledger import history_at  # json and pathlib: not on the way to every start

    return history_at(root)


def _nothing() -> Sequence[str]:
    return ()


def _nobody() -> None:
    return None


def _as_written(path: str) -> str:
    return path


class Scope(NamedTuple):
    """One run's promises and their surroundings; `verify4k.scopes` opens them.

    Args:
        manifest: everything that was promised.
        assets: the part of ``manifest.assets`` that this run checks.
        source_of: where an asset's bytes come from.
        images_beside: targets of image files in the promised folders, for rule ``unlisted``.
        shown: a path as a person would write it.
        notes: what the report has to say about the choice of assets.
        baseline: findings that are known and accepted.
        ledger: what is recorded of where pictures came from; by default the file at the manifest's root.
        tracking: what git knows of an asset; None: nothing was asked of git.
        hang_up: ends what is being asked of servers: the run was interrupted.
        chosen_by: what of the command line chose the assets, where these are not all: "--since main".
        may_be_empty: no asset at all is fine: others are promised, and none of them is concerned.
    """

    manifest: Manifest
    assets: Sequence[Asset]
    source_of: Callable[[Asset], Source] = file_of
    images_beside: Callable[[], Sequence[str]] = _nothing
    shown: Callable[[str], str] = _as_written
    notes: tuple[str, ...] = ()
    baseline: Baseline | None = None
    ledger: Callable[[], History | None] | None = None
    tracking: Callable[[Asset], Tracked | None] | None = None
    hang_up: Callable[[], None] = _nobody
    may_be_empty: bool = False
    chosen_by: tuple[str, ...] = ()

    def history(self) -> History | None:
        """Return the ledger that this run goes by; None: there is none. Raises `CannotRead`."""
        return self.ledger() if self.ledger is not None else ledger_at(self.manifest.root)
