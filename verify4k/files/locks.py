"""Advisory locks on open files, so that two processes do not do the same work or mix their lines.

A lock goes with the process that holds it: nobody has to clean up after a kill.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":  # pragma: no cover - not run by the tests here
    import msvcrt

    def take(descriptor: int, *, wait: bool) -> bool:
        """Lock the file's first byte; False when someone else has it and ``wait`` is off."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def release(descriptor: int) -> None:
        """Let the lock go."""
        with contextlib.suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import errno
    import fcntl

    _UNSUPPORTED = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)

    def take(descriptor: int, *, wait: bool) -> bool:
        """Lock the file; False when someone else has it and ``wait`` is off."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
        return True  # a file system without locks: alone is the best guess

    def release(descriptor: int) -> None:
        """Let the lock go."""
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextlib.contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """Hold the lock, waiting for it if need be."""
    take(descriptor, wait=True)
    try:
        yield
    finally:
        release(descriptor)
