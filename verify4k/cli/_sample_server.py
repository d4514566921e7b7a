"""The sample project's CDN: a server on this machine that delivers the poster smaller than it got it."""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH, FILE = "/poster.jpg", "art/poster.jpg"
_LARGEST = 2560  # pixels of an edge: what this CDN never told anybody


class Cdn(ThreadingHTTPServer):
    """Delivers ``folder``'s poster on a free port of the loopback address."""

    daemon_threads = True

    def __init__(self, folder: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._file = os.path.abspath(os.path.join(folder, FILE))  # the demo goes to another folder

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a mistake of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Where the poster is delivered."""
        return f"http://127.0.0.1:{self.server_address[1]}{PATH}"

    def poster(self) -> bytes:
        """Reduce the poster as a CDN with a limit does: silently."""
        from PIL import Image

        buffer = io.BytesIO()
        with Image.open(self._file) as poster:
            poster.thumbnail((_LARGEST, _LARGEST))
            poster.save(buffer, "JPEG", quality=90)
        return buffer.getvalue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Cdn

    def do_GET(self) -> None:
        """Answer with the poster, or that there is nothing."""
        found = self.path == PATH
        body = self.server.poster() if found else b"not found"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/jpeg" if found else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Say who serves."""
        return "sample-cdn"

    def log_message(self, *_said: object) -> None:
        """Say nothing: the demo tells its own story."""


@contextmanager
def serving(folder: str) -> Iterator[Cdn]:
    """Start the CDN, and stop it afterwards."""
    with Cdn(folder) as cdn:
        thread = threading.Thread(target=cdn.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield cdn
        finally:
            cdn.shutdown()
            thread.join()
