"""The head of an answer and the ends of its chunks, read as browsers read them.

http.client stops at the first line of a head that it does not understand, and with the rest loses the length
of the body; it takes a head that is cut off for a whole one. urllib3 takes chunks for whole that are not.
What Chromium puts up with was observed; other clients differ in details that no server has.
"""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict

_MOST = 256 * 1024  # bytes of one head: Chromium reads no more
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_ONE = frozenset(
    (
        "age",
        "content-length",
        "content-range",
        "date",
        "etag",
        "expires",
        "last-modified",
        "location",
        "retry-after",
    )
)
_FRAMING = ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length")


class UnreadableAnswer(http.client.HTTPException):
    """What came is no answer that a browser would show; the message says why."""


def read_head(fp: BinaryIO, version: str) -> http.client.HTTPMessage:
    """Return the headers up to the empty line behind them; lines that are no header are passed over.

    Raises `UnreadableAnswer`, and `http.client.RemoteDisconnected` where the connection ends before them.
    """
    found = http.client.HTTPMessage()
    for line in _lines(fp):
        if b"\0" in line:
            raise UnreadableAnswer("a header has a NUL byte in it")
        name, colon, value = line.partition(b":")
        name = name.strip(b" \t")
        if colon and _TOKEN.fullmatch(name):
            found[name.decode("ascii")] = value.strip(b" \t").decode("latin-1")
    if version == "HTTP/1.0":  # it has no chunks: Chromium shows them as they are, as broken pictures
        del found["Transfer-Encoding"]
    for once in ("Location",) if "Transfer-Encoding" in found else ("Location", "Content-Length"):
        if len(set(found.get_all(once) or ())) > 1:
            raise UnreadableAnswer(f"it has two {once} headers that differ")
    return found


def _lines(fp: BinaryIO) -> list[bytes]:
    """Return the lines of a head; one that begins with a blank goes on with the one before it."""
    found: list[bytes] = []
    left = _MOST
    while True:
        line = fp.readline(left + 1)
        left -= len(line)
        if left < 0:
            raise UnreadableAnswer(f"its headers have more than {_MOST // 1024} KiB")
        if not line.endswith(b"\n"):
            raise http.client.RemoteDisconnected("the connection ended within the headers")
        if not line.rstrip(b"\r\n"):
            return found
        for part in line.rstrip(b"\r\n").split(b"\r"):
            if found and part[:1] in (b" ", b"\t"):
                found[-1] += b" " + part.strip(b" \t")
            else:
                found.append(part)


def framing(head: http.client.HTTPMessage) -> bytes:
    """Return what of a head says where the body ends, as http.client reads it."""
    said = [f"{name}: {value}" for name, value in head.items() if name.lower() in _FRAMING]
    return "\r\n".join([*said, "", ""]).encode("latin-1")


def headers_of(given: HTTPHeaderDict) -> dict[str, str]:
    """Return headers by their names in lower case; those that were repeated are joined to a list."""
    found: dict[str, str] = {}
    for name, value in given.items():
        key = name.lower()
        if key not in found:
            found[key] = value
        elif key not in _ONE:
            found[key] += f", {value}"
    return found


class Chunks:
    """A body in chunks: what says how long they are is a plain number, and the last is there to its end."""

    def __init__(self, fp: Any) -> None:
        self._fp = fp
        self._last = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fp, name)

    def readline(self, limit: int = -1) -> bytes:
        """Return the line before a chunk, or one behind the last of them."""
        line: bytes = self._fp.readline(limit)
        if not line.endswith(b"\n") and not 0 <= limit <= len(line):
            raise http.client.IncompleteRead(b"")
        if self._last:
            return b"\r\n" if line == b"\n" else line
        size = _SIZE.fullmatch(line)
        if size is None:
            raise UnreadableAnswer("the length of a chunk is no number")
        self._last = int(size[1], 16) == 0
        return line
