"""Values that are put aside in a file, in a tenth of the room of objects."""

from __future__ import annotations

import errno
import os
import pickle
import tempfile
import threading
import weakref
from typing import Any, BinaryIO

_LENGTH = 4  # bytes that say how long a record is
_HERE = 1 << 62  # and the number of a record in memory, instead of a place in the file


class Spool:
    """Values in a file that has no name and goes with them; in memory, pickled, where no file takes them."""

    def __init__(self) -> None:
        self._end = 0
        self._here: list[bytes] = []
        self._reading = threading.Lock()
        self._file: BinaryIO | None = None
        try:
            # as long as this object, and without a buffer: what does not fit is told when it is written
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        except OSError:  # no folder for temporary files
            return
        weakref.finalize(self, self._file.close)

    def put(self, value: Any) -> int:
        """Keep a value; return where it is, not negative."""
        record = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._reading:
            if not self._here:
                try:
                    return self._append(record)
                except OSError:  # no room: this and the others stay in memory
                    pass
            self._here.append(record)
            return _HERE + len(self._here) - 1

    def _append(self, record: bytes) -> int:
        if self._file is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        whole = len(record).to_bytes(_LENGTH, "big") + record
        self._file.seek(self._end)
        if self._file.write(whole) != len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        at, self._end = self._end, self._end + len(whole)
        return at

    def get(self, at: int) -> Any:
        """Return a copy of the value that `put` has put there."""
        return pickle.loads(self._record(at))  # noqa: S301 - our own

    def _record(self, at: int) -> bytes:
        if at >= _HERE or self._file is None:
            return self._here[at - _HERE]
        with self._reading:
            self._file.seek(at)
            length = int.from_bytes(self._file.read(_LENGTH), "big")
            return self._file.read(length)
