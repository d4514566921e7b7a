"""What a worker may take of the memory."""

from __future__ import annotations

import os
import sys
import threading
import time

if sys.platform != "win32":
    import resource  # before a process is copied: the copy may not be able to read it any more

OUT_OF_MEMORY = 87  # exit status of a worker that its own watch ends
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
_LARGEST_KEPT, _MOST_KEPT = 128 << 20, 256 << 20  # bytes
_LOOK = 0.1  # seconds between two looks, where the system cannot bound it


def bound_memory(memory: int) -> None:
    """Bound what this process may take from now on: by the system, or by a watch that looks now and then.

    Windows has neither here: there only what a header promises is bounded.
    """
    if not memory or sys.platform == "win32":
        return
    now = _taken() if sys.platform == "linux" else None
    if now is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = now + memory
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        return
    watch_memory(memory)


def _taken() -> int | None:
    """Return the size of this process's address space; None in a sandbox without /proc."""
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[0]) * resource.getpagesize()
    except OSError:
        return None


def keep_freed_memory() -> bool:
    """Let this process keep what it frees for its next picture; return whether its allocator can do so.

    glibc hands large blocks back to the system, which clears them again page by page when the next picture
    asks for as many: a fifth of the CPU that checking a 4K JPEG takes. Blocks of more than _LARGEST_KEPT, and
    more than _MOST_KEPT of unused memory, still go back.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT) and mallopt(_M_TRIM_THRESHOLD, _MOST_KEPT))


def watch_memory(memory: int) -> None:
    """End this process soon after it has taken more than ``memory`` beyond what it has now."""
    unit = 1 if sys.platform == "darwin" else 1024

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    most = peak() + memory

    def look() -> None:
        while peak() < most:
            time.sleep(_LOOK)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=look, daemon=True).start()
