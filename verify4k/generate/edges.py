"""Everything outside that generating touches, handed in: clocks, chance, pauses, environment, network."""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.net.addresses import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.net.addresses import Resolve
    from verify4k.net.transport import Transport


TIME = "%Y-%m-%dT%H:%M:%SZ"  # how the ledger writes a time


class Edges(NamedTuple):
    """The outside world. ``stop`` is set when nothing new shall be started."""

    environ: Mapping[str, str]
    transport: Transport
    clock: Callable[[], float]  # seconds that only grow
    now: Callable[[], float]  # seconds since the epoch
    new_id: Callable[[], str]
    resolve: Resolve
    stop: threading.Event

    def pause(self, seconds: float) -> bool:
        """Wait; False when the run is to stop instead."""
        return not self.stop.wait(seconds)

    def today(self) -> str:
        """Return the date, UTC, ISO."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.now()))

    def timestamp(self) -> str:
        """Return date and time, UTC, ISO."""
        return time.strftime(TIME, time.gmtime(self.now()))


def real_edges() -> Edges:
    """Return the real world."""
    from verify4k.net.transport import Transport

    return Edges(
        environ=os.environ,
        transport=Transport(os.environ),
        clock=time.monotonic,
        now=time.time,
        new_id=lambda: uuid.uuid4().hex,
        resolve=resolve,
        stop=threading.Event(),
    )
