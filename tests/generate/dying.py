"""Runs verify4k and kills it at the Nth event that touches the folder: for tests of every crash point.

Usage: python dying.py FOLDER ARGUMENTS...  Each line of stdin is an N: a copy of this process runs the command,
and its exit status comes back as a line. N = 0 never dies, and writes how many events there are to FOLDER/events.
The copies share what the first of them had to import, which is most of what a run takes.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_NAMES = ("open", "os.link", "os.rename", "os.remove", "os.truncate")


def main() -> None:
    """Run the command as often as is asked."""
    folder, arguments = sys.argv[1], sys.argv[2:]
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            status = 1
            try:
                status = run(int(line), folder, arguments)
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if line == "0\n":
            for name in json.loads(Path(folder, "events").read_text("utf-8"))["modules"]:
                with suppress(ImportError):
                    importlib.import_module(name)
        print(status, flush=True)


def run(last: int, folder: str, arguments: list[str]) -> int:
    """Install the hook and run, with nothing to read and nobody to listen."""
    for stream in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    count = 0

    def event() -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(name: str, details: tuple[Any, ...]) -> None:
        if name in _NAMES and str(details[0]).startswith(folder):
            event()

    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        event()

    os.fsync = fsync  # type: ignore[assignment]
    from verify4k.__main__ import main as verify4k

    sys.addaudithook(hook)
    code = verify4k(arguments)
    if last == 0:
        events = {"count": count, "modules": list(sys.modules)}
        Path(folder, "events").write_text(json.dumps(events), encoding="utf-8")
    return code


if __name__ == "__main__":
    main()
