"""Which promises a change touches: their file, what their file leads to, or what is promised."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Missing, NotAnImage
from verify4k.git.index import folded
from verify4k.model import LEDGER, Lineage
from verify4k.provenance.ledger_parts import part_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verify4k.git.past import Past
    from verify4k.model import Asset, Manifest

_SCALED = re.compile(r"@\d+x", re.IGNORECASE)  # logo@2x.png is measured against logo.png


class Touched:
    """Answers for one run.

    Args:
        manifest: the manifest as it is.
        before: as it was; None when it cannot be compared: then every promise is touched.
        past: the repository, and what changed in it.
        read: reads a file as the run does, by its path in the repository.
        untracked: whether a file that git does not know counts as changed.
    """

    def __init__(
        self,
        manifest: Manifest,
        before: Manifest | None,
        past: Past,
        read: Callable[[str], bytes],
        *,
        untracked: bool,
    ) -> None:
        # assets are told apart by identity below, so each is made once
        self._manifest = manifest._replace(assets=tuple(manifest.assets))
        self._past = past
        self._read = read
        self._untracked = untracked
        self._names = frozenset(map(folded, past.changes.paths))  # one file on macOS and Windows
        changed = {*past.changes.paths, *(self._new_attributes() if untracked else ())}
        attributes = [path for path in changed if f"/{path}".endswith("/.gitattributes")]
        self._attributes = tuple(path.removesuffix(".gitattributes") for path in attributes)  # their folders
        self._all = before is None or _frame(before) != _frame(manifest)
        assets = () if before is None else before.assets
        self._before = {os.path.normpath(asset.path): asset for asset in assets}

    @property
    def manifest(self) -> Manifest:
        """The manifest as it is."""
        return self._manifest

    def edited(self, path: str) -> bool:
        """Whether a file changed that the run goes by, such as a baseline. ``path``: absolute."""
        return self._past.edited(self._past.repository.relative(path))

    def assets(self, unlisted: bool) -> list[Asset]:
        """Return the touched assets. ``unlisted``: that rule was asked for by name."""
        assets = self._manifest.assets
        if self._all:
            return list(assets)
        paths = {
            id(asset): in_index(self._past.repository.top, asset.path)
            for asset in assets
            if asset.url is None
        }
        found = {id(asset) for asset in assets if self._promise(asset)}
        found |= {identity for identity, path in paths.items() if self._file(path)}
        found |= {identity for identity, path in paths.items() if path.startswith(self._attributes)}
        if self._disowned():
            found |= {id(asset) for asset in assets if "ledger" in asset.written.get("provenance", "")}
        found |= self._beside_strangers(paths, unlisted)
        lineage = Lineage(assets)  # what was made from a touched file is compared with it
        found |= {id(asset) for asset in assets if any(id(each) in found for each in lineage.of(asset))}
        return [asset for asset in assets if id(asset) in found]

    def _new_attributes(self) -> Iterator[str]:
        """Yield each .gitattributes above a promised file that git does not know."""
        top, known = self._past.repository.top, self._past.index.entries
        files = (asset.path for asset in self._manifest.assets if asset.url is None)
        above = {folder for path in files for folder in _folders(in_index(top, path))[:-1]}
        for folder in {"", *above}:
            path = f"{folder}/.gitattributes".removeprefix("/")
            if path not in known and os.path.lexists(os.path.join(top, path)):
                yield path

    def _promise(self, asset: Asset) -> bool:
        old = self._before.get(os.path.normpath(asset.path))
        return old is None or _promised(old) != _promised(asset)

    def _file(self, path: str) -> bool:
        base = _SCALED.sub("", path)
        if base != path and self._file(base):
            return True
        passed: list[str] = []
        try:
            self._past.index.find(path, passed)
        except Missing:
            if self._untracked:
                return True
        except CannotRead:
            pass  # in a submodule: touched when that is
        return any(folded(each) in self._names for each in (*passed, *_folders(path)))

    def _disowned(self) -> bool:
        """Whether the ledger has lost a line, which may have vouched for any picture."""
        folder = self._past.repository.relative(os.path.join(self._manifest.root, LEDGER)).rpartition("/")[0]
        parts = [
            path
            for path in self._past.changes.paths
            for above, _, name in (path.rpartition("/"),)
            if above == folder and (name == LEDGER or part_numbers((name,)))
        ]
        return not _lines(self._past.read, parts) <= _lines(self._read, parts)

    def _beside_strangers(self, paths: dict[int, str], selected: bool) -> set[int]:
        """Return who promises to have no strangers beside it, where one is new or is promised no more."""
        from verify4k.formats.registry import suffixes

        base = self._manifest.severities.get("unlisted", "error" if selected else None)
        first: dict[str, int] = {}
        for asset in self._manifest.assets:
            if id(asset) in paths and asset.severities.get("unlisted", base) is not None:
                first.setdefault(paths[id(asset)].rpartition("/")[0], id(asset))
        before = {in_index(self._past.repository.top, path) for path in self._before if first}
        strangers = {
            path.rpartition("/")[0]
            for path in (self._past.changes.paths | before).difference(paths.values())
            if os.path.splitext(path)[1].lower() in suffixes()
        }
        return {first[folder] for folder in strangers & first.keys()}


def _lines(read: Callable[[str], bytes], paths: Iterable[str]) -> set[bytes]:
    found: set[bytes] = set()
    for path in paths:
        with suppress(Missing, CannotRead, NotAnImage):
            found.update(read(path).split(b"\n"))
    return found - {b""}


def in_index(top: str, path: str) -> str:
    """Return an asset's path as the index names it: assets lie below the top, as they are written."""
    return os.path.relpath(path, top).replace(os.sep, "/")


def _folders(path: str) -> list[str]:
    """Return a path and the folders above it; a submodule changes under its folder's name."""
    parts = path.split("/")
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _frame(manifest: Manifest) -> Any:
    """Return what holds for every asset of a manifest."""
    return dict(manifest.severities), manifest.excluded, manifest.limits


def _promised(asset: Asset) -> Any:
    return (
        {kind: vars(options) for kind, options in asset.options.items()},
        dict(asset.severities),
        [(ignore.rule, ignore.sha256) for ignore in asset.ignores],
        asset.made_from,
        asset.fallbacks,
        asset.prompted,
    )
