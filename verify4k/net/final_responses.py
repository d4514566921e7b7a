"""Connections that wait for the final answer: 1xx answers before it (103 Early Hints) are skipped.

RFC 9110, 15.2: a client must be able to parse any number of them. http.client skips 100 alone.
"""

from __future__ import annotations

import http.client
import io
from typing import Any

import urllib3

from verify4k.net.heads import Chunks, UnreadableAnswer, framing, read_head

_SWITCHING, _FINAL = 101, 200
_MOST = 20  # interim answers; more are no server's


class _FinalResponse(http.client.HTTPResponse):
    fp: Any
    _begun = False  # False as well in an answer to CONNECT, of which nobody but http.client reads the headers

    def begin(self) -> None:
        """Read the head by our rules; the standard library is shown what of it says where the body ends."""
        if self._begun:
            return
        self._begun = True
        super().begin()
        self.headers = self.msg = self._head
        self.fp = Chunks(self._body) if self.chunked else self._body

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST):
            version, status, reason = self._status()
            final = status >= _FINAL or status == _SWITCHING
            if final and not self._begun:
                return version, status, reason
            self._head, self._body = read_head(self.fp, version), self.fp
            if final:
                self.fp = io.BytesIO(framing(self._head))
                return version, status, reason
        raise UnreadableAnswer("interim answers without an end")

    def _status(self) -> tuple[str, int, str]:
        try:
            found: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
        except http.client.BadStatusLine as error:
            if isinstance(error, http.client.RemoteDisconnected):
                raise
            if not str(error.args[0]).endswith("\n"):
                raise http.client.RemoteDisconnected("the connection ended within the status") from error
            raise UnreadableAnswer("what came is not HTTP") from error
        except http.client.LineTooLong as error:
            raise UnreadableAnswer("what came is not HTTP") from error
        if not found[0].startswith("HTTP/1."):
            raise UnreadableAnswer("it answers in another version of HTTP than it was asked in")
        return found


class PlainConnection(urllib3.connection.HTTPConnection):
    """Over http."""

    response_class = _FinalResponse


class SecureConnection(urllib3.connection.HTTPSConnection):
    """Over https, through a tunnel too."""

    response_class = _FinalResponse
