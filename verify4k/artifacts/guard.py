"""The one place where a crash in a rule or a parser becomes "could not be checked"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from verify4k.errors import CannotRead, LimitHit, Verify4kError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)


def guarded(call: Callable[..., T], *arguments: Any) -> T:
    """Return ``call(*arguments)``. What it raises by mistake (a bug, no memory) is raised as `CannotRead`.

    One file that trips a bug must neither end the run of the others nor pass by accident.
    """
    try:
        return call(*arguments)
    except Verify4kError:
        raise
    except Exception as error:
        raise crashed(error) from error


def crashed(error: Exception) -> Verify4kError:
    """Return what is told instead of an exception that nobody meant to raise."""
    if isinstance(error, MemoryError):
        return LimitHit(
            "checking it needs more memory than there is",
            "raise memory with limits: in the manifest or --limit, or use fewer --jobs",
        )
    said = f"{type(error).__name__}: {ascii(str(error))[1:-1][:200]}"
    return CannotRead(
        f"verify4k crashed here: {said}", "this is a bug in verify4k; please report it with the file"
    )


def untraced(error: E) -> E:
    """Let go of how an error came about, and return it: its traceback would keep the picture in memory."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error
