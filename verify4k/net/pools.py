"""Kept connections: one pool for each host and number, with the proxies and certificates in force."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import urllib3

from verify4k.net.addresses import parse_url
from verify4k.net.deadlines import WithDeadline
from verify4k.net.environment import PROXY, certificates, proxy_for, proxy_login
from verify4k.net.final_responses import PlainConnection, SecureConnection

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from verify4k.net.addresses import Address


class _Plain(WithDeadline, PlainConnection):
    pass


class _Secure(WithDeadline, SecureConnection):
    pass


class Pools:
    """Pools by where they lead; threads share them."""

    def __init__(self, environ: Mapping[str, str], size: int) -> None:
        self._environ = environ
        self._size = size
        self._known: dict[tuple[str, str, int, str], urllib3.HTTPConnectionPool] = {}
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def proxy(self, address: Address) -> str | None:
        """Return the proxy that stands between; None: nothing does."""
        return proxy_for(address, self._environ)

    def to(self, address: Address, ip: str | None) -> urllib3.HTTPConnectionPool:
        """Return the pool that connects to ``ip`` under the address's name; None: through its proxy."""
        key = (address.scheme, address.host, address.port, ip or "proxy")
        with self._lock:
            if key not in self._known:
                self._known[key] = self._through_proxy(address) if ip is None else self._direct(address, ip)
            return self._known[key]

    def _direct(self, address: Address, ip: str) -> urllib3.HTTPConnectionPool:
        if address.scheme == "http":
            return self._watched(urllib3.HTTPConnectionPool(ip, address.port, maxsize=self._size), _Plain)
        secure = urllib3.HTTPSConnectionPool(
            ip,
            address.port,
            maxsize=self._size,
            ssl_context=self._certificates(),
            server_hostname=address.host,
            assert_hostname=address.host,
        )
        return self._watched(secure, _Secure)

    def _through_proxy(self, address: Address) -> urllib3.HTTPConnectionPool:
        where = parse_url(self.proxy(address) or "", allow_user=True, name=PROXY)
        login = proxy_login(where.user)
        context = self._certificates()
        manager = urllib3.ProxyManager(
            where.origin, proxy_headers=login, ssl_context=context, maxsize=self._size
        )
        pool = manager.connection_from_host(address.host, address.port, scheme=address.scheme)
        secure = "https" in (address.scheme, where.scheme)
        return self._watched(pool, _Secure if secure else _Plain)

    def _watched(self, pool: urllib3.HTTPConnectionPool, kind: Any) -> urllib3.HTTPConnectionPool:
        pool.ConnectionCls = kind
        return pool

    def _certificates(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = certificates(self._environ)
        return self._context

    def close(self) -> None:
        """Close every kept connection."""
        for pool in self._known.values():
            pool.close()
