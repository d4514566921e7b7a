"""A format whose files tell its decoder what to do: crash, loop, eat memory. For tests of what isolates it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Header, Reader, Size, Walk
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format("dangerous", suffixes=(".danger",), magic=(b"DANGER ",))


def header(_reader: Reader) -> Header:
    """Promise a small picture."""
    return Header("dangerous", Size(64, 36), Size(64, 36), 8, "gray")


def walk(_reader: Reader) -> Walk:
    """Find nothing wrong."""
    return Walk()


def decode(data: bytes, _header: Header, *, colour: bool, limits: Limits) -> Pixels:
    """Do what the file says."""
    del colour, limits
    word, *more = data.decode().split()[1:]
    _DEEDS[word](*more)
    raise Damaged(f"it was told to {word}")


def _loop() -> None:
    while True:  # in C, where no signal handler of Python's ever runs
        sum(range(10**12))


def _eat() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(16 << 20))


def _killed(once: str = "", whom: int | None = None) -> None:
    """As by somebody else; the second time it is left alone, where a file can be left to say so."""
    if once and Path(once).exists():
        return
    if once:
        Path(once).touch()
    os.kill(os.getpid() if whom is None else whom, signal.SIGKILL)


def _wait(pids: str) -> None:
    helper = subprocess.Popen(["sleep", "600"])  # as ExifTool would be
    Path(pids).write_text(f"{os.getpid()} {helper.pid}")  # a pipe with a name: somebody waits for it
    signal.pause()


_DEEDS: dict[str, Callable[..., object]] = {
    "crash": lambda: ctypes.string_at(0),  # a real SIGSEGV, as a decoder's
    "crash-without": lambda path: Path(path).exists() or ctypes.string_at(0),
    "abort": os.abort,
    "loop": _loop,
    "memory": _eat,
    "killed": _killed,
    "parent": lambda once="": _killed(once, os.getppid()),  # who started this process: a cluster's worker
    "exit": lambda: os._exit(0),
    "print": lambda: os.write(1, b"a library talks\n"),
    "wait": _wait,
}
