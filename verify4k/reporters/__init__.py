"""Finds reporters by name and writes several reports of one run."""

from __future__ import annotations

import importlib
import os
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType

    from verify4k.report import RenderOptions, Report


_PIECE = 1 << 16  # characters that are written at once


class Wanted(NamedTuple):
    """One report to write: its format and where to."""

    format: str
    path: str


@cache
def names() -> tuple[str, ...]:
    """Return the names of all formats, sorted; a reporter's file is its name."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in found if not name.startswith("_")))


def reporter(name: str) -> ModuleType:
    """Import one reporter: a module with ``render(report, options) -> str``.

    One whose text grows with every asset also has ``pieces(report, options)``, which yields that text in
    pieces that end in a line break: a million assets need not stand in memory as text.
    """
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def parse_wanted(text: str) -> Wanted:
    """Read ``FMT=PATH``. Raises `UsageError` with the formats there are."""
    name, equals, path = text.partition("=")
    if not equals or not path or name not in names():
        from verify4k.suggest import suggest

        near = suggest(name, names())
        hint = (
            f"did you mean {near}=PATH?" if near and near != name else f"FMT is one of {', '.join(names())}"
        )
        raise UsageError(f"--report takes FMT=PATH, not {text!a}", hint)
    if path == "-":
        raise UsageError(
            f"--report {text} would mix two answers on stdout", f"ask for it with --format {name}"
        )
    return Wanted(name, path)


def wants_thumbnails(formats: Iterable[str]) -> bool:
    """Whether one of the formats shows pictures (its module says ``THUMBNAILS = True``)."""
    return any(getattr(reporter(name), "THUMBNAILS", False) for name in set(formats))


def text_pieces(module: ModuleType, report: Report, options: RenderOptions) -> Iterator[str]:
    """Yield a report's text, in pieces of some size that end in a line break; nothing where it is empty."""
    made = module.pieces(report, options) if hasattr(module, "pieces") else [module.render(report, options)]
    held: list[str] = []
    size = 0
    for piece in made:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    if size:
        yield "".join(held)


def write_all(wanted: Sequence[Wanted], report: Report, options: RenderOptions) -> None:
    """Write each report beside its place, then rename it. Raises `UsageError` for the first that fails."""
    for one in wanted:
        module = reporter(one.format)
        write_file(one.path, encoded(module, text_pieces(module, report, options)))


def encoded(module: ModuleType, pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield a reporter's text as the bytes of a file."""
    errors: str = getattr(module, "ERRORS", "backslashreplace")
    return (piece.encode("utf-8", errors) for piece in pieces)


def write_file(path: str, data: bytes | Iterable[bytes]) -> None:
    """Replace a file as a whole: readers see the old one or the new one, never half."""
    import tempfile

    pieces = (data,) if isinstance(data, bytes) else data
    folder = os.path.dirname(path) or "."
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                stream.writelines(pieces)
            return
        handle, beside = tempfile.mkstemp(prefix=".verify4k-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(pieces)
            os.chmod(beside, 0o666 & ~_umask())
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", "check the folder and its permissions"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
