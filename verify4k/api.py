"""`verify4k.check` and `verify4k.inspect`: the engine for Python programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.inspection import inspect_source
from verify4k.checking.engine import check as check_scope
from verify4k.checking.plan import Settings
from verify4k.checking.remote import Network, Remote
from verify4k.checking.scope import Scope
from verify4k.files.source import BytesSource, FileSource
from verify4k.files.targets import images_beside
from verify4k.git.worktree import tracking_of
from verify4k.report import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from verify4k.artifacts.content import Depth
    from verify4k.model import Asset, Manifest
    from verify4k.report import Report


def check(
    manifest: Manifest,
    settings: Settings = Settings(),
    *,
    assets: Sequence[Asset] | None = None,
    progress: Callable[[int, int], None] | None = None,
    network: Network = Network(),
    executor: Executor | None = None,
) -> Report:
    """Check promised files on the disk and promised URLs, as ``verify4k check`` does.

    Args:
        manifest: what was promised, from `verify4k.load_manifest`.
        settings: depth, rules, what gates.
        assets: a part of ``manifest.assets``; all of them by default.
        progress: called with (done, total) after each asset.
        network: how URLs are asked.
        executor: who checks files in depth, any `concurrent.futures.Executor` that sees the same files; by
            default processes of our own, which may crash without harm.
    """
    chosen = manifest.assets if assets is None else tuple(assets)
    scope = Scope(
        manifest,
        chosen,
        images_beside=lambda: images_beside(manifest.root, manifest.files),
        tracking=tracking_of(manifest.root, chosen, os.environ),
        chosen_by=("assets",),
    )
    with Remote(network) as remote:
        report = check_scope(remote.over(scope), settings, progress, executor)
    if report.exit_code == INTERRUPTED:
        raise KeyboardInterrupt
    return report


def inspect(
    source: str | os.PathLike[str] | bytes, *, depth: Depth = "full", name: str = "", native: bool = False
) -> dict[str, Any]:
    """Return every fact of one image as a JSON-able mapping; a fact that cannot be had is None.

    Args:
        source: a path, or the image's bytes.
        depth: "header" reads a few KB and decodes nothing.
        native: also look for signs of enlargement, under ``native``.
        name: what to call the image in the result; by default the path.

    Never raises for what the image is: damage and foreign bytes are in ``integrity`` and
    ``error``. The keys are those of ``verify4k inspect --format json``.
    """
    if isinstance(source, bytes):
        return inspect_source(name or "bytes", BytesSource(source), name, depth, native=native)
    path = os.fspath(source)
    return inspect_source(name or path, FileSource(path), path, depth, native=native)
