"""The one door to the network: one request, one answer, a total deadline, nothing on its own account.

No redirects, no retries, no cookies, no kept connections: whoever sends decides what happens
next. The HTTP library limits single reads, not the whole exchange, so an exchange runs in a
thread of its own that is left behind when its time is up.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from verify4k.net.addresses import Address, parse_url
from verify4k.net.environment import PROXY, certificates, proxy_for, proxy_login
from verify4k.net.exchange import CAP, Answer, Head, Request, Secret, Sink, TransportError
from verify4k.net.sending import Exchange

if TYPE_CHECKING:
    from collections.abc import Mapping

    import urllib3

__all__ = ["CAP", "Answer", "Head", "Request", "Secret", "Sink", "Transport", "TransportError"]


class Transport:
    """Sends requests through the proxies and with the certificates that the environment names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def ready(self, url: str) -> None:
        """Raise `UsageError` where proxy or certificates for ``url`` cannot be used; nothing is sent."""
        self._pool(parse_url(url), None).close()

    def send(
        self,
        request: Request,
        *,
        deadline: float,
        cap: int = CAP,
        sink: Sink | None = None,
        connect_to: str | None = None,
    ) -> Answer:
        """Send once and return the answer, whatever its status. Raises `TransportError`.

        Args:
            request: what to send.
            deadline: seconds for everything, from looking up the name to the last byte.
            cap: largest body.
            sink: is given the answer as it arrives.
            connect_to: the IP address to connect to, where someone has checked it.
        """
        exchange = Exchange(request, self._pool(parse_url(request.url), connect_to), deadline, cap, sink)
        thread = threading.Thread(target=exchange.run, daemon=True, name="verify4k-exchange")
        thread.start()
        thread.join(deadline)
        if exchange.result is None:
            exchange.abandoned = True
            said = f"no whole answer within {deadline:.3g} s" if thread.is_alive() else "the exchange crashed"
            raise TransportError(said, kind="timeout", sent=exchange.sent, head=exchange.head)
        if isinstance(exchange.result, TransportError):
            raise exchange.result
        return exchange.result

    def _pool(self, address: Address, connect_to: str | None) -> urllib3.HTTPConnectionPool:
        from verify4k.net.final_responses import PlainConnection, SecureConnection

        pool = self._plain_pool(address, connect_to)
        pool.ConnectionCls = PlainConnection if address.scheme == "http" else SecureConnection
        return pool

    def _plain_pool(self, address: Address, connect_to: str | None) -> urllib3.HTTPConnectionPool:
        import urllib3

        if address.scheme == "http":
            return urllib3.HTTPConnectionPool(connect_to or address.host, address.port)
        context = certificates(self._environ)
        proxy = None if connect_to else proxy_for(address, self._environ)
        if proxy is None:
            return urllib3.HTTPSConnectionPool(
                connect_to or address.host,
                address.port,
                ssl_context=context,
                server_hostname=address.host,
                assert_hostname=address.host,
            )
        where = parse_url(proxy, allow_user=True, name=PROXY)
        login = proxy_login(where.user)
        manager = urllib3.ProxyManager(where.origin, proxy_headers=login, ssl_context=context)
        return manager.connection_from_host(address.host, address.port, scheme="https")
