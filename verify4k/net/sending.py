"""One exchange of `generate`: a request that may cost money, sent once and received whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.net.addresses import parse_url
from verify4k.net.exchange import Answer, Head, TransportError, unpacked
from verify4k.net.failures import failure
from verify4k.net.heads import headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import urllib3

    from verify4k.net.addresses import Address
    from verify4k.net.exchange import Request, Sink

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 20.0


class Exchange:
    """One request on its way. ``result`` is set at the end; ``sent`` once the body goes out."""

    def __init__(
        self, request: Request, pool: urllib3.HTTPConnectionPool, seconds: float, cap: int, sink: Sink | None
    ) -> None:
        self._request = request
        self._pool = pool
        self._seconds = seconds
        self._cap = cap
        self._sink = sink
        self.sent = False
        self.abandoned = False
        self.head: Head | None = None
        self.result: Answer | TransportError | None = None

    def run(self) -> None:
        """Send and receive; every expected failure becomes the result."""
        import urllib3

        try:
            self.result = self._exchange()
        except TransportError as error:
            self.result = error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            self.result = failure(error, head=self.head, sent=self.sent, seconds=self._seconds)
        finally:
            self._pool.close()

    def _exchange(self) -> Answer:
        import urllib3

        address = parse_url(self._request.url)
        response = self._pool.urlopen(
            self._request.method,
            address.path,
            body=None if self._request.body is None else self._outgoing(self._request.body),
            headers=self._headers(address),
            timeout=urllib3.Timeout(connect=min(self._seconds, _CONNECT_SECONDS), read=self._seconds),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            head = self.head = Head(response.status, headers_of(response.headers))
            body = self._receive(response, head)
            return Answer(head, unpacked(head, body, self._cap))
        finally:
            response.close()

    def _headers(self, address: Address) -> dict[str, str]:
        headers = {"Host": address.netloc, "Accept-Encoding": "identity", "Connection": "close"}
        headers |= dict(self._request.headers)
        if self._request.body is not None:
            headers["Content-Length"] = str(len(self._request.body))
        for name, prefix, secret in self._request.secrets:
            headers[name] = secret.reveal(prefix)
        return headers

    def _outgoing(self, body: bytes) -> Iterator[bytes]:
        self.sent = True  # asked for only when the connection stands and the headers are out
        if self.abandoned:  # nobody waits any more, and someone was told that nothing was sent
            raise TransportError("abandoned before it was sent", kind="timeout", sent=False)
        yield body

    def _receive(self, response: urllib3.BaseHTTPResponse, head: Head) -> bytes:
        declared = head.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self._cap:
            raise self._too_large()
        if self._sink is not None and not self.abandoned:
            self._sink.begin(head)
        chunks, length = [], 0
        for chunk in _as_it_arrives(response):
            length += len(chunk)
            if length > self._cap:
                raise self._too_large()
            if self.abandoned:
                break
            if self._sink is not None:
                self._sink.write(chunk)
            chunks.append(chunk)
        return b"".join(chunks)

    def _too_large(self) -> TransportError:
        said = f"the answer is larger than {self._cap // 1024 // 1024} MiB"
        return TransportError(said, kind="too-large", sent=True, head=self.head)


def _as_it_arrives(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """Yield the body as it comes: ``stream`` waits for full chunks, of which a kill would lose the last."""
    if response.chunked:
        yield from response.stream(_CHUNK)
        return
    while chunk := response.read1(_CHUNK):
        yield chunk
