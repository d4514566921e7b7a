"""A progress line on a terminal: appears when a run takes a while, disappears at its end."""

from __future__ import annotations

import time
from typing import TextIO

_PATIENCE = 0.5  # seconds before the first sign; short runs stay clean
_EVERY = 0.1


class Progress:
    """Writes ``checked 120 of 2400`` over itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def show(self, done: int, total: int) -> None:
        """Redraw the line, at most ten times a second; wipe it after the last."""
        now = time.monotonic()
        if now >= self._next and done < total:
            self._next = now + _EVERY
            self._shown = True
            filled = 24 * done // total
            self._stream.write(f"\r[{'#' * filled}{'.' * (24 - filled)}] {done} of {total}")
            self._stream.flush()
        elif self._shown and done == total:
            self._stream.write("\r\033[K")
            self._stream.flush()
