"""One request and what comes back: the nouns of the network.

Everything that can go wrong between sending and the last byte is a `TransportError` that knows
whether the request may have been read by someone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from verify4k.errors import CannotRead
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CAP = 96 * 1024 * 1024  # bytes of one answer, as sent and as unpacked
_PACKED = ("gzip", "x-gzip", "deflate")
_COMPRESSED = frozenset((*_PACKED, "br", "zstd", "compress", "x-compress", "dcb", "dcz"))


class Secret:
    """A key. Only the transport looks inside; printing it shows the variable's name."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str) -> None:
        self._value = value
        self.name = name

    def __repr__(self) -> str:
        return f"<key from {self.name}>"

    def reveal(self, prefix: str = "") -> str:
        """Return the header value; call it where it is sent, or taken out of what comes, and nowhere else."""
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
        # "refused", "unreachable", "tls", "timeout", "dropped", "cut", "too-large", "garbled", "mispacked";
        # see also `verify4k.net.fetcher.Fetcher.open`
        self.kind = kind
        self.sent = sent
        self.head = head
        self.hops: tuple[Any, ...] = ()  # `verify4k.net.responses.Hop`: the redirects that came before


class Sink(Protocol):
    """Takes an answer while it arrives, so that a killed process leaves what it had."""

    def begin(self, head: Head) -> None:
        """The headers are here."""

    def write(self, chunk: bytes) -> object:
        """More of the body is here, as sent."""


def packing(head: Head) -> str:
    """Return how a body is compressed on its way; an empty text where it is not.

    A word that is no compression (`aws-chunked`, left in the metadata of S3 objects; `utf-8`, `none`) changes
    nothing: browsers show such bodies as they are.
    """
    encoding = head.headers.get("content-encoding", "").strip().lower()
    return "" if _COMPRESSED.isdisjoint(each.strip() for each in encoding.split(",")) else encoding


def unpacker(head: Head, first: bytes) -> Any:
    """Return zlib's object for a packed body that begins so. Raises `TransportError` for other packings.

    `deflate` means a zlib stream (RFC 9110, 8.4.1.2); servers that leave its two bytes of header out are so
    common that every browser unpacks both. Neither is taken for the other: Chromium shows nothing then.
    """
    import zlib

    encoding = packing(head)
    if encoding not in _PACKED:
        said = f"the answer is packed in a way nobody asked for ({encoding[:20]!a})"
        hint = "pack no pictures, least of all where Accept-Encoding: identity is sent"
        raise TransportError(said, kind="garbled", sent=True, head=head, hint=hint)
    if encoding != "deflate":
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    known = int.from_bytes(first[:1]) & 15 == 8 and int.from_bytes(first[:2]) % 31 == 0
    return zlib.decompressobj(wbits=zlib.MAX_WBITS if known else -zlib.MAX_WBITS)


def unpacked(head: Head, body: bytes, cap: int) -> bytes:
    """Return the body without its Content-Encoding; identity is asked for, gateways may not care."""
    import zlib

    if not packing(head):
        return body
    plain, rest = b"", body
    while rest or not plain:  # RFC 1952: a gzip file may have several members
        one = unpacker(head, rest)
        try:
            plain += one.decompress(rest, cap + 1 - len(plain))
        except zlib.error as error:
            raise TransportError(
                "the packed answer is broken", kind="garbled", sent=True, head=head
            ) from error
        if len(plain) > cap:
            raise TransportError("the answer unpacks to too much", kind="too-large", sent=True, head=head)
        if not one.eof:
            raise TransportError("the packed answer is cut off", kind="dropped", sent=True, head=head)
        rest = one.unused_data
        if not plain and not rest:
            break
    return plain
