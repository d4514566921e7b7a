"""The error tree: every exception verify4k raises on purpose.

Verify4kError
├── UsageError                the user's turn: exit 2
│   └── ManifestError           every mistake of a manifest at once
├── CannotRead                could not be decided: exit 3, never a pass
│   ├── LimitHit                a safety limit stopped the reading
│   ├── BehindDamage            the fact is hidden by damage that is told already
│   ├── BeyondDepth             the fact needs more than ``--depth header``, or than a drawing has
│   ├── Elsewhere               another process can tell: it holds the connections, or may decode
│   ├── WorkerLost              the process that was checking it is gone
│   └── MissingTool             an extra or a program is not installed
├── NotAsked                  a rule finds that its question does not apply here
├── Missing                   nothing is there under that name
├── NotAnImage                the bytes are something else: named for what they are
└── Damaged                   an image, but broken

A rule lets all of these fly; the engine alone turns them into a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.documents.nodes import Mistake


class Verify4kError(Exception):
    """Base of everything below. ``hint`` is the next step, a sentence or empty."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole, whatever a kind of error is made from."""
        return _arrived, (type(self), self.args), self.__dict__


def _arrived(kind: type[Verify4kError], given: tuple[object, ...]) -> Verify4kError:
    error = kind.__new__(kind)
    error.args = given
    return error


class UsageError(Verify4kError):
    """The command line or the surroundings are wrong; nothing was checked."""


class NoPage(UsageError):
    """A TARGET was to be a page: it is not there, or is something else.

    ``said`` and ``actual``: the same as a finding about that page says it, which need not name it.
    """

    def __init__(self, message: str, hint: str, said: str, actual: str) -> None:
        super().__init__(message, hint)
        self.said = said
        self.actual = actual


class ManifestError(UsageError):
    """The manifest has mistakes; ``mistakes`` holds all of them, in file order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class CannotRead(Verify4kError):
    """A fact could not be had. Undecided, not a verdict about the image."""


class LimitHit(CannotRead):
    """Reading on would cost more memory or time than the run allows."""


class BehindDamage(CannotRead):
    """The picture is damaged, so this cannot be told of it; the damage itself is the news."""


class BeyondDepth(CannotRead):
    """The fact needs the whole file or its pixels: the run reads headers only, or a drawing has none."""


class Elsewhere(CannotRead):
    """Another process can tell: the one that holds the connections, or one that may decode."""


class WorkerLost(CannotRead):
    """The process that had a task is gone. ``again``: something else may have killed it."""

    def __init__(self, message: str, hint: str = "", *, again: bool = False) -> None:
        super().__init__(message, hint)
        self.again = again


class MissingTool(CannotRead):
    """A decoder or program is missing; ``hint`` says how to install it."""


class NotAsked(Verify4kError):
    """The question makes no sense for this picture (too small, say) and nobody asked for it."""


class Missing(Verify4kError):
    """No file has this name, or it is no regular file (directory, FIFO, dangling link)."""


class NotAnImage(Verify4kError):
    """The bytes are no image of a kind verify4k knows; the message names what they are.

    ``kind`` is a short name of what they are ("svg", "html", "lfs", ...), empty where nobody knows.
    """

    def __init__(self, message: str, hint: str = "", kind: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind


class Damaged(Verify4kError):
    """The image is broken: truncated, corrupt, or promising more than it holds.

    ``kind`` is "mispacked" for a body that is not packed as its server says, empty otherwise.
    """

    def __init__(self, message: str, hint: str = "", kind: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind
