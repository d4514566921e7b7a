"""``include:`` promises of other manifests, with the places where they stand."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Items, Mistake
from verify4k.errors import CannotRead, ManifestError, Missing
from verify4k.files.patterns import is_pattern
from verify4k.files.targets import Outside
from verify4k.model import IncludedFile
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import scalar, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import OpenTree, Tree
    from verify4k.model import Asset, Manifest

    Parse = Callable[[bytes, str, str], Manifest]

DEEPEST = 10  # manifests that include each other


class Included(NamedTuple):
    """What the included manifests promise, as promises of the one that includes them."""

    assets: Sequence[Asset]
    excluded: tuple[str, ...]
    files: tuple[IncludedFile, ...]
    grouped: bool


class Including(NamedTuple):
    """Where an ``include:`` stands.

    Args:
        name: what the including manifest is called.
        folder: where it stands, absolute.
        tree: the files that its targets mean.
        open_tree: opens the folder of an included manifest.
        parse: reads the bytes of one: (data, name, folder).
        owned: the targets that the including manifest promises itself, with their places.
    """

    name: str
    folder: str
    tree: Tree
    open_tree: OpenTree
    parse: Parse
    owned: Mapping[str, Asset]


def read_includes(node: Node, where: Including) -> Included:
    """Read every included manifest. Raises `ManifestError` with all mistakes, also those inside of them."""
    found = Included((), (), (), grouped=False)
    mistakes: list[Mistake] = []
    owned = dict(where.owned)
    for item in node.items if isinstance(node, Items) else (node,):
        try:
            path = scalar(item, "the path of a manifest")
            manifest, file = _read(item, path, where)
            assets = tuple(_moved(item, manifest, where, owned))
        except ManifestError as error:
            mistakes.extend(error.mistakes)
            continue
        owned.update((asset.target, asset) for asset in assets)
        prefix = os.path.relpath(manifest.root, where.tree.root).replace(os.sep, "/")
        patterns = tuple(p if prefix == "." else f"{prefix}/{p}" for p in manifest.excluded)
        found = Included(
            (*found.assets, *assets),
            found.excluded + patterns,
            (*found.files, file, *manifest.included),
            found.grouped or manifest.grouped,
        )
    if mistakes:
        raise ManifestError(mistakes)
    return found


def _read(item: Node, path: str, where: Including) -> tuple[Manifest, IncludedFile]:
    hint = "paths of included manifests are relative to this one"
    if is_pattern(path):
        hint = "include takes no patterns: name each manifest, or check all of them: verify4k check --all"
    with told_at(item, path, "manifest", hint):
        data = where.open_tree(where.folder, "").read(path)
    name, place = beside(where.name, path), os.path.join(where.folder, path)
    manifest = where.parse(data, name, os.path.dirname(place))
    if manifest.generate is not None:
        message = f"{shown(path)} says how pictures are made"
        raise ManifestError(
            [Mistake(item.place, message, "generate: and routes: stand in the including manifest")]
        )
    return manifest, IncludedFile(name, manifest.sha256, place)


@contextmanager
def told_at(item: Node, path: str, what: str, hint: str) -> Iterator[None]:
    """Make a mistake where a file stands that a manifest names, of what keeps it from being read."""
    try:
        yield
    except Outside as error:
        raise ManifestError([Mistake(item.place, f"{shown(path)} {error}", hint)]) from error
    except (Missing, CannotRead) as error:
        message = f"cannot read the {what} {shown(path)}: {error.message}"
        raise ManifestError([Mistake(item.place, message, hint)]) from error


def beside(name: str, path: str) -> str:
    """Return what messages call a file that a manifest names relative to itself."""
    above = os.path.dirname(name).replace(os.sep, "/")
    return os.path.normpath(f"{above}/{path}" if above else path).replace(os.sep, "/")


def _moved(item: Node, manifest: Manifest, where: Including, owned: Mapping[str, Asset]) -> Iterator[Asset]:
    """Yield the included promises, as seen from the including manifest's root."""
    for asset in manifest.assets:
        target = asset.target
        if asset.url is None:
            target = os.path.relpath(asset.path, where.tree.root).replace(os.sep, "/")
        if target.split("/")[0] == "..":
            message = f"{shown(asset.target)} of {manifest.path} leaves the folder"
            raise ManifestError([Mistake(item.place, message, "a top-level root: FOLDER widens the folder")])
        if target in owned:
            message = f"{shown(target)} is promised by {owned[target].place.path} too"
            raise ManifestError([Mistake(asset.place, message, "keep one of the two promises")])
        severities = {**manifest.severities, **asset.severities}
        yield asset.replaced(target=target, severities=severities)
