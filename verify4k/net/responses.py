"""What an HTTP answer to a GET is: where it came from, what was sent, and its body as it arrives."""

from __future__ import annotations

import contextlib
import re
import time
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple
from verify4k.net.exchange import Head, TransportError, packing, unpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import urllib3

    from verify4k.net.deadlines import Deadline

_PIECE = 64 * 1024
_STEP = 1 << 20  # unpacked at once: a few KB may stand for a gigabyte
_LOGIN = re.compile(
    r"[/.](?:log[-_]?[io]n|sign[-_]?[io]n|sso|saml2?|oauth2?|openid|auth(?:n|orize|enticate)?|idp|wp-login\.php"
    r"|session/new|cdn-cgi/access)(?:[/.?&=]|$)"
)
_MOMENT = 0.2  # seconds in which it comes, mostly with the head
_SMALL = 16 * 1024  # an error page or a redirect's body: read on, to keep the connection
_VENDOR = (
    "age", "server", "via", "etag", "last-modified", "cache-control", "cdn-cache-control", "vary",
    "x-cache", "x-cache-hits", "x-cache-status", "x-served-by", "x-vercel-cache", "x-nextjs-cache",
)  # fmt: skip
_VENDORS = ("cf-", "x-amz-cf-", "x-fastly-", "x-akamai-", "x-image-", "x-imgix-", "x-cld-", "x-bunny-")
# by which Cloudflare, AWS, Vercel and DataDome say that not the picture was refused, but who asked
_CHALLENGES = ("cf-mitigated", "x-amzn-waf-action", "x-vercel-mitigated", "x-dd-b")


class Hop(NamedTuple):
    """One redirect: what was asked, the status, and where it led."""

    url: str
    status: int
    location: str


class ResponseInfo(NamedTuple):
    """All that one GET tells beside its body. Header names are in lower case, repeated ones joined."""

    url: str  # that was asked first
    final_url: str
    hops: tuple[Hop, ...]
    status: int
    headers: Mapping[str, str]
    sent: tuple[tuple[str, str], ...]  # a secret's value is its variable's name

    def header(self, name: str) -> str:
        """Return a header's value without blanks around it; empty where it was not sent."""
        return self.headers.get(name, "").strip()

    @property
    def said(self) -> str:
        """The status with its usual words: "404 Not Found"."""
        from http import HTTPStatus

        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)

    @property
    def at_login(self) -> bool:
        """Whether redirects led to what looks like a login page by its address."""
        return bool(self.hops) and _LOGIN.search(self.final_url.lower()) is not None

    @property
    def challenged(self) -> bool:
        """Whether a protection against robots answers in the server's place."""
        return not self.headers.keys().isdisjoint(_CHALLENGES)

    @property
    def vendor(self) -> dict[str, str]:
        """Headers by which servers, caches and CDNs name themselves and what they did: evidence."""
        return {
            name: value[:200]
            for name, value in sorted(self.headers.items())
            if name in _VENDOR or name.startswith(_VENDORS)
        }


class IncomingBody:
    """A body that is read as far as someone wants it, unpacked on the way. Close it."""

    def __init__(
        self,
        about: ResponseInfo,
        response: urllib3.BaseHTTPResponse,
        deadline: Deadline,
        cap: int,
        failed: Callable[[Exception, Head], TransportError],
        done: Callable[[], None],
    ) -> None:
        self.about = about
        self.plain = bytearray()  # as far as it was read, unpacked
        self.fetched = 0  # bytes as sent
        self.ended = False
        self.packed = bool(packing(self.head))  # whether the body is compressed on its way
        self._response = response
        self._pieces: Iterator[bytes] = response.stream(_PIECE, decode_content=False)
        self._deadline: Deadline | None = deadline
        self._cap = cap
        self._failed = failed
        self._done: Callable[[], None] | None = done
        self._unpack: Any = None  # made with the first bytes, which tell how

    @property
    def head(self) -> Head:
        """Status and headers."""
        return Head(self.about.status, self.about.headers)

    def read_to(self, length: int) -> None:
        """Read until so many unpacked bytes are there, or all. Raises `TransportError`."""
        while not self.ended and len(self.plain) < length:
            self._more()

    def read_all(self) -> bytes:
        """Read to the end and return everything. Raises `TransportError`."""
        declared = self.about.header("content-length")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self._cap:
            self.close()
            raise self._too_large("is larger than")
        while not self.ended:
            self._more()
        return bytes(self.plain)

    def _more(self) -> None:
        if self._unpack is not None and self._unpack.unconsumed_tail:
            self.plain += self._unpacked(self._unpack.unconsumed_tail)
            return
        from urllib3.exceptions import HTTPError

        try:
            piece = next(self._pieces, None)
        except (HTTPError, OSError, ValueError) as error:
            self.close(keep=False)
            raise self._failed(error, self.head) from error
        if piece is None:
            # a socket that was shut down at the deadline reads like one that the server closed
            if self._deadline is not None and self._deadline.expired:
                self.close(keep=False)
                raise self._failed(TimeoutError(), self.head)
            self._end()
            return
        self.fetched += len(piece)
        if self.fetched > self._cap:
            self.close(keep=False)
            raise self._too_large("is larger than")
        self.plain += self._unpacked(piece) if self.packed else piece

    def _unpacked(self, piece: bytes) -> bytes:
        import zlib

        if self._unpack is None:
            self._unpack = unpacker(self.head, piece)
        try:
            found: bytes = self._unpack.decompress(piece, _STEP)  # the rest waits until it is wanted
        except zlib.error as error:
            self.close(keep=False)
            raise self._broken_packing(str(error)) from error
        if len(self.plain) + len(found) > self._cap:
            self.close(keep=False)
            raise self._too_large("unpacks to more than")
        return found

    def _broken_packing(self, why: str) -> TransportError:
        if self.plain or why.endswith(("data check", "length check")):  # of a stream that is one to its end
            return TransportError("the packed answer is broken", kind="garbled", sent=True, head=self.head)
        said = f"the Content-Encoding says {packing(self.head)}, and the body is not: browsers show nothing"
        hint = "leave the header out: pictures are not packed on their way"
        return TransportError(said, kind="mispacked", sent=True, head=self.head, hint=hint)

    def _end(self) -> None:
        self.ended = True
        self.close()
        if self.packed and (self._unpack is None or not self._unpack.eof):
            what = self.about.header("content-encoding")
            said = f"the {what} stream is cut off: its end is missing"
            raise TransportError(said, kind="cut", sent=True, head=self.head)

    def _too_large(self, verb: str) -> TransportError:
        said = f"the answer {verb} {self._cap // 1024 // 1024} MiB"
        return TransportError(said, kind="too-large", sent=True, head=self.head)

    def discard(self, *, asked_on: bool = False) -> None:
        """Let an answer go whose body says nothing. ``asked_on``: what follows has the same deadline.

        A short body is read to its end, so that the connection can be kept; one that does not come, or is
        shorter than it says, is not waited for.
        """
        if asked_on:
            self._deadline = None
        handle = getattr(self._response.connection, "sock", None)
        if handle is not None:  # None: it is closed behind this answer anyway
            over = time.monotonic() + _MOMENT
            handle.settimeout(_MOMENT)
            with contextlib.suppress(TransportError):
                while not self.ended and len(self.plain) < _SMALL and time.monotonic() < over:
                    self._more()
        self.close()

    def close(self, *, keep: bool = True) -> None:
        """Let the connection go: back to its pool after a whole body, closed otherwise."""
        done, self._done = self._done, None
        if done is None:
            return
        try:
            if keep and self.ended:
                self._response.release_conn()
            else:
                self._response.close()
        finally:
            if self._deadline is not None:
                self._deadline.end()
            done()
