"""Files that nobody wrote a manifest for: what they have to be stands on the command line."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from verify4k.checking.scope import Scope, file_of
from verify4k.documents.building import node_of
from verify4k.documents.nodes import COMMAND_LINE, Name, Pairs, Place, Scalar
from verify4k.documents.read import read_document
from verify4k.errors import UsageError
from verify4k.files.source import BytesSource
from verify4k.manifest.load import manifest_of
from verify4k.scopes import Opening, ScopeOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Node
    from verify4k.files.source import Source
    from verify4k.model import Asset

_WITHOUT = (
    ("--size", "SIZE", "the size that each TARGET has to have."),
    ("--alpha", "ALPHA", "forbidden, opaque, required or used."),
    ("--promise", "ENTRY", "any entry, such as 'format: png, dpi: 300'."),
)
# of a variable nobody would see that it stands in the manifest's place
OPTIONS = tuple(
    ScopeOption(name, f"Without a manifest: {what}", metavar, variable=False)
    for name, metavar, what in _WITHOUT
)
STDIN = "-"


@contextmanager
def open_scope(opening: Opening) -> Iterator[Scope]:
    """Promise the same of every TARGET; ``-`` is what stdin holds."""
    if opening.config is not None or opening.baseline is not None:
        with_it = "-c FILE" if opening.config is not None else "--baseline"
        raise UsageError(
            f"{with_it} goes with a manifest, and --size, --alpha and --promise do without one",
            "write the promise into the manifest, or leave one of the two out",
        )
    if not opening.targets:
        raise UsageError("nothing says of which file that is promised", "name files: check --size 64x64 FILE")
    root = _root(opening)
    entry = _entry(opening)
    here = Place(COMMAND_LINE, 1, 1)
    names = [Name(here, _target(each, opening.here, root), plain=False) for each in opening.targets]
    files = Pairs(here, tuple((name, entry) for name in dict.fromkeys(names)))
    document = Pairs(here, ((Scalar(here, "version"), Scalar(here, "1")), (Scalar(here, "files"), files)))
    manifest = manifest_of(document, hashlib.sha256(_said(opening).encode()).hexdigest(), COMMAND_LINE, root)
    piped = BytesSource(opening.stdin()) if STDIN in opening.targets else None

    def source_of(asset: Asset) -> Source:
        return piped if piped is not None and asset.target == STDIN else file_of(asset)

    def shown(path: str) -> str:
        return STDIN if piped is not None and path == os.path.join(root, STDIN) else opening.shown(path)

    yield Scope(manifest, manifest.assets, source_of, shown=shown)


def _said(opening: Opening) -> str:
    return ", ".join(f"{key}: {text}" for key, text in sorted(opening.given.items()))


def _root(opening: Opening) -> str:
    """Return the folder that holds every TARGET; manifests look no further than theirs, nor do we."""
    folders = [
        os.path.realpath(os.path.dirname(os.path.join(opening.here, each)))
        for each in opening.targets
        if each != STDIN and "://" not in each
    ]
    try:
        return os.path.commonpath(folders) if folders else opening.here
    except ValueError as error:
        raise UsageError("the TARGETs are on several drives", "check those of one drive at a time") from error


def _target(text: str, here: str, root: str) -> str:
    if text == STDIN or "://" in text:
        return text
    path = os.path.join(here, text)
    whole = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    return os.path.relpath(whole, root).replace(os.sep, "/")


def _entry(opening: Opening) -> Node:
    """Return the entry that the options say. Raises `ManifestError` at the option's own text."""
    pairs: list[tuple[Scalar, Node]] = []
    for key in ("size", "alpha"):
        if key in opening.given:
            place = Place(f"--{key}", 1, 1)
            pairs.append((Scalar(place, key), node_of(opening.given[key], place)))
    if "promise" in opening.given:
        if not opening.given["promise"].strip():
            raise UsageError("--promise promises nothing", "write it like --promise 'format: png, dpi: 300'")
        written = read_document(_braced(opening.given["promise"].strip()).encode(), "--promise")
        if not isinstance(written, Pairs):
            raise UsageError("--promise takes an entry", "write it like --promise 'format: png, dpi: 300'")
        pairs += written.pairs
    twice = sorted({key.text for key, _ in pairs if [name.text for name, _ in pairs].count(key.text) > 1})
    if twice:
        raise UsageError(f"{twice[0]} is promised twice", f"say it once: --{twice[0]}, or in --promise")
    return Pairs(Place(COMMAND_LINE, 1, 1), tuple(pairs))


def _braced(said: str) -> str:
    """Return an entry as a mapping: with its own braces, of options without any, or of a bare size."""
    if said.startswith("{"):
        return said
    return f"{{{said}}}" if {":", "="}.intersection(said) else f"{{size: {said}}}"
