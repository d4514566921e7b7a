"""A run on a real Dask cluster of worker processes: the same report, whoever of them dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

DANGEROUS = Path(__file__).parents[1] / "dangerous"


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any], str]]:
    """Check 24 pictures, one in the middle may be dangerous."""
    for number in range(24):
        gradient(64, 36).save(tmp_path / f"{number:02}.png")

    def call(*argv: str, danger: str = "") -> tuple[int, dict[str, Any], str]:
        named = [f"{number:02}.png" for number in range(24)]
        if danger:
            (tmp_path / "10b.danger").write_text(f"DANGER {danger}")
            named.append("10b.danger")
        entries = ", ".join(f"{name}: 64x36" for name in sorted(named))
        (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{entries}}}\n")
        done = subprocess.run(
            [sys.executable, "-m", "verify4k", "check", "--format", "json", *argv],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [str(DANGEROUS), os.environ.get("PYTHONPATH")])),
                "VERIFY4K_WORKERS": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    return call


def test_the_report_is_that_of_a_run_without_a_cluster(
    check: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    assert check("--scheduler", "local", "-j", "2")[:2] == check()[:2]
    assert os.listdir(temporary) == [], "what workers put there goes with them"


def test_a_file_that_crashes_is_undecided_alone_and_costs_no_worker(check: Any) -> None:
    code, report, _ = check("--scheduler", "local", "-j", "2", danger="crash")
    assert code == 3
    assert [(one["target"], one["reason"]) for one in report["undecided"]] == [
        ("10b.danger", "the process that checked it crashed (SIGSEGV)")
    ]
    assert report["summary"]["passed"] == 24


def test_a_file_that_takes_worker_after_worker_down_is_found_by_halving(check: Any) -> None:
    code, report, _ = check("--scheduler", "local", "-j", "1", danger="parent")  # three a task
    assert code == 3
    assert [(one["target"], one["reason"]) for one in report["undecided"]] == [
        ("10b.danger", "the workers of the cluster that had it died, one after the other")
    ]
    assert report["summary"]["passed"] == 24


def test_a_worker_that_somebody_killed_costs_time_and_no_verdict(check: Any, tmp_path: Path) -> None:
    code, report, _ = check("--scheduler", "local", "-j", "1", danger=f"parent {tmp_path / 'once'}")
    assert (tmp_path / "once").exists()  # a worker was killed by SIGKILL, in the middle of its batch
    assert code == 1  # the dangerous file says at last that it is damaged
    assert report["undecided"] == []
    assert report["summary"]["passed"] == 24


def test_a_scheduler_that_is_not_there_is_a_mistake_of_the_command_line(check: Any) -> None:
    code, report, said = check("--scheduler", "tcp://127.0.0.1:9")
    assert (code, report) == (2, {})
    assert "there is no scheduler at tcp://127.0.0.1:9" in said


def test_workers_must_have_this_version_and_see_the_same_files(tmp_path: Path) -> None:
    from verify4k import __version__
    from verify4k.checking import cluster
    from verify4k.errors import UsageError

    (tmp_path / "m.yaml").write_bytes(b"other")
    with pytest.raises(UsageError, match=r"has verify4k .*, this is 0\.0\.1"):
        cluster._check_fit(cluster._Fit("0.0.1", "", ""))
    with pytest.raises(UsageError, match="does not see"):
        cluster._check_fit(cluster._Fit(__version__, str(tmp_path / "m.yaml"), "0" * 64))


def test_no_prompt_is_sent_to_a_cluster(tmp_path: Path) -> None:
    import pickle

    from verify4k import load_manifest
    from verify4k.checking.cluster import Cluster
    from verify4k.checking.scope import Scope
    from verify4k.checking.tasks import task_of

    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ngenerate: {route: placeholder}\n"
        "files: {a.png: {size: 64x36, generate: {prompt: a secret fox}}}\n"
    )
    manifest = load_manifest(tmp_path / "verify4k.yaml")
    task = task_of(Scope(manifest, manifest.assets), manifest.assets[0], (), "a.png", bind=False)
    assert b"secret fox" in pickle.dumps(task)
    sent = Cluster.travelling(Cluster.__new__(Cluster), task)
    assert b"secret fox" not in pickle.dumps(sent)
    assert sent.asset.prompted


_END = threading.Event()


def waits_for_the_end() -> None:
    """Work of a cluster in this process: none of it is done before it is over, however long that takes."""
    _END.wait()


def test_what_a_cluster_gives_back_at_the_end_is_not_handed_over_again() -> None:
    import distributed

    from verify4k.checking.cluster import Cluster
    from verify4k.errors import WorkerLost

    connections = []

    def connect() -> Any:
        client = distributed.Client(  # type: ignore[no-untyped-call,unused-ignore]
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        )
        connections.append(client)
        return client

    found = Cluster(connect, ("", ""))
    futures = [found.submit(waits_for_the_end) for _ in range(20)]
    found.shutdown()
    _END.set()
    for future in futures[1:]:
        with pytest.raises(WorkerLost, match="the cluster was lost"):
            future.result(timeout=60)
    assert len(connections) == 1


def test_two_clusters_on_one_machine_do_not_fight_for_a_port() -> None:
    """Each has an HTTP server besides; one that finds its port taken warns, which is an error here."""
    from verify4k.checking.local_cluster import workers_here

    with workers_here(1) as one, workers_here(1) as other:
        assert one.scheduler_address != other.scheduler_address


class Line:
    """A connection to a scheduler, as `distributed.Client` is one; ``silent``: no result comes back."""

    def __init__(self, *, silent: bool = False) -> None:
        self.status = "running"
        self.scheduler_comm = object()
        self._silent = silent
        self._pool = ThreadPoolExecutor(1)

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def get_executor(self, *, pure: bool) -> Any:  # noqa: ARG002 - as Dask has it
        return self

    def submit(self, call: Any) -> Future[Any]:
        return Future() if self._silent else self._pool.submit(call)

    def close(self) -> None:
        self._pool.shutdown()


@pytest.mark.parametrize("loss", [{"status": "closed"}, {"scheduler_comm": object()}])
def test_a_task_of_which_a_lost_connection_tells_nothing_is_handed_over_again(
    loss: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask lets go in silence of a task whose result was on its way; a client may connect again by itself."""
    from verify4k.checking import cluster

    monkeypatch.setattr(cluster, "_LOOK", 0.01)
    lines = [Line(silent=True), Line()]
    found = cluster.Cluster(iter(lines).__next__, ("", ""))
    futures = [found.submit(abs, -number) for number in range(3)]
    vars(lines[0]).update(loss)
    assert [future.result(timeout=60) for future in futures] == [0, 1, 2]
    found.shutdown()


def test_a_scheduler_that_stays_away_is_waited_for_once_and_not_for_every_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from verify4k.checking import cluster
    from verify4k.errors import WorkerLost

    monkeypatch.setattr(cluster, "_LOOK", 0.01)
    line = Line(silent=True)
    asked: list[None] = []

    def connect() -> Line:
        asked.append(None)
        if len(asked) > 1:
            raise OSError("nobody is there")
        return line

    found = cluster.Cluster(connect, ("", ""))
    futures = [found.submit(abs, -number) for number in range(9)]
    line.status = "closed"
    for future in futures:
        with pytest.raises(WorkerLost, match="the cluster was lost"):
            future.result(timeout=60)
    assert len(asked) == 1 + cluster._TIMES
    found.shutdown()


def test_an_error_of_the_disk_on_a_worker_costs_no_connection() -> None:
    from verify4k.checking.cluster import Cluster

    lines = [Line()]
    found = Cluster(iter(lines).__next__, ("", ""))
    tries: list[None] = []

    def once() -> int:
        tries.append(None)
        if len(tries) == 1:
            raise OSError("the file system is away")
        return 1

    assert found.submit(once).result(timeout=60) == 1
    found.shutdown()


def test_workers_that_are_started_here_hear_no_ctrl_c_and_this_process_does() -> None:
    """A terminal sends it to all of them: each told its traceback, above the report of what was done."""
    import signal
    from multiprocessing import get_context

    from verify4k.checking.local_cluster import _started

    def worker() -> Any:
        with get_context("spawn").Pool(1) as pool:  # as Dask starts them
            return pool.apply(signal.pthread_sigmask, (signal.SIG_BLOCK, ()))

    assert signal.SIGINT in _started(worker)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with pytest.raises(OSError, match="no room"):
        _started(fails)


def fails() -> None:
    raise OSError("no room for another process")
