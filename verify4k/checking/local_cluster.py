"""A Dask cluster on this machine: a scheduler and worker processes that go with the run."""

from __future__ import annotations

import atexit
import signal
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from verify4k.checking.workers import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_GRACE = 2.0  # seconds that the workers have to end


@contextmanager
def workers_here(jobs: int) -> Iterator[Any]:
    """Start a scheduler and workers on this machine; what they put into a folder goes with them."""
    import tempfile

    import dask
    import distributed

    dask.config.set({"distributed.scheduler.allowed-failures": 1})
    with (
        tempfile.TemporaryDirectory(prefix="verify4k-", ignore_cleanup_errors=True) as folder,
        dask.config.set({"temporary-directory": folder}),
    ):
        local = _started(
            partial(
                distributed.LocalCluster,
                n_workers=jobs or cores(),
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",  # else its HTTP server takes 8787, which another may have
                silence_logs="CRITICAL",
            )
        )
        try:
            yield local
        finally:
            _closed(local)


def _started(start: Callable[[], Any]) -> Any:
    """Start workers in a thread that hears no Ctrl-C, for then none of them does: it is ours to end them."""
    from multiprocessing import resource_tracker

    from distributed.deploy.spec import close_clusters

    atexit.unregister(close_clusters)  # it waits ten seconds for workers that have not started yet
    told: Future[Any] = Future()

    def run() -> None:
        if hasattr(signal, "pthread_sigmask"):
            resource_tracker.ensure_running()  # whose start would let the signal in again
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            told.set_result(start())
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to who waits
            told.set_exception(error)

    threading.Thread(target=run, daemon=True, name="verify4k workers").start()
    return told.result()


def _closed(local: Any) -> None:
    """Close it, and wait a moment for that: what is left ends with this process."""
    closing = threading.Thread(target=local.close, daemon=True)
    closing.start()
    closing.join(_GRACE)
