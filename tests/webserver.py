"""A web server on this machine whose answers, whole or broken, a test writes itself."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Mapping

    Answering = Callable[["Asked"], "Reply"]


class Asked(NamedTuple):
    """One request as it came; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    connection: int  # which connection it came on, from 1
    method: str = "GET"


class Reply(NamedTuple):
    """What to send. ``length``: None sends none, "right" the body's; ``end``: keep, close or reset."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    length: int | str | None = "right"
    end: str = "keep"
    pieces: Iterable[bytes] | None = None  # sent after the head instead of ``body``
    instead: Iterable[bytes] | None = None  # sent instead of everything


def ranged(asked: Asked, body: bytes, **headers: str) -> Reply:
    """Answer a Range request as a static server does."""
    given = {"Accept-Ranges": "bytes", "Content-Type": "image/png", **headers}
    wanted = asked.headers.get("range", "")
    if not wanted:
        return Reply(body, 200, given)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    begin, end = int(first), min(int(last or len(body) - 1), len(body) - 1)
    if begin >= len(body):
        return Reply(b"", 416, {"Content-Range": f"bytes */{len(body)}"})
    given["Content-Range"] = f"bytes {begin}-{end}/{len(body)}"
    return Reply(body[begin : end + 1], 206, given)


def chunked(*chunks: bytes, last: bool = True) -> list[bytes]:
    """Chunks as they go over the wire, with or without the one that ends them."""
    return [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks] + [b"0\r\n\r\n"] * last


class WebServer(socketserver.ThreadingTCPServer):
    """Serves what ``answering`` says, on a free port; a context manager."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, answering: Answering, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answering = answering
        self.seen: list[Asked] = []
        self.connections = 0
        self.over = threading.Event()
        self.scheme = "http"
        if tls is not None:
            self.scheme = "https"
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.seen]

    def drip(self, piece: bytes = b"x") -> Iterable[bytes]:
        """A byte every now and then, for ever."""
        while not self.over.wait(0.02):
            yield piece

    def __enter__(self) -> WebServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up in many tests; that is no news."""


class _Connection(socketserver.StreamRequestHandler):
    server: WebServer

    def handle(self) -> None:
        self.server.connections += 1
        number = self.server.connections
        with contextlib.suppress(OSError):
            while self._one(number):
                pass

    def _one(self, number: int) -> bool:
        line = self.rfile.readline()
        if not line.strip():
            return False
        headers = {}
        while (header := self.rfile.readline()).strip():
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        method, path = line.decode("latin-1").split(" ")[:2]
        asked = Asked(path, headers, number, method)
        self.server.seen.append(asked)
        reply = self.server.answering(asked)
        return self._send(reply._replace(pieces=()) if method == "HEAD" else reply)

    def _send(self, reply: Reply) -> bool:
        if reply.instead is not None:
            for piece in reply.instead:
                self.wfile.write(piece)
            return False
        length = len(reply.body) if reply.length == "right" else reply.length
        headers = dict(reply.headers)
        if length is not None and "Transfer-Encoding" not in headers:
            headers["Content-Length"] = str(length)
        lines = [f"HTTP/1.1 {reply.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for piece in reply.pieces if reply.pieces is not None else (reply.body,):
            self.wfile.write(piece)
            self.wfile.flush()
        if reply.end == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        return reply.end == "keep"
