"""Connections that wait for the final answer: 1xx answers before it (103 Early Hints) are skipped.

RFC 9110, 15.2: a client must be able to parse any number of them. http.client skips 100 alone.
"""

from __future__ import annotations

import http.client

import urllib3

_SWITCHING, _FINAL = 101, 200
_MOST = 20  # interim answers; more are no server's


class _FinalResponse(http.client.HTTPResponse):
    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not _SWITCHING < status < _FINAL:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("interim answers without an end")


class PlainConnection(urllib3.connection.HTTPConnection):
    """Over http."""

    response_class = _FinalResponse


class SecureConnection(urllib3.connection.HTTPSConnection):
    """Over https, through a tunnel too."""

    response_class = _FinalResponse
