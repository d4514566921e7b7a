"""Whether a worker process may be a copy of this one."""

from __future__ import annotations

import os
import sys
import threading

_UNKNOWN = 99


def forkable() -> bool:
    """Whether this process may be copied: only Linux is sure to cope, and only with a single thread.

    Threads that OpenBLAS keeps waiting do not count.
    ``VERIFY4K_WORKERS``: ``fork`` or ``spawn`` says which, for programs that know better.
    """
    asked = os.environ.get("VERIFY4K_WORKERS", "")
    if not hasattr(os, "fork") or asked == "spawn":
        return False
    if asked == "fork":  # a thread's fork may copy the pipes of another's workers
        return threading.current_thread() is threading.main_thread()
    return sys.platform == "linux" and threading.active_count() == 1 and _own_threads() == 1


def _own_threads() -> int:
    """Return how many threads this process has, as Linux counts them, without OpenBLAS's."""
    try:
        count = len(os.listdir("/proc/self/task"))
    except OSError:  # a sandbox without /proc: nobody can say, so not one
        return _UNKNOWN
    if count == 1 or "numpy" not in sys.modules:
        return count
    from verify4k.analysis.blas import waiting_threads

    waiting = waiting_threads()  # may start some of them
    return len(os.listdir("/proc/self/task")) - waiting
