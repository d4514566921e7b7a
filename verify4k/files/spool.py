"""Records that are put aside in a file, in a tenth of the room of objects."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import weakref

_LENGTH = 4  # bytes that say how long a record is


class Spool:
    """Records in a file that has no name and goes with them.

    Raises:
        OSError: there is no folder for temporary files, or no room.
    """

    def __init__(self) -> None:
        # as long as this object, and without a buffer: what does not fit is told when it is written
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._reading = threading.Lock()

    def put(self, record: bytes) -> int:
        """Append a record; return where it is."""
        whole = len(record).to_bytes(_LENGTH, "big") + record
        with self._reading:
            self._file.seek(self._end)
            if self._file.write(whole) != len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            at = self._end
            self._end += len(whole)
        return at

    def get(self, at: int) -> bytes:
        """Return the record that `put` has put there."""
        with self._reading:
            self._file.seek(at)
            length = int.from_bytes(self._file.read(_LENGTH), "big")
            return self._file.read(length)
