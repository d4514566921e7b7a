"""Runs verify4k and, when it opens the first file with a certain suffix, says so and waits for its input to end.

Usage: python stopping.py SUFFIX ARGUMENTS...  For tests that interrupt a run in its middle.
"""

from __future__ import annotations

import sys
from typing import Any


def main() -> int:
    """Install the hook and run."""
    suffix = sys.argv[1]
    waited = False

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        nonlocal waited
        if name == "open" and not waited and str(arguments[0]).endswith(suffix):
            waited = True
            sys.stdout.write("opened\n")
            sys.stdout.flush()
            sys.stdin.read()

    from verify4k.__main__ import main as verify4k

    sys.addaudithook(hook)
    del sys.argv[1]
    return verify4k()  # as the program, which hears signals


if __name__ == "__main__":
    sys.exit(main())
