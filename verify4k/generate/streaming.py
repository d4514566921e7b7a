"""Partial pictures of an answer that comes as a stream: shown to whoever watches, never taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.routes.protocol.streams import MEDIA_TYPE, EventReader, partial_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.net.exchange import Head, Sink
    from verify4k.routes.protocol.streams import Partial

    Watch = Callable[[str, Partial], None]


class WatchedSink:
    """Passes an answer on to a sink, and its partial pictures to a watcher while they arrive.

    The sink comes first: what was paid for is on the disk before anyone looks at it.
    """

    def __init__(self, sink: Sink, watch: Callable[[Partial], None]) -> None:
        self._sink = sink
        self._watch = watch
        self._reader: EventReader | None = None

    def begin(self, head: Head) -> None:
        """The headers are here (`verify4k.net.exchange.Sink`)."""
        self._sink.begin(head)
        kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
        self._reader = EventReader() if kind == MEDIA_TYPE else None

    def write(self, chunk: bytes) -> None:
        """More of the body is here, as sent."""
        self._sink.write(chunk)
        for event in self._reader.feed(chunk) if self._reader else ():
            if (partial := partial_picture(event)) is not None:
                self._watch(partial)
