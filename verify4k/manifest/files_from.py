"""``files_from:`` promises that a list makes, read a row at a time: a list may name millions of files."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from verify4k.documents.building import node_of
from verify4k.documents.nodes import Items, Mistake, Name
from verify4k.errors import ManifestError
from verify4k.files.patterns import is_pattern
from verify4k.files.targets import LIMIT_MATCHES
from verify4k.manifest.declarations import KEPT
from verify4k.manifest.including import beside, told_at
from verify4k.manifest.rows import SUFFIXES, is_list, rows
from verify4k.model import IncludedFile
from verify4k.options.kinds import MOST_MISTAKES, scalar, shown, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.documents.nodes import Node
    from verify4k.manifest.expansion import Expansion
    from verify4k.manifest.reader import Reader
    from verify4k.manifest.rows import Row

_EMPTY = "what writes it may have failed; where nothing is to be promised, drop files_from"
_OWN = frozenset(("for", "variants", "generate", "from", "exclude"))  # such a row is an entry like others


class HashedPieces:
    """Pieces of a file as they are read, and the SHA-256 of them."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            yield piece

    def sha256(self) -> str:
        """Return the digest of what was read so far."""
        return self._digest.hexdigest()


def read_lists(node: Node, reader: Reader, expansion: Expansion) -> tuple[IncludedFile, ...]:
    """Add what every named list promises; return the lists. Raises `ManifestError`.

    Args:
        node: one path or several, relative to the manifest.
        reader: of the manifest.
        expansion: takes the promises.
    """
    read: list[IncludedFile] = []
    mistakes: list[Mistake] = []
    if isinstance(node, Items) and not node.items:
        raise wrong(node, "files_from names no list", _EMPTY)
    for item in node.items if isinstance(node, Items) else (node,):
        try:
            path = _path(item)
            if any(path == each.path for each in read):
                raise ManifestError([Mistake(item.place, f"{shown(path)} is named twice", "keep one")])
            name = beside(reader.name, path)
            pieces = HashedPieces(_pieces(item, path, reader))
            if not add_rows(rows(pieces, name), reader, expansion):
                raise ManifestError([Mistake(item.place, f"the list {shown(path)} names no file", _EMPTY)])
        except ManifestError as error:
            mistakes.extend(error.mistakes)
            continue
        read.append(IncludedFile(name, pieces.sha256(), path, listed=True))
    if mistakes:
        raise ManifestError(mistakes)
    return tuple(each._replace(path=os.path.join(reader.folder, each.path)) for each in read)


def _path(item: Node) -> str:
    path = scalar(item, "the path of a list")
    if is_list(path) and not is_pattern(path):
        return path
    hint = f"it has one file a row: {', '.join(SUFFIXES)}; other sources: verify4k init --from"
    if is_pattern(path):
        hint = "files_from takes no patterns: name each list; patterns of pictures stand below files:"
    raise ManifestError([Mistake(item.place, f"{shown(path)} is no list of files", hint)])


def _pieces(item: Node, path: str, reader: Reader) -> Iterator[bytes]:
    with told_at(item, path, "list", "paths of lists are relative to the manifest"):
        yield from reader.open_tree(reader.folder, "").pieces(path)


def add_rows(found: Iterable[Row], reader: Reader, expansion: Expansion) -> int:
    """Add what the rows of a list promise, with the manifest's defaults; return how many there are.

    Raises `ManifestError`.
    """
    known: dict[str, int] = {}
    count = 0
    for count, row in enumerate(found, 1):
        if count > LIMIT_MATCHES:
            message = f"a list has {LIMIT_MATCHES:,} rows at most"
            raise ManifestError([Mistake(row.place, message, "divide it between several manifests")])
        if len(reader.mistakes) + len(expansion.mistakes) >= MOST_MISTAKES:
            reader.mistakes.append(Mistake(row.place, "more mistakes may follow from here on"))
            break
        options = repr(row.options)
        number = known.get(options)
        if number is None:
            number = _read(row, reader, expansion)
            if number is None:
                continue
            if len(known) < KEPT:
                known[options] = number
        expansion.add_listed(row.target, row.place, number)
    return count


def _read(row: Row, reader: Reader, expansion: Expansion) -> int | None:
    """Return the number of what a row says of its file; None where it was added, or is a mistake."""
    key = Name(row.place, row.target, plain=False)
    promises = reader.entries(key, node_of(row.options, row.place))
    if not _OWN.isdisjoint(row.options):
        for promise in promises:
            expansion.add(*reader.wished(promise))
        return None
    for promise in promises:
        declaration = promise.declaration
        return expansion.remember(
            declaration._replace(entry=declaration.entry._replace(places={}), listed=True)
        )
    return None
