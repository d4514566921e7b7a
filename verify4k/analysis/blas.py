"""Matrix products in one thread: the analyses' matrices are small.

NumPy's OpenBLAS deals any product over all cores and lets its threads spin between two of them: the same
analyses then take up to twice the CPU and end no sooner, and artifacts that are checked side by side fight
for the cores. The number of threads is one for the whole process, so it is set while an analysis runs, and
put back as it was.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_unset = threading.Lock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS in one thread inside; also a decorator.

    The outermost scope of a process sets, and puts the caller's setting back in the thread that set it; one
    that begins meanwhile, in the same thread or another, finds it set and leaves it alone. A run of several
    workers therefore opens a scope around all of them.
    """
    if not _unset.acquire(blocking=False):
        yield
        return
    try:
        with _libraries().limit(limits=1):
            yield
    finally:
        _unset.release()


def waiting_threads() -> int:
    """Return how many threads of this process belong to OpenBLAS alone, waiting for a product.

    They hold no lock and end by themselves when the process is copied (OpenBLAS asks for that, by
    pthread_atfork); those that an earlier copy has ended are started again first, so that the count holds.
    """
    count = 0
    for library in _libraries().lib_controllers:
        if library.internal_api == "openblas" and library.threading_layer == "pthreads":
            threads = library.num_threads
            library.set_num_threads(threads)
            count += threads - 1
    return count


@cache
def _libraries() -> Any:
    """The BLAS libraries that this process has loaded, looked up once."""
    import numpy as np  # noqa: F401 - loads the one that is meant
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
