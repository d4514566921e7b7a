"""GETs over kept connections: politely, within a deadline, each redirect checked like the first address."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from verify4k import __version__
from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple
from verify4k.net.addresses import joined, parse_url, quoted, resolve, target_as_sent, without_user
from verify4k.net.deadlines import Deadline, Watchdog, under_deadline
from verify4k.net.exchange import Head, TransportError
from verify4k.net.failures import failure
from verify4k.net.heads import headers_of
from verify4k.net.name_resolution import Resolver
from verify4k.net.pools import Pools
from verify4k.net.responses import Hop, IncomingBody, ResponseInfo
from verify4k.net.throttling import HostThrottles, Politeness, backoff, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import urllib3

    from verify4k.net.addresses import Address, Resolve
    from verify4k.net.exchange import Secret
    from verify4k.net.throttling import HostThrottle

SECONDS = 60.0  # for everything that one artifact needs
CAP = 256 * 1024 * 1024  # bytes of one body, as sent and as unpacked
_CONNECT_SECONDS = 20.0
_MOST_HOPS = 20  # as browsers follow (Fetch Living Standard, "HTTP-redirect fetch")
_ATTEMPTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_ASCII = bytes(range(128))


class SecretHeader(NamedTuple):
    """A header whose value nobody sees; it goes to one origin and never across a redirect."""

    origin: str
    name: str
    secret: Secret


class _Try(NamedTuple):
    """One request to one address: what goes along, and what it shares with the others before it."""

    address: Address
    url: str
    headers: tuple[tuple[str, str], ...]
    secrets: tuple[SecretHeader, ...]
    deadline: Deadline
    asked: str  # the URL at the beginning
    hops: tuple[Hop, ...]


class Edges(NamedTuple):
    """The outside world: name servers, waiting, chance."""

    lookup: Resolve = resolve
    pause: Callable[[float], object] | None = None  # None: wait, until the fetcher is closed
    chance: Callable[[], float] = random.random


_BROWSERS, _REAL = Politeness(), Edges()


class Fetcher:
    """Asks for URLs; made once a run, shared by its threads. Close it."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        allow_private: bool = False,
        politeness: Politeness = _BROWSERS,
        secrets: tuple[SecretHeader, ...] = (),
        seconds: float = SECONDS,
        cap: int = CAP,
        edges: Edges = _REAL,
    ) -> None:
        self.seconds = seconds
        self._cap = cap
        self._pools = Pools(environ, politeness.at_once)
        self._resolver = Resolver(edges.lookup, allow_private=allow_private)
        self._stop = threading.Event()
        self._pause = edges.pause or self._stop.wait
        self._throttles = HostThrottles(politeness, self._pause)
        self._secrets = secrets
        self._chance = edges.chance
        self._watchdog = Watchdog()

    def close(self) -> None:
        """End what is going on, close kept connections and wake whoever waits; nothing is asked any more."""
        self._stop.set()
        self._watchdog.close()
        self._pools.close()

    def open(
        self, url: str, headers: tuple[tuple[str, str], ...] = (), *, seconds: float | None = None
    ) -> IncomingBody:
        """Ask, follow redirects, and return the answer whose body nobody has read yet.

        Raises `TransportError`; its ``hops`` tell how far it came. Kinds besides those of one exchange:
        "private" (leads inwards), "loop", "cookie" (a loop that may want a cookie), "redirect" (leads nowhere
        that can be asked).
        """
        if self._stop.is_set():
            raise TransportError("the run has ended", kind="unreachable", sent=False)
        deadline = self._watchdog.start(self.seconds if seconds is None else seconds)
        try:
            return self._followed(url, headers, deadline)
        except BaseException:
            deadline.end()
            raise

    def _followed(self, url: str, headers: tuple[tuple[str, str], ...], deadline: Deadline) -> IncomingBody:
        hops: list[Hop] = []
        at, cookies = url, False
        try:
            address = parse_url(at)
            while True:
                secrets = () if hops else tuple(s for s in self._secrets if s.origin == address.origin)
                answer = self._patiently(_Try(address, at, headers, secrets, deadline, url, tuple(hops)))
                location = answer.about.header("location")
                if answer.about.status not in _REDIRECTS or not location:
                    return answer
                answer.discard(asked_on=True)
                cookies = cookies or "set-cookie" in answer.about.headers
                following = _led_to(at, self._scrubbed(location))
                hops.append(Hop(at, answer.about.status, without_user(following)))
                address, at = self._next(following, hops, cookies=cookies), following
        except TransportError as error:
            error.hops = tuple(hops)
            raise

    def _next(self, url: str, hops: list[Hop], *, cookies: bool) -> Address:
        if any(hop.url == url for hop in hops):
            said = "the redirects go in a circle"
            if cookies:  # browsers may get further
                said += ", and set a cookie: none is sent back"
                hint = "let verify4k through there; --header Cookie=VARIABLE sends one"
                raise TransportError(said, kind="cookie", sent=True, hint=hint)
            raise TransportError(said, kind="loop", sent=True)
        if len(hops) > _MOST_HOPS:
            raise TransportError(f"there are more than {_MOST_HOPS} redirects", kind="loop", sent=True)
        scheme = url.partition(":")[0].lower()
        if scheme not in ("http", "https"):
            raise TransportError(f"it redirects to {scheme[:20]!a}, not http", kind="redirect", sent=True)
        try:
            return parse_url(url)
        except UsageError as error:
            said = f"it redirects to no address that can be asked: {error.message}"
            raise TransportError(said, kind="redirect", sent=True) from error

    def _scrubbed(self, text: str) -> str:
        for each in self._secrets:
            text = each.secret.scrub(text)
        return text

    # -- one address ---------------------------------------------------------------------

    def _patiently(self, this: _Try) -> IncomingBody:
        """Ask again where that is right: after a lost connection, or when a busy host says when."""
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                answer = self._politely(this, again=attempt > 0)
            except TransportError as error:
                if last or error.kind != "dropped" or this.deadline.expired or error.head is not None:
                    raise
                self._pause(min(backoff(attempt, self._chance()), this.deadline.left))
                continue
            if answer.about.status not in _BUSY or last:
                return answer
            wait = retry_after(answer.about.header("retry-after"), time.time())
            wait = backoff(attempt, self._chance()) if wait is None else wait
            if wait >= this.deadline.left:
                return answer
            answer.discard(asked_on=True)
            self._throttle(this.address).not_before(time.monotonic() + wait)
        raise AssertionError("the last attempt returns or raises")

    def _throttle(self, address: Address) -> HostThrottle:
        return self._throttles.of(address.origin, near=address.loopback)

    def _politely(self, this: _Try, *, again: bool) -> IncomingBody:
        throttle = self._throttle(this.address)
        waited = throttle.enter()
        try:
            if not again:
                this.deadline.extend(waited)
            return self._once(this, throttle)
        except BaseException:
            throttle.leave()
            raise

    def _once(self, this: _Try, throttle: HostThrottle) -> IncomingBody:
        proxy = self._pools.proxy(this.address)
        numbers = self._resolver.find(this.address, this.deadline, proxied=proxy is not None)
        ways: list[str | None] = [None] if proxy else list(numbers)
        for way in ways:
            try:
                response = self._send(this, way)
            except TransportError as error:
                if way == ways[-1] or error.kind not in ("refused", "unreachable"):
                    raise
                continue
            if way is not None:
                self._resolver.promote(this.address, way)
            return self._received(this, response, throttle)
        raise AssertionError("a host without a number has raised already")

    def _send(self, this: _Try, ip: str | None) -> urllib3.BaseHTTPResponse:
        import urllib3

        headers = dict(self._sent(this))
        for each in this.secrets:
            headers[each.name] = each.secret.reveal()
        pool = self._pools.to(this.address, ip)
        whole = ip is None and this.address.scheme == "http"  # to a proxy
        target = (this.address.origin if whole else "") + target_as_sent(this.address.path)
        for again in (False, True):
            this.deadline.fresh = False
            try:
                with under_deadline(this.deadline, target):
                    return pool.urlopen(
                        "GET",
                        target,
                        headers={"Host": this.address.netloc, **headers},
                        timeout=urllib3.Timeout(
                            connect=min(this.deadline.left, _CONNECT_SECONDS), read=this.deadline.left
                        ),
                        retries=False,
                        redirect=False,
                        assert_same_host=False,
                        preload_content=False,
                        decode_content=False,
                    )
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if again or this.deadline.fresh or this.deadline.expired:
                    raise self._failed(error, this.deadline, None) from error
        raise AssertionError("the second attempt returns or raises")

    def _sent(self, this: _Try) -> tuple[tuple[str, str], ...]:
        given = {name.lower() for name, _ in this.headers}
        own = (("Accept", "*/*"), ("Accept-Encoding", "identity"), ("User-Agent", f"verify4k/{__version__}"))
        return (*((name, value) for name, value in own if name.lower() not in given), *this.headers)

    def _received(
        self, this: _Try, response: urllib3.BaseHTTPResponse, throttle: HostThrottle
    ) -> IncomingBody:
        headers = {name: self._scrubbed(value) for name, value in headers_of(response.headers).items()}
        sent = (*self._sent(this), *((each.name, repr(each.secret)) for each in this.secrets))
        about = ResponseInfo(this.asked, this.url, this.hops, response.status, headers, sent)
        deadline = this.deadline
        try:
            return IncomingBody(
                about,
                response,
                deadline,
                self._cap,
                lambda error, head: self._failed(error, deadline, head),
                throttle.leave,
            )
        except BaseException:
            response.close()
            raise

    def _failed(self, error: Exception, deadline: Deadline, head: Head | None) -> TransportError:
        if deadline.expired:
            return self._timeout(head)
        return failure(error, head=head, sent=True, seconds=self.seconds)

    def _timeout(self, head: Head | None) -> TransportError:
        said = f"no whole answer within {self.seconds:.3g} s"
        return TransportError(said, kind="timeout", sent=True, head=head)


def _led_to(base: str, location: str) -> str:
    """Return where a redirect leads. Its bytes, which http.client reads as Latin-1, are sent as they came."""
    came = location.encode("latin-1", "replace")
    try:
        location = came.decode()  # a host of another script is known by its letters
    except UnicodeDecodeError:
        location = quote(came, safe=_ASCII)
    try:
        return quoted(joined(base, location))
    except ValueError:  # half an IPv6 address: told, not followed
        return quoted(location)
