"""What can go wrong on the wire: dropped, cut, slow, endless, malformed."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import struct
from typing import TYPE_CHECKING

from apiserver.drawing import picture
from apiserver.faults import fault

if TYPE_CHECKING:
    from apiserver.server import Handler

_JSON = {"Content-Type": "application/json"}


def _good(handler: Handler) -> bytes:
    encoded = base64.b64encode(picture(*handler.size, handler.form)).decode()
    return json.dumps(handler.envelope(encoded)).encode()


def _hang_up(handler: Handler, *, reset: bool = False) -> None:
    handler.wfile.flush()
    if reset:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        return
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _raw(handler: Handler, data: bytes) -> None:
    handler.wfile.write(data)
    _hang_up(handler)


@fault("dropped before the answer", "connection broke", billed=True)
def _dropped(handler: Handler) -> None:
    _hang_up(handler)


@fault("reset before the answer", "connection broke", billed=True)
def _reset(handler: Handler) -> None:
    _hang_up(handler, reset=True)


@fault("dropped in the headers", "connection broke", billed=True)
def _dropped_in_headers(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 200 OK\r\nContent-Type: appl")


@fault("dropped after the headers", "connection broke", billed=True)
def _dropped_after_headers(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": "100000"})
    _hang_up(handler)


@fault("half the body", "connection broke", billed=True, unread=True)
def _half(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Content-Length": str(len(body))})
    handler.wfile.write(body[: len(body) // 2])
    _hang_up(handler)


@fault("half the body, reset", "connection broke", billed=True, unread=None)  # a reset may discard what came
def _half_reset(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": "100000"})
    handler.wfile.write(b"x" * 5000)
    _hang_up(handler, reset=True)


@fault("half a chunked body", "connection broke", billed=True)
def _half_chunked(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Transfer-Encoding": "chunked"})
    handler.wfile.write(f"{len(body):x}\r\n".encode() + body[: len(body) // 2])
    _hang_up(handler)


@fault("chunked without its end", "", made=True)
def _unended(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Transfer-Encoding": "chunked"})
    handler.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
    _hang_up(handler)


@fault("chunks of nonsense", "the length of a chunk is no number", billed=True)
def _nonsense_chunks(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Transfer-Encoding": "chunked"})
    _raw(handler, b"zz\r\nhello\r\n")


@fault("chunked, whole", "", made=True)
def _chunked(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Transfer-Encoding": "chunked"})
    for start in range(0, len(body), 7001):
        piece = body[start : start + 7001]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


@fault("until the connection ends", "", made=True)
def _until_close(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Connection": "close"})
    handler.wfile.write(_good(handler))
    _hang_up(handler)


@fault("until the connection ends, cut", "broken JSON", billed=True, unread=True)
def _until_close_cut(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Connection": "close"})
    handler.wfile.write(_good(handler)[:-1000])
    _hang_up(handler)


@fault("a length that is too long", "", made=True)
def _too_long(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Content-Length": str(len(body) + 500)})
    handler.wfile.write(body)
    _hang_up(handler)


@fault("a length that is too short", "broken JSON", billed=True, unread=True)
def _too_short(handler: Handler) -> None:
    body = _good(handler)
    handler.start(200, {**_JSON, "Content-Length": str(len(body) - 500)})
    handler.wfile.write(body)
    _hang_up(handler)


@fault("two different lengths", "", billed=True)
def _two_lengths(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n" + b"x" * 9)


@fault("a negative length", "", billed=True, unread=True)
def _negative(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")


@fault("no HTTP", "", billed=True)
def _no_http(handler: Handler) -> None:
    _raw(handler, b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


@fault("an endless header line", "", billed=True)
def _long_header(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n")


@fault("a thousand headers", "", billed=True)
def _many_headers(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"\r\n")


@fault("continue first", "", made=True)
def _continue(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    handler.answer()


@fault("early hints first", "", made=True)
def _hints(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 2)
    handler.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\n")
    handler.answer()


@fault("interim answers without an end", "", billed=True)
def _interim(handler: Handler) -> None:
    _raw(handler, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50)


@fault("never answers", "no whole answer within 1 s", billed=True, deadline=1)
def _never(handler: Handler) -> None:
    handler.hang()


@fault("headers and then nothing", "no whole answer within 1 s", billed=True, deadline=1)
def _stalls(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": "1000"})
    handler.hang()


def _dribble(handler: Handler, data: bytes) -> None:
    with contextlib.suppress(OSError):
        for byte in data:
            handler.wfile.write(bytes([byte]))
            if handler.server.released.wait(0.05):
                return


@fault("dribbled body", "no whole answer within 1 s", billed=True, unread=True, deadline=1)
def _dribbled(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": "100000"})
    _dribble(handler, b"x" * 400)


@fault("dribbled headers", "no whole answer within 1 s", billed=True, deadline=1)
def _dribbled_headers(handler: Handler) -> None:
    _dribble(handler, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 40)


@fault("too large by its own word", "larger than 96 MiB", billed=True)
def _too_large(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": str(97 * 1024 * 1024)})
    handler.hang()


@fault("too large without a word", "larger than 96 MiB", billed=True, unread=True)
def _endless(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Connection": "close"})
    with contextlib.suppress(OSError):
        for _ in range(97 * 16 + 16):
            handler.wfile.write(b" " * 65536)
    handler.close_connection = True


@fault("a huge declared length", "larger than 96 MiB", billed=True)
def _huge(handler: Handler) -> None:
    handler.start(200, {**_JSON, "Content-Length": "9" * 30})
    handler.hang()
