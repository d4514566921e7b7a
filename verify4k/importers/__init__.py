"""Promises that exist already: one file a source, found by being here.

An importer's module reads one kind of source (an icon set, a table, a page) and has

``recognizes(name, head) -> bool``
    Whether a file is one, by its name and its first `HEAD` bytes; ``head`` is empty for a folder.
``promises(source) -> Iterator[Promise | LeftOut | AlsoRead]``
    What it promises, each with the place that says so, what of it nobody will check, and which other
    files say so. Raises `ManifestError` for what it cannot mean.

and, where its promises are not relative to the source's own folder, ``root(source) -> str``. Its
docstring is its page. `verify4k init --from SOURCE` writes the promises as a manifest;
``verify4k check SOURCE`` checks those of a file as they are. Both go through the manifest's own reader, so a
wrong word in a table is told as it is in a manifest.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from typing import TYPE_CHECKING

from verify4k.documents.building import node_of
from verify4k.documents.nodes import Name, Pairs, Place, Scalar
from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.files.targets import without_parents
from verify4k.files.urls import is_url
from verify4k.files.walking import walk
from verify4k.manifest.discovery import is_manifest
from verify4k.manifest.load import load_manifest, manifest_of, manifest_of_rows
from verify4k.model import IncludedFile
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

    from verify4k.documents.building import Value
    from verify4k.errors import Verify4kError
    from verify4k.model import Manifest

LIST = "table"  # the kind that is read as a stream
HEAD = 1 << 16  # translations fill the first 16 KiB of a real manifest.json
LIMIT_BYTES = 16 << 20
_PICTURES = (".png", ".jpg", ".jpeg")


class Promise(NamedTuple):
    """What a source says about one file.

    Args:
        target: the file, relative to the source's folder, with forward slashes; never a pattern.
        place: where the source says so.
        options: what is promised, as a manifest entry writes it.
    """

    target: str
    place: Place
    options: Mapping[str, Value]


class LeftOut(NamedTuple):
    """A sentence for the report about what a source names and nobody will check; its text is foreign."""

    sentence: str


class AlsoRead(NamedTuple):
    """Another file that promises were read from, such as a style sheet: its path, absolute, and its bytes."""

    path: str
    data: bytes


class ImportedPromises(NamedTuple):
    """What a source says: its promises, and sentences about what it names and nobody will check.

    ``also_read``: the other files that say so, each once.
    """

    promises: tuple[Promise, ...]
    left_out: tuple[str, ...]
    also_read: tuple[IncludedFile, ...] = ()


def united(promises: Iterable[Promise]) -> Iterator[Promise]:
    """Yield promises; each one of an icon file has every size that any of them says the file holds."""
    found = list(promises)
    held: dict[str, dict[Value, None]] = {}
    for each in found:
        sizes = each.options.get("sizes", ())
        held.setdefault(each.target, {}).update(dict.fromkeys(sizes if isinstance(sizes, list) else ()))
    for each in found:
        all_sizes = list(held[each.target])
        yield each._replace(options={**each.options, "sizes": all_sizes}) if all_sizes else each


def pictures_below(root: str, below: str = "", suffixes: tuple[str, ...] = _PICTURES) -> Iterator[str]:
    """Yield the pictures in a store's folder, relative to ``root``, in the order of their names."""
    for folder, names in walk(os.path.join(root, below)):
        for name in names:
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


class Source(NamedTuple):
    """A file or folder that makes promises.

    Args:
        path: where it is, absolute.
        name: what messages call it.
        data: a file's bytes; empty for a folder.
    """

    path: str
    name: str
    data: bytes

    @property
    def folder(self) -> str:
        """The folder that its promises are relative to."""
        return self.path if os.path.isdir(self.path) else os.path.dirname(self.path)


class Importer(NamedTuple):
    """One kind of source."""

    kind: str
    module: ModuleType

    @property
    def title(self) -> str:
        """What it reads, one line."""
        return (self.module.__doc__ or "").partition("\n")[0]

    def recognizes(self, name: str, head: bytes) -> bool:
        """Whether a file or folder is of this kind."""
        found: bool = self.module.recognizes(name, head)
        return found

    def root(self, source: Source) -> str:
        """The folder that promises are relative to, and must not leave."""
        own = getattr(self.module, "root", None)
        return source.folder if own is None else own(source)

    def read(self, source: Source) -> ImportedPromises:
        """Read what a source says."""
        told = list(self.module.promises(source))
        return ImportedPromises(
            tuple(united(each for each in told if isinstance(each, Promise))),
            tuple(each.sentence for each in told if isinstance(each, LeftOut)),
            tuple(dict.fromkeys(_included(each) for each in told if isinstance(each, AlsoRead))),
        )


def _included(read: AlsoRead) -> IncludedFile:
    import hashlib

    name = os.path.relpath(read.path, os.getcwd()).replace(os.sep, "/")
    return IncludedFile(name, hashlib.sha256(read.data).hexdigest(), read.path, listed=True)


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds, sorted."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)))


def find_importer(kind: str) -> Importer:
    """Import one importer. Raises `UsageError` with a guess for a name that is none."""
    if kind not in kinds():
        from verify4k.suggest import suggest

        near = suggest(kind, kinds())
        hint = f"did you mean {near}?" if near else f"known: {', '.join(kinds())}"
        raise UsageError(f"no importer is called {kind[:60]!a}", hint)
    return Importer(kind, importlib.import_module(f"{__name__}.{kind.replace('-', '_')}"))


def recognized(path: str) -> Importer | None:
    """Return the importer for a file or folder; None where none knows it."""
    head = b""
    if not os.path.isdir(path):
        try:
            reader = FileSource(path).open()
        except (Missing, CannotRead):
            return None
        try:
            head = reader.read(0, HEAD)
        except CannotRead:
            return None
        finally:
            reader.close()
    found = (find_importer(kind) for kind in kinds())
    return next((each for each in found if each.recognizes(path.replace(os.sep, "/"), head)), None)


def open_source(path: str, name: str) -> Source:
    """Read a source. Raises `UsageError`."""
    if os.path.isdir(path):
        return Source(os.path.realpath(path), name, b"")
    try:
        data = FileSource(path).read_all()
    except (Missing, CannotRead) as error:
        raise _unreadable(name, error) from error
    if len(data) > LIMIT_BYTES:
        raise UsageError(
            f"{name} has {len(data):,} bytes; the limit is {LIMIT_BYTES:,}", "split it into several sources"
        )
    return Source(os.path.realpath(path), name, data)


def _unreadable(name: str, error: Verify4kError) -> UsageError:
    return UsageError(f"cannot read {name}: {error.message}", error.hint)


def makes_promises(target: str) -> bool:
    """Whether a TARGET is a manifest or another file that says what pictures have to be."""
    return is_manifest(target) or (os.path.isfile(target) and recognized(target) is not None)


def reads_more(path: str) -> bool:
    """Whether promises may stand in other files than this one: a page has style sheets, an app components."""
    if is_manifest(path):
        return False  # which names what it includes
    importer = recognized(path)
    return importer is not None and importer.kind != LIST


def load_promises(path: str, name: str) -> Manifest:
    """Read a manifest, or what an importer knows. Raises `ManifestError`, `UsageError`.

    Args:
        path: the file.
        name: what messages and reports call it.
    """
    if is_manifest(path):
        return load_manifest(path, shown_as=name)
    importer = recognized(path)
    if importer is None:
        return load_manifest(path, shown_as=name)
    if importer.kind == LIST:
        return _of_list(path, name)
    return manifest_from(importer, open_source(path, name))


def _of_list(path: str, name: str) -> Manifest:
    """Read a list of files, of any length. Raises `ManifestError`, `UsageError`."""
    try:
        return manifest_of_rows(FileSource(path).pieces(), name, os.path.dirname(os.path.realpath(path)))
    except (Missing, CannotRead) as error:
        raise _unreadable(name, error) from error


def manifest_from(importer: Importer, source: Source) -> Manifest:
    """Return a source's promises as a manifest whose places are those of the source."""
    import hashlib

    start, said = Place(source.name, 1, 1), importer.read(source)
    files = tuple(
        (Name(each.place, _direct(each.target), plain=False), node_of(each.options, each.place))
        for each in said.promises
    )
    document = Pairs(
        start, ((Scalar(start, "version"), Scalar(start, "1")), (Scalar(start, "files"), Pairs(start, files)))
    )
    digest = hashlib.sha256(source.data).hexdigest()
    manifest = manifest_of(document, digest, source.name, importer.root(source))
    return manifest._replace(notes=said.left_out, included=said.also_read)


def _direct(target: str) -> str:
    """Return a target as a manifest names it: what reads a source takes "icons/../a.png" for "a.png"."""
    return target if is_url(target) else without_parents(target)


INTRODUCTION = """\
# Promises that exist already

`verify4k init --from SOURCE` writes them as a manifest, `verify4k check SOURCE` checks them as
they are, with findings at the source's own lines; a folder needs the manifest. What a SOURCE is
follows from its name and its first bytes; `--from KIND=SOURCE` says it. Kinds:"""


def reference() -> str:
    """Return the pages of all importers, as Markdown."""
    lines = [INTRODUCTION]
    for kind in kinds():
        importer = find_importer(kind)
        title, _, body = (importer.module.__doc__ or "").partition("\n")
        lines += ["", f"## {kind}", "", title, body.rstrip()]
    return "\n".join(lines)
