"""YAML, JSON or pyproject.toml -> `Manifest`: strict, every mistake at once with line and column."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Pairs, Place, Scalar
from verify4k.documents.read import read_document
from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.files.trees import disk_tree
from verify4k.manifest.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import OpenTree
    from verify4k.model import Manifest

_MOST = 1 << 21  # the document reader refuses less than this; nothing larger is even read


def load_manifest(path: str | os.PathLike[str], *, shown_as: str | None = None) -> Manifest:
    """Read a manifest file.

    Args:
        path: the file; its suffix decides how it is read.
        shown_as: the name in messages and reports; by default the path as given.

    Raises:
        ManifestError: with every mistake, each at its line and column.
        UsageError: the file cannot be read.
    """
    name = os.fspath(path)
    try:
        reader = FileSource(name).open()
        try:
            data = reader.read(0, _MOST)
        finally:
            reader.close()
    except (Missing, CannotRead) as error:
        from verify4k.files.similar_names import similar_name

        hint = "name one with -c FILE, or write one with: verify4k init"
        lost = isinstance(error, Missing) and not os.path.islink(name)
        if lost and (other := similar_name(name, 0)) is not None:
            hint = other.hint
        raise UsageError(f"cannot read the manifest {name}: {error.message}", hint) from error
    if reader.size > _MOST:
        hint = "use patterns such as dist/*.png, or split it into several manifests"
        raise UsageError(f"the manifest {name} has {reader.size:,} bytes; the limit is 1 MiB", hint)
    return parse_manifest(data, shown_as or name, os.path.dirname(os.path.realpath(name)))


def parse_manifest(
    data: bytes, name: str, folder: str, open_tree: OpenTree = disk_tree, depth: int = 0
) -> Manifest:
    """Read manifest bytes whose targets lie below ``folder``, or where its ``root:`` says."""

    def included(data: bytes, name: str, folder: str) -> Manifest:
        return parse_manifest(data, name, folder, open_tree, depth + 1)

    reader = Reader(name, folder, open_tree, included, depth)
    document = read_document(data, name)
    if b"verify4k:" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        from verify4k.manifest.comments import read_comments

        reader.comments = read_comments(data, name, document, reader.words.rules)
    return reader.manifest(document, hashlib.sha256(data).hexdigest())


def manifest_of_rows(pieces: Iterable[bytes], name: str, folder: str) -> Manifest:
    """Read a list as a manifest that promises what its rows do.

    Args:
        pieces: the bytes of the list.
        name: what messages call it.
        folder: what its targets are relative to.
    """
    from verify4k.manifest.files_from import HashedPieces
    from verify4k.manifest.rows import rows

    start, digested = Place(name, 1, 1), HashedPieces(pieces)
    document = Pairs(start, ((Scalar(start, "version"), Scalar(start, "1")),))
    manifest = Reader(name, folder, disk_tree).manifest(document, "", rows(digested, name))
    return manifest._replace(sha256=digested.sha256())


def manifest_of(document: Node, sha256: str, name: str, folder: str) -> Manifest:
    """Read a document that some other file stands for: its targets are `Name`s, never patterns.

    Args:
        document: what a manifest would say, with the places of that file.
        sha256: of that file.
        name: what messages call it.
        folder: what its targets are relative to.
    """
    return Reader(name, folder, disk_tree).manifest(document, sha256)
