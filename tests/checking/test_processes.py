"""Work runs on any executor, and our own workers are bounded, replaced and sent home."""

from __future__ import annotations

import errno
import os
import pickle
import platform
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pictures import make

from verify4k import Settings, check, load_manifest
from verify4k.checking import children, memory_limits
from verify4k.checking.children import Bounds, spawned
from verify4k.checking.forking import forkable
from verify4k.checking.memory_limits import OUT_OF_MEMORY
from verify4k.checking.processes import Processes
from verify4k.errors import UsageError, WorkerLost
from verify4k.rule import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.model import Manifest
    from verify4k.report import Report

posix = pytest.mark.skipif(os.name == "nt", reason="signals, and what has a name and is no file")


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


def test_thousands_of_outcomes_share_what_is_the_same_in_all(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        make(Picture(name=name), tmp_path)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36, b.png: {size: 64x36}}\n")
    one, other = check(load_manifest(tmp_path / "verify4k.yaml"), Settings(jobs=2)).assets
    assert one.rules is other.rules
    assert one.rules["exact-size"] == "holds"
    assert one.facts == {**other.facts, "target": "a.png"}
    assert all(mine is theirs for mine, theirs in zip(one.facts, other.facts, strict=True)), "names of facts"


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


def scribbles(said: bytes) -> None:
    """Write into whatever is open, as a decoder may that takes a descriptor for its own."""
    for descriptor in range(3, 64):
        with suppress(OSError):
            os.write(descriptor, said)


@posix
@pytest.mark.parametrize("said", [bytes(4096), (8).to_bytes(8, "big") + b"nopickle"])
def test_an_answer_that_cannot_be_read_costs_its_task_and_no_other(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY4K_WORKERS", "spawn")
    with Processes(1) as workers:
        tasks = [
            workers.submit(abs, -1),
            workers.submit(scribbles, said),
            *(workers.submit(abs, -number) for number in range(9)),
        ]
        with pytest.raises(WorkerLost, match="cannot be read"):
            tasks.pop(1).result()
        assert [task.result() for task in tasks] == [1, *range(9)]


def test_what_was_submitted_is_done_before_the_workers_go_home() -> None:
    with Processes(1) as workers:
        results = [workers.submit(abs, -number) for number in range(20)]
    assert [each.result() for each in results] == list(range(20))
    with pytest.raises(RuntimeError):
        workers.submit(abs, 1)


def says_that_it_is_there_and_waits(fifo: str) -> None:
    with open(fifo, "w") as there:
        there.write("here")
    signal.pause()


@posix
def test_shutting_down_does_not_wait_for_work_that_is_cancelled(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    workers = Processes(1)
    late = workers.submit(says_that_it_is_there_and_waits, str(fifo))
    assert fifo.read_text() == "here"
    workers.shutdown(cancel_futures=True)
    assert isinstance(late.exception(), WorkerLost)


def test_where_no_process_can_be_started_nothing_is_verified_and_the_reason_is_told(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY4K_WORKERS", "spawn")
    monkeypatch.setattr(sys, "executable", str(Path(manifest.path).with_name("no python")))
    report = check(manifest, Settings(jobs=2))
    reason = "no process can be started to check it: No such file or directory"
    assert {(open_.target, open_.reason) for open_ in report.undecided} == {
        (name, reason) for name in ("a.png", "b.jpg", "c.png", "d.png")
    }
    assert report.exit_code == 3


@posix
def test_where_no_process_can_be_copied_another_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", full)
    monkeypatch.setenv("VERIFY4K_WORKERS", "fork")
    before = len(os.listdir("/dev/fd"))
    with Processes(2) as workers:
        assert len(os.listdir("/dev/fd")) == before
        monkeypatch.undo()
        assert workers.submit(abs, -1).result() == 1


def closes_its_pipes_and_waits() -> None:
    os.closerange(3, 256)
    signal.pause()


@posix
def test_a_worker_that_neither_answers_nor_ends_is_stopped() -> None:
    with Processes(1) as workers:
        with pytest.raises(WorkerLost, match="killed"):
            workers.submit(closes_its_pipes_and_waits).result()
        assert workers.submit(abs, -1).result() == 1


def ends_itself(how: int) -> None:
    os.kill(os.getpid(), how)
    signal.pause()


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_worker_does_with_a_signal_what_any_program_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY4K_WORKERS", "fork")
    how = signal.Signals[name]
    before = signal.signal(how, signal.default_int_handler)  # as the command has it
    try:
        with Processes(1) as workers, pytest.raises(WorkerLost, match=rf"killed \({name}\)") as told:
            workers.submit(ends_itself, how).result()
        assert told.value.again
    finally:
        signal.signal(how, before)


@posix
def test_ctrl_c_while_a_process_is_copied_is_not_lost() -> None:
    """What libraries do around a copy ignores exceptions: the run went on as if nobody had asked."""
    program = """
import os, signal
from verify4k.checking.children import Bounds, forked
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    forked([], Bounds())
except KeyboardInterrupt:
    print("heard")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "heard\n", "")


def test_a_descriptor_is_closed_once_for_its_number_may_be_anothers_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = spawned(Bounds())
    ends = child.descriptors
    closed: list[int] = []
    close = os.close

    def tell(descriptor: int) -> None:
        closed.append(descriptor)
        close(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "close", tell)
        assert child.end() == 0
        child.wait()
    assert [closed.count(each) for each in ends] == [1, 1]
    assert child.descriptors == ()


def answers(child: children.Child) -> bool:
    """Ask a worker for the length of a word."""
    return child.ask(pickle.dumps((pickle.dumps(len), ("four",))), 1) == pickle.dumps((True, 4), -1)


def test_the_start_of_a_worker_is_not_counted_among_the_seconds_of_its_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []
    heard = children.receive

    class Watch(threading.Timer):
        def start(self) -> None:
            events.append(f"{self.interval} s begin")

    def receive(descriptor: int) -> bytes | None:
        word = heard(descriptor)
        events.append("a word comes")
        return word

    with monkeypatch.context() as patch:
        patch.setattr(children, "receive", receive)
        patch.setattr(threading, "Timer", Watch)
        child = spawned(Bounds())
        for _ in range(2):
            assert answers(child)
    assert events == [f"{children._START} s begin", "a word comes", *["1 s begin", "a word comes"] * 2]
    assert child.end() == 0


def test_a_worker_that_never_starts_is_ended_and_another_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(_bounds: Bounds) -> children.Child:
        monkeypatch.setattr("verify4k.checking.processes.spawned", spawned)
        process = subprocess.Popen(
            [sys.executable, "-c", "import threading; threading.Event().wait()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        ends = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
        process.stdin.close()
        process.stdout.close()
        return children.Child(process.pid, *ends, process)

    monkeypatch.setenv("VERIFY4K_WORKERS", "spawn")
    monkeypatch.setattr(children, "_START", 0.1)
    monkeypatch.setattr(children, "_GRACE", 0.1)
    monkeypatch.setattr("verify4k.checking.processes.spawned", stuck)
    with Processes(1) as workers:
        with pytest.raises(WorkerLost, match="did not start") as told:
            workers.submit(abs, -1).result()
        assert told.value.again
        monkeypatch.setattr(children, "_START", 60)
        assert workers.submit(abs, -1).result() == 1


def test_a_run_that_stood_still_does_not_stop_a_worker_that_has_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-Z stops us, not the workers: their seconds are over when we go on, and their answers are there."""
    heard = children.receive
    late: list[threading.Thread] = []

    class Watch(threading.Timer):
        def start(self) -> None:
            late.append(threading.Thread(target=self.function, args=self.args))

    def receive(descriptor: int) -> bytes | None:
        late[-1].start()
        return heard(descriptor)

    monkeypatch.setattr(children, "_GRACE", 60)
    with monkeypatch.context() as patch:
        patch.setattr(children, "receive", receive)
        patch.setattr(threading, "Timer", Watch)
        child = spawned(Bounds())
        for _ in range(2):
            assert answers(child)
            for each in late:
                each.join()
    assert not child.late
    assert child.end() == 0


@posix
def test_where_the_system_bounds_no_memory_a_watch_ends_the_worker() -> None:
    code = (
        "import resource, threading\n"
        "from verify4k.checking.memory_limits import watch_memory\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"  # a child begins with the peak of its parent, which is not ours to choose
        "watch_memory(1 << 20)\n"
        "eaten = []\n"
        "while peak() < 2 * before: eaten.append(b'x' * (16 << 20))\n"
        "threading.Event().wait()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == OUT_OF_MEMORY


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
def test_threads_that_wait_for_matrix_products_do_not_keep_a_process_from_being_copied() -> None:
    """A program that has NumPy may be copied, before and after, as long as nobody else has threads."""
    program = """
import threading
import numpy as np
from threadpoolctl import ThreadpoolController
from verify4k.checking.forking import forkable
from verify4k.checking.processes import Processes

ThreadpoolController().select(internal_api="openblas").lib_controllers[0].set_num_threads(3)
for _ in range(2):
    print(forkable())
    workers = Processes(2)
    print(workers.submit(np.dot, np.ones(3), np.ones(3)).result())
    workers.shutdown()
    np.ones((300, 300)) @ np.ones((300, 300))
gate = threading.Event()
thread = threading.Thread(target=gate.wait)
thread.start()
print(forkable())
gate.set()
thread.join()
"""
    environ = {key: value for key, value in os.environ.items() if key != "VERIFY4K_WORKERS"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n3.0\nTrue\n3.0\nFalse\n", "")


def cleared_pages(arrays: int) -> int:
    """How many pages the system had to clear for arrays of 3 MB, of which NumPy asks no huge pages."""
    import resource

    import numpy as np

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [np.ones(3 << 20, np.uint8) for _ in range(arrays)]
    del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators keep memory as they like")
def test_a_worker_keeps_what_it_frees_for_its_next_picture_but_no_heap_of_it() -> None:
    pages = (3 << 20) // os.sysconf("SC_PAGE_SIZE")
    with Processes(1) as workers:
        cleared = [workers.submit(cleared_pages, count).result() for count in (20, 20, 20, 120, 120)]
    assert cleared[0] > 15 * pages
    assert cleared[2] < 2 * pages
    assert cleared[4] > 30 * pages  # more than 256 MB goes back


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let as many threads start as the list says, as `ulimit -u` does; root's are not counted."""
    left = [0]
    start = threading.Thread.start

    def bounded(thread: threading.Thread) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", bounded)
    return left


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were copied of this one."""
    pids: list[int] = []
    fork = getattr(os, "fork", None)

    def copied() -> int:
        pid = int(fork())  # type: ignore[misc]
        pids.append(pid)
        return pid

    if fork is not None:
        monkeypatch.setattr(os, "fork", copied)
    return pids


def test_no_room_for_a_single_thread_ends_the_run_and_leaves_no_process(
    threads: list[int], forked: list[int]
) -> None:
    with pytest.raises(UsageError, match="no thread can be started") as found:
        Processes(2)
    assert "ulimit -u" in found.value.hint
    for pid in forked:  # other tests may have children of their own
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_where_there_is_room_for_some_threads_they_do_all(threads: list[int]) -> None:
    threads[0] = 1
    with Processes(3) as workers:
        threads[0] = 100
        assert [each.result() for each in [workers.submit(abs, -n) for n in range(5)]] == [0, 1, 2, 3, 4]


def test_no_thread_to_watch_costs_the_task_its_answer_and_the_process_lives(threads: list[int]) -> None:
    threads[0] = 100
    with Processes(1, seconds=100) as workers:
        pid = workers.submit(os.getpid).result()
        threads[0] = 0
        with pytest.raises(WorkerLost, match="no thread can be started"):
            workers.submit(os.getpid).result()
        threads[0] = 100
        assert workers.submit(os.getpid).result() == pid
        threads[0] = 0  # also at the end, for which a process has its time


@posix
def test_in_a_sandbox_without_proc_no_worker_is_a_copy_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can say there how many threads this process has, nor how much memory it has taken."""
    listed, opened = os.listdir, open

    def bare(door: Callable[..., object]) -> Callable[..., object]:
        def through(path: str, *more: object) -> object:
            if str(path).startswith("/proc/"):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return door(path, *more)

        return through

    monkeypatch.delenv("VERIFY4K_WORKERS", raising=False)
    monkeypatch.setattr(os, "listdir", bare(listed))
    assert not forkable()
    monkeypatch.setattr("builtins.open", bare(opened))
    assert memory_limits._taken() is None
