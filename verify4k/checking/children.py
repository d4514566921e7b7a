"""One worker process: how it is started, asked, bounded and ended.

It speaks over two pipes: a message is eight bytes of length and a pickle. It belongs to a group of its own,
so that Ctrl-C reaches only us, and killing it also ends the programs that it has started.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from verify4k.checking.memory_limits import bound_memory, keep_freed_memory
from verify4k.errors import WorkerLost
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

_LENGTH = 8
_PIECE = 1 << 20
_GRACE = 1.0  # seconds for a worker to end by itself, or for its answer to be read
_START = 60.0  # seconds for a worker to start, of which it needs 0.2
_POSIX = os.name == "posix"
NO_ROOM = "raise how many threads may run (ulimit -u) and take (ulimit -v), or use fewer --jobs"
_CLOSED = -1  # instead of a descriptor
_IMPORTING = threading.Lock()  # where no file can be opened, a second thread would get half a module


class Bounds(NamedTuple):
    """What a worker may take: seconds after which it ends itself, and bytes beyond those of its start."""

    seconds: int = 0
    memory: int = 0


class Child:
    """A worker process as its parent sees it. ``late``: it was stopped for taking too long.

    ``started``: it was there once, so that what became of it is its task's.
    """

    def __init__(
        self, pid: int, told: int, tell: int, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.late = False
        self.started = False
        self._pid = pid
        self._told = told  # what we read from
        self._tell = tell  # what we write to
        self._process = process
        self._status: int | None = None
        self._lock = threading.Lock()  # nobody kills what was waited for: its number may be another's

    def ask(self, message: bytes, seconds: float = 0) -> bytes | None:
        """Send a message and return its answer; None: the process is gone. ``seconds``: then it is killed.

        What an interpreter takes to start is not the task's, and on a busy machine may exceed its seconds.
        """
        with suppress(OSError):
            if not self.started:
                with self._watched(_START):
                    self.started = receive(self._told) is not None
            if self.started:
                with self._watched(seconds):
                    send(self._tell, message)
                    return receive(self._told)
        return None

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Kill the process where what happens inside takes longer; 0: no bound."""
        over = threading.Event()
        watch = threading.Timer(seconds, self._too_late, [over])
        watch.daemon = True
        if seconds:
            try:
                watch.start()
            except RuntimeError as error:
                raise WorkerLost("no thread can be started to watch over it", NO_ROOM, again=True) from error
        try:
            yield
        finally:
            watch.cancel()
            over.set()

    def _too_late(self, over: threading.Event) -> None:
        """Stop the process, unless it was us who stood still (Ctrl-Z) and its answer is there already."""
        if not over.wait(_GRACE):
            self.late = True
            self.kill()

    def kill(self) -> None:
        """End the process and what it has started, whatever they do."""
        with self._lock:
            if self._status is not None:
                return
            with suppress(OSError):
                if _POSIX:
                    os.killpg(self._pid, signal.SIGKILL)
                elif self._process is not None:
                    self._process.kill()

    def wait(self) -> int:
        """Wait for the end of the process; return its exit status, a signal as a negative number."""
        if self._process is not None:
            found = self._process.wait()
        else:
            found = os.waitstatus_to_exitcode(self._waited())
        with self._lock:
            self._status = found
        self._close("_told")
        self._close("_tell")
        return found

    def _close(self, end: str) -> None:
        """Close one end of a pipe, once: its number may be another's a moment later."""
        with self._lock:
            descriptor: int = getattr(self, end)
            setattr(self, end, _CLOSED)
            if descriptor != _CLOSED:
                with suppress(OSError):
                    os.close(descriptor)

    def _waited(self) -> int:
        if self._status is not None:
            return self._status
        try:
            return os.waitpid(self._pid, 0)[1]
        except ChildProcessError:  # somebody else's SIGCHLD handler was faster
            return 0

    def end(self) -> int:
        """Let the process end by itself for a while, then end it; return its exit status."""
        self._close("_tell")
        watch = threading.Timer(_GRACE, self.kill)
        watch.daemon = True
        try:
            watch.start()
        except RuntimeError:  # no room for a thread: nobody would end it later
            self.kill()
        try:
            return self.wait()
        finally:
            watch.cancel()

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Our ends of its pipes that are still open."""
        return tuple(each for each in (self._told, self._tell) if each != _CLOSED)


def forked(others: Sequence[Child], bounds: Bounds) -> Child:
    """Copy this process into a worker; ``others``: workers whose pipes are none of its business."""
    theirs, tell = os.pipe()
    told, answers = os.pipe()
    # a copy is made amid callbacks of libraries, where Ctrl-C would be an exception that is ignored
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        pid = os.fork()
    except OSError:  # no room for another process
        for descriptor in (theirs, tell, told, answers):
            os.close(descriptor)
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        raise
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        with suppress(OSError):  # both of us say so: nobody knows who comes first
            os.setpgid(pid, pid)
        os.close(theirs)
        os.close(answers)
        return Child(pid, told, tell)
    status = 1
    try:  # from here on it is the worker
        for descriptor in (told, tell, *(each for other in others for each in other.descriptors)):
            os.close(descriptor)
        os.setpgid(0, 0)
        _hear_signals()
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        _serve(theirs, answers, bounds)
        status = 0
    finally:
        os._exit(status)


def spawned(bounds: Bounds) -> Child:
    """Start an interpreter as a worker; it imports what this one could, and nothing of the main program."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from verify4k.checking.children import main; main()"
    with _IMPORTING:
        import subprocess  # 2 ms, which a copied process can do without

    process = subprocess.Popen(
        [sys.executable, "-c", code, str(bounds.seconds), str(bounds.memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
        start_new_session=_POSIX,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - for the type checker
    told, tell = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
    process.stdout.close()
    process.stdin.close()
    return Child(process.pid, told, tell, process)


def main() -> None:
    """Be a worker that was started as a program."""
    _serve(os.dup(0), os.dup(1), Bounds(int(sys.argv[1]), int(sys.argv[2])))


def _hear_signals() -> None:
    """Leave Ctrl-C to our parent, and do with the others what any program does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP", "SIGALRM"):  # Windows has the first
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def _serve(theirs: int, answers: int, bounds: Bounds) -> None:
    """Answer messages until their pipe is closed."""
    _hear_signals()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # stdout is the report's: what a library prints must not get into it
    bound_memory(bounds.memory)
    kept = False
    with suppress(OSError):  # nobody is there any more
        send(answers, b"")  # ready
        while (message := receive(theirs)) is not None:
            if hasattr(signal, "alarm"):
                signal.alarm(bounds.seconds)  # where our parent was killed nobody else would end this
            answer = _answer(message)
            if hasattr(signal, "alarm"):
                signal.alarm(0)
            send(answers, answer)
            if not kept and "numpy" in sys.modules:  # or nothing is large enough to be worth it
                keep_freed_memory()
                kept = True
    for at_end in ending:
        at_end()


ending: list[Callable[[], None]] = []
"""What a worker calls before it ends by itself: to end programs that it has started."""


def _answer(message: bytes) -> bytes:
    from verify4k.errors import CannotRead

    try:
        call, arguments = pickle.loads(message)  # noqa: S301 - from our own parent
        return pickle.dumps((True, _loaded(call)(*arguments)), -1)
    except Exception as error:  # noqa: BLE001 - goes to whoever asked
        try:
            answer = pickle.dumps((False, error), -1)
            pickle.loads(answer)  # noqa: S301 - what cannot be read there is no answer
        except Exception:  # noqa: BLE001
            said = f"{type(error).__name__}: {ascii(str(error))[1:-1][:200]}"
            return pickle.dumps((False, CannotRead(f"verify4k crashed here: {said}")), -1)
        return answer


_last: tuple[bytes, Any] = (b"", None)


def _loaded(call: bytes) -> Any:
    """Unpickle what is called, once for all tasks that call the same."""
    global _last  # noqa: PLW0603 - one process, one thread, one call at a time
    if _last[0] != call:
        _last = (call, pickle.loads(call))  # noqa: S301 - from our own parent
    return _last[1]


def send(descriptor: int, message: bytes) -> None:
    """Write one message. Raises `OSError` where nobody reads."""
    view = memoryview(len(message).to_bytes(_LENGTH, "big") + message)
    while view:
        view = view[os.write(descriptor, view[:_PIECE]) :]


def receive(descriptor: int) -> bytes | None:
    """Read one message; None at the end, also in the middle of a word."""
    head = _exactly(descriptor, _LENGTH)
    return None if head is None else _exactly(descriptor, int.from_bytes(head, "big"))


def _exactly(descriptor: int, length: int) -> bytes | None:
    pieces: list[bytes] = []
    while length:
        piece = os.read(descriptor, min(length, _PIECE))
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
