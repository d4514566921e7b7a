"""One request on its way and what comes back: the nouns of the network, and one exchange.

urllib3 speaks HTTP. Everything that can go wrong between sending and the last byte becomes a
`TransportError` that knows whether the request may have been read by someone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from verify4k.errors import CannotRead
from verify4k.net.addresses import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import urllib3

    from verify4k.net.addresses import Address

CAP = 96 * 1024 * 1024  # bytes of one answer, as sent and as unpacked
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 20.0


class Secret:
    """A key. Only the transport looks inside; printing it shows the variable's name."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str) -> None:
        self._value = value
        self.name = name

    def __repr__(self) -> str:
        return f"<key from {self.name}>"

    def reveal(self, prefix: str = "") -> str:
        """Return the header value; call it where it is sent and nowhere else."""
        return prefix + self._value

    def scrub(self, text: str) -> str:
        """Return ``text`` without the key, should a server have echoed it."""
        return text.replace(self._value, repr(self)) if self._value else text


class Request(NamedTuple):
    """One request. ``secrets``: headers whose value is prefix + key."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    secrets: tuple[tuple[str, str, Secret], ...] = ()


class Head(NamedTuple):
    """Status and headers; header names are in lower case."""

    status: int
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """A whole answer, its body unpacked and complete."""

    head: Head
    body: bytes


class TransportError(CannotRead):
    """No whole answer arrived. ``sent``: the request may have been read by someone."""

    def __init__(
        self, message: str, *, kind: str, sent: bool, head: Head | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind  # "refused", "unreachable", "tls", "timeout", "dropped", "too-large", "garbled"
        self.sent = sent
        self.head = head


class Sink(Protocol):
    """Takes an answer while it arrives, so that a killed process leaves what it had."""

    def begin(self, head: Head) -> None:
        """The headers are here."""

    def write(self, chunk: bytes) -> object:
        """More of the body is here, as sent."""


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
            self.result = self._failed(error)
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
            headers = {name.lower(): value for name, value in response.headers.items()}
            head = self.head = Head(response.status, headers)
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
        for chunk in response.stream(_CHUNK):
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

    def _failed(self, error: Exception) -> TransportError:
        from urllib3 import exceptions as of

        kind, said = "dropped", "the connection broke before the answer was whole"
        hint = ""
        if isinstance(error, of.NewConnectionError) and isinstance(error.__cause__, ConnectionRefusedError):
            kind, said = "refused", "the connection was refused"
        elif isinstance(error, of.NewConnectionError | of.ConnectTimeoutError | of.ProxyError):
            kind, said = "unreachable", f"the server cannot be reached ({type(error).__name__})"
        elif isinstance(error, of.SSLError):
            kind, said = "tls", f"the secure connection failed: {error.args[0] if error.args else error}"
            hint = "SSL_CERT_FILE or REQUESTS_CA_BUNDLE names the certificates to trust"
        elif isinstance(error, of.ReadTimeoutError):
            kind, said = "timeout", f"no whole answer within {self._seconds:.3g} s"
        elif self.head is None and isinstance(error, ValueError):
            kind, said = "garbled", f"the exchange failed: {type(error).__name__}"
        return TransportError(said, kind=kind, sent=self.sent, head=self.head, hint=hint)


def unpacked(head: Head, body: bytes, cap: int) -> bytes:
    """Return the body without its Content-Encoding; identity is asked for, gateways may not care."""
    import zlib

    encoding = head.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        said = f"the answer is packed in a way nobody asked for ({encoding[:20]!a})"
        raise TransportError(said, kind="garbled", sent=True, head=head)
    plain, rest = b"", body
    while rest or not plain:  # RFC 1952: a gzip file may have several members
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            plain += unpacker.decompress(rest, cap + 1 - len(plain))
        except zlib.error as error:
            raise TransportError(
                "the packed answer is broken", kind="garbled", sent=True, head=head
            ) from error
        if len(plain) > cap:
            raise TransportError("the answer unpacks to too much", kind="too-large", sent=True, head=head)
        if not unpacker.eof:
            raise TransportError("the packed answer is cut off", kind="dropped", sent=True, head=head)
        rest = unpacker.unused_data
        if not plain and not rest:
            break
    return plain
