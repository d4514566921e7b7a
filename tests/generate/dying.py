"""Runs verify4k and kills itself at the Nth event that touches the folder: for tests of every crash point.

Usage: python dying.py N FOLDER ARGUMENTS...  (prints nothing; N = 0 never dies and prints the count)
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

_NAMES = ("open", "os.link", "os.rename", "os.remove", "os.truncate")


def main() -> int:
    """Install the hook and run."""
    last, folder = int(sys.argv[1]), sys.argv[2]
    count = 0

    def event() -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name in _NAMES and str(arguments[0]).startswith(folder):
            event()

    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        event()

    os.fsync = fsync  # type: ignore[assignment]
    from verify4k.__main__ import main as verify4k

    sys.addaudithook(hook)
    code = verify4k(sys.argv[3:])
    if last == 0:
        Path(folder, "events").write_text(str(count), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
