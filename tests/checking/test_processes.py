"""Work runs on any executor, and our own workers are bounded, replaced and sent home."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from pictures import make

from verify4k import Settings, check, load_manifest
from verify4k.checking.children import OUT_OF_MEMORY
from verify4k.checking.processes import Processes, WorkerLost
from verify4k.rule import Picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verify4k.model import Manifest
    from verify4k.report import Report


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    make(Picture(name="a.png"), tmp_path)
    make(Picture(32, 18, name="b.jpg"), tmp_path)
    make(Picture(name="c.png", kind="truncated"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nfiles: {a.png: 64x36, b.jpg: 64x36, c.png: 64x36, d.png: 64x36}\n"
    )
    return load_manifest(tmp_path / "verify4k.yaml")


@pytest.mark.parametrize("executor", [lambda: ThreadPoolExecutor(2), lambda: Processes(2)])
def test_any_executor_gives_the_same_report(manifest: Manifest, executor: Callable[[], Executor]) -> None:
    expected: Report = check(manifest, Settings(jobs=1))
    assert [found.target for found in expected.findings] == ["b.jpg", "c.png", "d.png"]
    with executor() as given:
        assert check(manifest, executor=given) == expected


SCRIPT = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from verify4k import check, load_manifest

if __name__ == "__main__":
    manifest = load_manifest("verify4k.yaml")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        print(check(manifest, executor=pool) == check(manifest))
"""


def test_the_processes_of_the_standard_library_give_the_same_report(
    manifest: Manifest, tmp_path: Path
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_a_mistake_in_a_task_reaches_who_asked_and_the_worker_lives() -> None:
    with Processes(1) as workers:
        first = workers.submit(os.getpid).result()
        with pytest.raises(ZeroDivisionError):
            workers.submit(divmod, 1, 0).result()
        assert workers.submit(os.getpid).result() == first != os.getpid()


def test_a_worker_that_ends_is_replaced() -> None:
    with Processes(1) as workers:
        with pytest.raises(WorkerLost, match=r"ended \(exit code 7\)"):
            workers.submit(os._exit, 7).result()
        assert workers.submit(os.getpid).result() != os.getpid()


def test_what_was_submitted_is_done_before_the_workers_go_home() -> None:
    with Processes(1) as workers:
        results = [workers.submit(abs, -number) for number in range(20)]
    assert [each.result() for each in results] == list(range(20))
    with pytest.raises(RuntimeError):
        workers.submit(abs, 1)


def test_shutting_down_does_not_wait_for_work_that_is_cancelled() -> None:
    workers = Processes(1)
    late = workers.submit(time.sleep, 300)
    while not late.running():
        time.sleep(0.01)
    workers.shutdown(cancel_futures=True)
    assert isinstance(late.exception(), WorkerLost)


@pytest.mark.skipif(os.name == "nt", reason="there is no getrusage")
def test_where_the_system_bounds_no_memory_a_watch_ends_the_worker() -> None:
    code = (
        "from verify4k.checking.children import watch_memory; watch_memory(32 << 20)\n"
        "import time; eaten = []\n"  # a child begins with the peak of its parent, which is not ours to choose
        "for _ in range(200): eaten.append(b'x' * (16 << 20)); time.sleep(0.02)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == OUT_OF_MEMORY
