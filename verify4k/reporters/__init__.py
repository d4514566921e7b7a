"""Finds reporters by name and writes several reports of one run."""

from __future__ import annotations

import importlib
import os
import pkgutil
from typing import TYPE_CHECKING, NamedTuple

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from verify4k.report import RenderOptions, Report


class Wanted(NamedTuple):
    """One report to write: its format and where to."""

    format: str
    path: str


def names() -> list[str]:
    """Return the names of all formats, sorted; a reporter's file is its name."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


def reporter(name: str) -> ModuleType:
    """Import one reporter: a module with ``render(report, options) -> str``."""
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
    return Wanted(name, path)


def wants_thumbnails(formats: Iterable[str]) -> bool:
    """Whether one of the formats shows pictures (its module says ``THUMBNAILS = True``)."""
    return any(getattr(reporter(name), "THUMBNAILS", False) for name in set(formats))


def write_all(wanted: Sequence[Wanted], report: Report, options: RenderOptions) -> None:
    """Write each report beside its place, then rename it. Raises `UsageError` for the first that fails."""
    for one in wanted:
        module = reporter(one.format)
        text: str = module.render(report, options)
        write_file(one.path, text.encode("utf-8", getattr(module, "ERRORS", "backslashreplace")))


def write_file(path: str, data: bytes) -> None:
    """Replace a file as a whole: readers see the old one or the new one, never half."""
    import tempfile

    folder = os.path.dirname(path) or "."
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                stream.write(data)
            return
        handle, beside = tempfile.mkstemp(prefix=".verify4k-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
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
