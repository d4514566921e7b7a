"""Work on a Dask cluster: hundreds of artifacts a task, each of them decoded in a process that may die.

Needs ``pip install "verify4k[dask]"``, here and on the workers, the same version of verify4k, and the same
files under the same paths. What is sent are promises and paths, never prompts; what comes back is small.
"""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from verify4k import __version__
from verify4k.checking.local_cluster import workers_here
from verify4k.checking.tasks import Context, Task, work_away
from verify4k.checking.workers import Batches, processes
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
_LOOK = 1.0  # seconds between two looks whether the connection is still there
_GRACE = 0.5  # seconds that a cluster has to let go: a report waits for it


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


class _Handed(NamedTuple):
    """A task that a client has, and how often it may be handed over yet."""

    future: Future[Any]
    call: Callable[[], Any]
    left: int


class Cluster(Batches, Executor):
    """An executor over a Dask client that outlives lost workers, connections and schedulers.

    A client tells of lost tasks in its own thread, where to wait for a scheduler would hold up everything,
    and of a task whose result was just on its way it tells nothing. So one thread of ours looks after all.
    """

    def __init__(self, connect: Callable[[], Any], fit: tuple[str, str]) -> None:
        self._over = self._gone = False
        self._connect = connect
        self._fit = _Fit(__version__, *fit)
        self._clients: list[Any] = []
        self._use(connect())
        self.workers = max(1, sum(self._clients[-1].nthreads().values()))
        self._handed: dict[int, _Handed] = {}
        self._numbers = count()
        self._lost: SimpleQueue[tuple[_Handed, BaseException]] = SimpleQueue()
        threading.Thread(target=self._look_after, daemon=True, name="verify4k cluster").start()

    def _use(self, client: Any) -> None:
        self._clients.append(client)
        self._connection = client.scheduler_comm
        self._executor = client.get_executor(pure=False)

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
        self._hand(_Handed(future, partial(fn, *args, **kwargs), _TIMES))
        return future

    def _hand(self, task: _Handed) -> None:
        number = next(self._numbers)
        self._handed[number] = task

        def done(inner: Future[Any]) -> None:
            if self._handed.pop(number, None) is None:
                return  # it was handed over again meanwhile
            try:
                task.future.set_result(inner.result())
            except Exception as error:  # noqa: BLE001 - what happened on the worker, or to it
                if type(error).__name__ == "KilledWorker":
                    task.future.set_exception(WorkerLost(*_KILLED, again=True))
                elif isinstance(error, CancelledError | OSError | TimeoutError):
                    self._lost.put((task, error))
                else:
                    task.future.set_exception(error)

        try:
            self._executor.submit(task.call).add_done_callback(done)
        except Exception as error:  # noqa: BLE001 - a client without its scheduler raises what it likes
            if self._handed.pop(number, None) is not None:
                self._lost.put((task, error))

    def _look_after(self) -> None:
        """Hand over again what is lost: one task, or with the connection all of them."""
        error: BaseException = CancelledError()
        while True:
            tasks = []
            with suppress(Empty):
                task, error = self._lost.get(timeout=_LOOK)
                tasks.append(task)
            if self._handed and not self._over and self._is_lost():
                tasks += filter(None, [self._handed.pop(number, None) for number in list(self._handed)])
            for task in tasks:
                if task.left > 1 and self._connected():
                    self._hand(task._replace(left=task.left - 1))
                else:
                    said = f"the cluster was lost: {type(error).__name__}"
                    task.future.set_exception(WorkerLost(said, "look at the scheduler's log"))

    def _is_lost(self) -> bool:
        """Whether the connection is not the one that has the tasks; a client may make another by itself."""
        client = self._clients[-1]
        return client.status != "running" or client.scheduler_comm is not self._connection

    def _connected(self) -> bool:
        """Whether there is a connection, or a new one; once it stayed away, nobody waits for it again."""
        for _ in range(_TIMES):
            if self._over or self._gone:
                return False
            with suppress(Exception):  # as above
                if self._is_lost():
                    self._use(self._connect())
                return True
        self._gone = True
        return False

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Let the cluster go, soon also one that is lost; what it takes back is not handed over again."""
        self._over = True
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(_GRACE)

    def _close(self) -> None:
        for client in self._clients:
            with suppress(Exception):  # as above
                client.close()


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
    for name in [
        each for each in logging.root.manager.loggerDict if each.startswith(("distributed", "tornado"))
    ]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is told by what was not checked
    path = os.path.abspath(root_file) if root_file and os.path.isfile(root_file) else ""
    with workers_here(jobs) if address == LOCAL else nullcontext() as local:

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
