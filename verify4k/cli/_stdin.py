"""What is piped in, where TARGET is ``-``."""

from __future__ import annotations

import sys


def piped_in() -> bytes:
    """Return what is piped in, bounded as a file is. Raises `UsageError`."""
    from verify4k.errors import UsageError
    from verify4k.files.source import LIMIT_BYTES

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "TARGET - is what stdin holds, and nothing is piped in", "write: verify4k check - < FILE"
        )
    data = sys.stdin.buffer.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise UsageError(f"stdin holds more than {LIMIT_BYTES:,} bytes", "save it as a file")
    return data
