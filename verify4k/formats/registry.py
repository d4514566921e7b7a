"""Formats found by their files: what each is called, what its bytes begin with, and who reads it.

A format is a module or a package of `verify4k.formats` with a `FORMAT`; adding one adds one file.
Sniffing, suffixes, media types, ``format:`` in manifests and its schema all read `verify4k.formats.table`,
which `scripts/format_table.py` writes, so that nobody imports twenty parsers to name a PNG.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from verify4k import formats
from verify4k.formats.facts import once
from verify4k.formats.table import DECLARED, HOMES
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from verify4k.formats.facts import Header, Reader, Walk
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

    Recognize = Callable[[bytes], "str | None"]

HEAD = 4096  # bytes that `sniff` may want to see


class Format(NamedTuple):
    """One image format, as its file declares it.

    Args:
        name: what ``format:`` calls it.
        suffixes: lower case, with the dot; the first is the usual one.
        media_types: lower case, without parameters; the first is the registered one.
        magic: what its files may begin with.
        recognize: for formats that no fixed prefix tells: the first `HEAD` bytes -> its name or None.
        readable: whether there are ``header``, ``walk`` and ``decode``; False: known by name only.
        weak: ``recognize`` rests on little, so every other format is asked first.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    recognize: Recognize | None = None
    readable: bool = True
    weak: bool = False


class Parser:
    """The functions of one readable format, imported when called (see `verify4k.formats.facts`).

    A module has them itself; a package has one submodule for each, of the same name.
    """

    def __init__(self, home: ModuleType) -> None:
        self._home = home
        self._known: dict[str, Callable[..., Any] | None] = {}

    def find(self, name: str) -> Callable[..., Any] | None:
        """Return one function; None where this format has none (``inflate`` and ``top`` are optional)."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> Callable[..., Any] | None:
        if not hasattr(self._home, "__path__"):
            found: Callable[..., Any] | None = getattr(self._home, name, None)
            return found
        path = f"{self._home.__name__}.{name}"
        try:
            module = importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name != path:
                raise
            return None
        function: Callable[..., Any] = getattr(module, name)
        return function

    def _required(self, name: str) -> Callable[..., Any]:
        found = self.find(name)
        if found is None:
            raise TypeError(f"{self._home.__name__} lacks {name}()")
        return found

    def header(self, reader: Reader) -> Header:
        """Return what a few KB tell. Raises `Damaged`."""
        found: Header = once(reader, self._required("header"))
        return found

    def walk(self, reader: Reader) -> Walk:
        """Return what the whole container tells."""
        found: Walk = self._required("walk")(reader)
        return found

    def decode(self, data: bytes, header: Header, *, colour: bool, limits: Limits) -> Pixels:
        """Return the first composited frame. Raises `Damaged`, `LimitHit`, `MissingTool`."""
        found: Pixels = self._required("decode")(data, header, colour=colour, limits=limits)
        return found


def declared() -> Mapping[str, tuple[Format, str]]:
    """Import what `verify4k.formats` holds; return each format with the name of its home, by name, sorted."""
    names = [entry.name for entry in pkgutil.iter_modules(formats.__path__)]
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    homes = zip(names, modules, strict=True)
    return _by_name((each, name) for name, module in homes for each in _own(module))


def _by_name(declared: Iterable[tuple[Format, str]]) -> Mapping[str, tuple[Format, str]]:
    """Of two formats of one name the one that can be read is meant, and the other was known by name only."""
    found: dict[str, tuple[Format, str]] = {}
    for each, home in declared:
        other = found.get(each.name)
        if other is not None and other[0].readable is each.readable:
            raise TypeError(f"two formats are called {each.name}")
        if other is None or each.readable:
            found[each.name] = each, home
    return dict(sorted(found.items()))


def _own(module: ModuleType) -> Iterable[Format]:
    one = getattr(module, "FORMAT", None)
    return getattr(module, "FORMATS", ()) if one is None else (one,)


def _home(name: str) -> ModuleType:
    return importlib.import_module(f"{formats.__name__}.{HOMES[name]}")


@cache
def _recognizer(name: str) -> Recognize:
    (found,) = (each.recognize for each in _own(_home(name)) if each.name == name and each.recognize)
    return found


def _recognized(name: str, head: bytes) -> str | None:
    """Ask the ``recognize`` of a format, whose file is imported only now."""
    return _recognizer(name)(head)


@cache
def all_formats() -> Mapping[str, Format]:
    """Return every known format by name, sorted."""
    asked = {row[0]: partial(_recognized, row[0]) for row in DECLARED if row[4]}
    return {
        name: Format(name, suffixes, types, magic, asked.get(name), readable, weak)
        for name, suffixes, types, magic, _, readable, weak in DECLARED
    }


@cache
def readable() -> tuple[str, ...]:
    """Return the names of the formats that can be read: the words of ``format:``."""
    return tuple(name for name, each in all_formats().items() if each.readable)


@cache
def suffixes() -> Mapping[str, str]:
    """Return the format that each suffix (lower case, with its dot) promises."""
    return {suffix: each.name for each in all_formats().values() for suffix in each.suffixes}


@cache
def media_types() -> Mapping[str, str]:
    """Return the format that each media type (lower case, without parameters) promises."""
    return {kind: each.name for each in all_formats().values() for kind in each.media_types}


@cache
def _magic() -> Mapping[bytes, tuple[tuple[bytes, str], ...]]:
    """Return what files may begin with and whose that is, the longest first, by the first byte."""
    pairs = [(magic, each.name) for each in all_formats().values() for magic in each.magic]
    pairs.sort(key=lambda pair: -len(pair[0]))
    return {magic[:1]: tuple(pair for pair in pairs if pair[0][:1] == magic[:1]) for magic, _ in pairs}


@cache
def _recognizers() -> tuple[Recognize, ...]:
    asked = [each for each in all_formats().values() if each.recognize is not None]
    return tuple(each.recognize for each in sorted(asked, key=lambda each: each.weak) if each.recognize)


def sniff(head: bytes) -> str | None:
    """Name the image format of a file that starts with ``head``; None: no image known here."""
    for magic, name in _magic().get(head[:1], ()):
        if head.startswith(magic):
            return name
    for recognize in _recognizers():
        found = recognize(head)
        if found is not None:
            return found
    return _cut_signature(head)


def _cut_signature(head: bytes) -> str | None:
    """A file cut inside its own signature: the format's module says how it ends."""
    if not 2 <= len(head) < 8 or (len(head) == 2 and head != b"\xff\xd8"):
        return None
    strong = (pair for pair in _magic().get(head[:1], ()) if pair[1] in ("png", "jpeg", "gif"))
    return next((name for magic, name in strong if magic.startswith(head)), None)


@cache
def load(name: str) -> Parser:
    """Return the functions that read ``name``. Raises `CannotRead` for a format known by name only."""
    known = all_formats().get(name)
    if known is None or not known.readable:
        from verify4k.errors import CannotRead

        raise CannotRead(
            f"{name} is an image format that verify4k cannot read",
            "export it as PNG, JPEG, WebP or AVIF, or leave it out of the manifest",
        )
    return Parser(_home(name))
