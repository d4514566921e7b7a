"""The one way in and out: argv in, exit code out, every error turned into words here."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HOLDS, FINDINGS, USAGE, UNDECIDED, CRASHED, INTERRUPTED = 0, 1, 2, 3, 70, 130
_SURROUNDINGS = {  # no bug of ours: what the system refuses, and what to do about it
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room: the disk quota is used up",
    errno.EFBIG: "raise how large a file may be (ulimit -f)",
    errno.EMFILE: "raise how many files may be open at once (ulimit -n), or use fewer --jobs",
    errno.ENFILE: "end what else runs on this machine, or use fewer --jobs",
    errno.ENOMEM: "raise how much memory may be taken (ulimit -v), or use fewer --jobs",
    errno.EAGAIN: "raise how many threads may run (ulimit -u) and take (ulimit -v), or use fewer --jobs",
}
_COLLECTED = 50_000  # new objects between two looks for circles: few make any, and no pixels are in them


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing else decides how verify4k ends."""
    args = list(sys.argv[1:] if argv is None else argv)
    _fill_closed_streams()
    own = argv is None  # this process is ours
    if own:
        _buffer_streams()
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # starts no threads, which halves NumPy's import
        gc.set_threshold(_COLLECTED)
        _hear_signals()
    try:
        return _run(args)
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - the program's own crash: 70, never Python's 1
        refused = _refused(error)
        if refused is not None:
            for line in refused:
                _say(line)
            _drop_what_is_left()
            return USAGE
        return _crashed(error, verbose="-v" in args or "--verbose" in args)
    finally:
        if own:
            gc.freeze()  # all that is left ends with the process: it need not be looked through for circles


def _hear_signals() -> None:
    """Let what CI, containers and terminals that close send stop a run as Ctrl-C does: with a report."""
    import signal
    import threading

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only there can signals be set
        return
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # not where nohup ignores it
            signal.signal(number, interrupt)


def _fill_closed_streams() -> None:
    """Keep the first three descriptors taken: else a report would get stderr's, and libraries' warnings."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _buffer_streams() -> None:
    """Let no answer be cut in silence: unbuffered, Python takes half a write, to a full disk, for all of it.

    Who sets PYTHONUNBUFFERED, as most images of containers do, wants lines at once, and gets them.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        raw = getattr(stream, "buffer", None)
        if isinstance(raw, io.RawIOBase):
            kept = {"encoding": stream.encoding, "errors": stream.errors, "line_buffering": True}
            setattr(sys, name, io.TextIOWrapper(io.BufferedWriter(raw), **kept))


def _refused(error: Exception) -> tuple[str, str] | None:
    """Return what the system refuses of all that any run takes, and what to do about it; None: nothing."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT and not _stands_somewhere():
        return "error: the working folder is not there any more", "  change into one that is"
    if isinstance(error, MemoryError):
        number = errno.ENOMEM
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        number = errno.EAGAIN
    if number is None or number not in _SURROUNDINGS:
        return None
    return f"error: {os.strerror(number)}", f"  {_SURROUNDINGS[number]}"


def _stands_somewhere() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def _run(args: list[str]) -> int:
    import click

    from verify4k.cli import app
    from verify4k.errors import CannotRead, ManifestError, Verify4kError
    from verify4k.text import printable

    try:
        code = app.main(args, prog_name="verify4k", standalone_mode=False)
        if sys.stdout is not None:  # it was closed before we started
            sys.stdout.flush()
    except click.exceptions.Abort as error:
        raise KeyboardInterrupt from error
    except SystemExit as error:  # what click makes of it: 1, which is a finding's
        raise BrokenPipeError from error
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message())  # our own help: nothing in it is foreign
        return USAGE
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        _say(f"error: {printable(error.format_message())}")
        if context is not None:
            _say(f"Try '{context.command_path} --help' for help.")
        return USAGE
    except ManifestError as error:
        for mistake in error.mistakes:
            _say(printable(str(mistake)))
        return USAGE
    except Verify4kError as error:
        _say(f"error: {printable(error.message)}")
        if error.hint:
            _say(f"  {printable(error.hint)}")
        return UNDECIDED if isinstance(error, CannotRead) else USAGE
    return code if isinstance(code, int) else HOLDS


def _say(line: str) -> None:
    if sys.stderr is None:  # it was closed before we started; print would take stdout
        return
    try:
        print(line, file=sys.stderr)
    except (OSError, ValueError):
        return


def _reader_left() -> int:
    """End quietly when ``| head`` has read enough, as SIGPIPE would: 128 + 13.

    Not 0: the one who closed the pipe has not seen the verdict.
    """
    _drop_what_is_left()
    return 141


def _drop_what_is_left() -> None:
    """Let the flush at exit have somewhere to go: a second failure would make the exit code 120."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # no file can be opened, or there is no stdout
        return


def _crashed(error: Exception, *, verbose: bool) -> int:
    if verbose:
        import traceback

        traceback.print_exception(error)
    from verify4k.text import printable

    _say(f"verify4k crashed: {type(error).__name__}: {printable(str(error))}")
    _say("  This is a bug in verify4k. Run again with -v and report the traceback.")
    return CRASHED


if __name__ == "__main__":
    sys.exit(main())
