"""Work on a Dask cluster: hundreds of artifacts a task, each of them decoded in a process that may die.

Needs ``pip install "verify4k[dask]"``, here and on the workers, the same version of verify4k, and the same
files under the same paths. What is sent are promises and paths, never prompts; what comes back is small.
"""

from __future__ import annotations

import os
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, nullcontext
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from verify4k import __version__
from verify4k.checking.tasks import Context, Task, work_away
from verify4k.checking.workers import Batches, cores, processes
from verify4k.errors import MissingTool, UsageError, WorkerLost
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.formats.limits import Limits

LOCAL = "local"
MOST = (
    256  # artifacts a task: a scheduler handles some thousand tasks a second, an artifact takes 1 to 300 ms
)
_SHARE = 8  # tasks a worker, at least: so that none waits long for the last one
_TIMES = 5  # how often a task is handed over when its scheduler or its connection is lost
_PATIENCE = "10s"


class _Fit(NamedTuple):
    """What a worker must have: this version, and a file that it must see as we see it."""

    version: str
    path: str
    sha256: str


def judge_batch(fit: _Fit, context: Context, tasks: list[Task]) -> list[Any]:
    """Judge artifacts on a worker of the cluster; `WorkerLost` stands for each that ended its process."""
    _check_fit(fit)
    pool = _pool(context.settings.limits)
    futures = [pool.submit(partial(work_away, context), task) for task in tasks]
    return [_result(pool, context, future, task) for future, task in zip(futures, tasks, strict=True)]


def _result(pool: Executor, context: Context, future: Future[Any], task: Task) -> Any:
    error = future.exception()
    if isinstance(error, WorkerLost) and error.again:
        future = pool.submit(partial(work_away, context), task)
        error = future.exception()
    if isinstance(error, WorkerLost):
        return error
    return future.result()


@cache
def _pool(limits: Limits) -> Executor:
    """Return this worker's own processes, which end with it."""
    return processes(1, limits)


@cache
def _check_fit(fit: _Fit) -> None:
    import hashlib

    from verify4k.errors import Verify4kError
    from verify4k.files.source import FileSource

    if fit.version != __version__:
        raise UsageError(
            f"a worker of the cluster has verify4k {__version__}, this is {fit.version}",
            "install the same version everywhere",
        )
    if not fit.path:
        return
    try:
        found = hashlib.sha256(FileSource(fit.path).read_all()).hexdigest()
    except Verify4kError:
        found = ""
    if found != fit.sha256:
        raise UsageError(
            f"a worker of the cluster does not see {fit.path} as it is here",
            "a cluster needs the same files under the same paths: a shared file system, or one checkout each",
        )


class Cluster(Batches, Executor):
    """An executor over a Dask client that outlives lost workers, connections and schedulers."""

    def __init__(self, connect: Callable[[], Any], fit: tuple[str, str]) -> None:
        self._over = False
        self._connect = connect
        self._client = connect()
        self._fit = _Fit(__version__, *fit)
        self._executor = self._client.get_executor(pure=False)
        threads = self._client.nthreads()
        self.workers = max(1, sum(threads.values()))

    def batch(self, total: int) -> int:
        """Return how many artifacts make a task."""
        return max(1, min(MOST, total // (_SHARE * self.workers)))

    def called(self, context: Context) -> Callable[[list[Task]], list[Any]]:
        """Return what is called on a worker."""
        return partial(judge_batch, self._fit, context)

    def travelling(self, task: Task) -> Task:
        """Leave a prompt at home: no worker needs more of it than that there is one."""
        wish = task.asset.generate
        if wish is None or not wish.prompt:
            return task
        return task._replace(asset=task.asset.replaced(generate=wish.replaced(prompt="-")))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run ``fn(*args)`` somewhere."""
        future: Future[Any] = Future()
        self._try(future, partial(fn, *args, **kwargs), _TIMES)
        return future

    def _try(self, future: Future[Any], call: Callable[[], Any], left: int) -> None:
        def done(inner: Future[Any]) -> None:
            try:
                future.set_result(inner.result())
            except CancelledError as error:  # the scheduler or the connection is lost, and with it the task
                self._again(future, call, left, error)
            except Exception as error:  # noqa: BLE001 - what happened on the worker, or to it
                if type(error).__name__ == "KilledWorker":
                    future.set_exception(WorkerLost(*_KILLED))
                elif isinstance(error, OSError | TimeoutError):
                    self._again(future, call, left, error)
                else:
                    future.set_exception(error)

        try:
            self._executor.submit(call).add_done_callback(done)
        except Exception as error:  # noqa: BLE001 - a client without its scheduler raises what it likes
            self._again(future, call, left, error)

    def _again(self, future: Future[Any], call: Callable[[], Any], left: int, error: BaseException) -> None:
        if self._over or left <= 1:
            future.set_exception(
                WorkerLost(f"the cluster was lost: {type(error).__name__}", "look at the scheduler's log")
            )
            return
        try:
            if self._client.status != "running":
                self._client = self._connect()
                self._executor = self._client.get_executor(pure=False)
        except Exception as gone:  # noqa: BLE001 - as above
            self._again(future, call, left - 1, gone)
            return
        self._try(future, call, left - 1)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Let the cluster go; what it then takes back is not handed over again."""
        self._over = True
        self._client.close()


_KILLED = (
    "the workers of the cluster that had it died, one after the other",
    "look at the workers' logs: it may need more memory than they have",
)


@contextmanager
def cluster(address: str, jobs: int, root_file: str, sha256: str) -> Iterator[Cluster]:
    """Connect to a scheduler, or start workers here for ``local``; closed at the end. Raises `UsageError`.

    ``root_file``: a file with this ``sha256`` that every worker has to see, the manifest.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingTool(
            "--scheduler needs Dask, which is not installed", 'pip install "verify4k[dask]"'
        ) from error
    import dask

    dask.config.set({"distributed.comm.timeouts.connect": _PATIENCE})
    path = os.path.abspath(root_file) if root_file and os.path.isfile(root_file) else ""
    with _workers_here(jobs) if address == LOCAL else nullcontext() as local:

        def connect() -> Any:
            client = distributed.Client(local or address, timeout=_PATIENCE)  # type: ignore[no-untyped-call,unused-ignore]
            client.get_versions(check=False)
            return client

        try:
            found = Cluster(connect, (path, sha256))
        except (OSError, ValueError) as error:
            raise UsageError(
                f"there is no scheduler at {ascii(address)[1:-1]}", "name it as tcp://HOST:8786, or local"
            ) from error
        try:
            yield found
        finally:
            found.shutdown()


@contextmanager
def _workers_here(jobs: int) -> Iterator[Any]:
    """Start a scheduler and workers on this machine; what they put into a folder goes with them."""
    import tempfile

    import dask
    import distributed

    dask.config.set({"distributed.scheduler.allowed-failures": 1})
    with (
        tempfile.TemporaryDirectory(prefix="verify4k-", ignore_cleanup_errors=True) as folder,
        dask.config.set({"temporary-directory": folder}),
    ):
        local = distributed.LocalCluster(  # type: ignore[no-untyped-call,unused-ignore]
            n_workers=jobs or cores(),
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs="CRITICAL",
        )
        try:
            yield local
        finally:
            local.close()  # type: ignore[no-untyped-call,unused-ignore]
