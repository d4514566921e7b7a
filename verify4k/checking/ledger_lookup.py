"""The ledger of a run, looked up for each file; that there is none, only now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.provenance.ledger_history import History

ABSENT = 0.1  # seconds for which a ledger that was not there is taken not to be


class LedgerLookup:
    """Reads a ledger that `generate` may begin while files are checked."""

    def __init__(self, read: Callable[[], History | None]) -> None:
        self._read = read
        self._absent_until = 0.0  # of `time.monotonic`

    def read(self) -> History | None:
        """Return the ledger, or None where there is none. Raises `CannotRead`."""
        now = time.monotonic()
        if now < self._absent_until:
            return None
        found = self._read()
        if found is None:
            self._absent_until = now + ABSENT
        return found
