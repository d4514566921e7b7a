"""What the environment says about the network: proxies, and whose certificates count."""

from __future__ import annotations

import base64
import ipaddress
import os
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from verify4k.errors import UsageError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from verify4k.net.addresses import Address

PROXY = "the proxy in the environment"
_SCHEMES = ("http://", "https://")


def proxy_for(address: Address, environ: Mapping[str, str]) -> str | None:
    """Return the proxy for an address, as HTTPS_PROXY, http_proxy, ALL_PROXY and NO_PROXY say.

    HTTP_PROXY in capitals is not read: a CGI server sets it from a request's Proxy header.
    """
    own = ("https_proxy", "HTTPS_PROXY") if address.scheme == "https" else ("http_proxy",)
    proxy = next((environ[name] for name in (*own, "all_proxy", "ALL_PROXY") if environ.get(name)), None)
    exempt = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if proxy is None or address.loopback or _exempt(address, exempt):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.lower().startswith(_SCHEMES):
        raise UsageError(f"{PROXY} is neither http nor https", "set HTTPS_PROXY=http://HOST:PORT")
    return proxy


def proxy_login(user: str) -> dict[str, str] | None:
    """Return the header for ``USER:PASSWORD`` as a URL writes it, percent-encoded; None without a user."""
    if not user:
        return None
    plain = base64.b64encode(unquote_to_bytes(user)).decode()
    return {"proxy-authorization": f"Basic {plain}"}


def _exempt(address: Address, listed: str) -> bool:
    host = address.host
    for entry in listed.lower().split(","):
        text = entry.strip()
        if _network_holds(text, host):
            return True
        name, _, port = text.partition(":")
        if port.isascii() and port.isdigit() and int(port[:6]) != address.port:
            continue
        name = name if name == "*" else name.removeprefix("*").lstrip(".")
        if name and (name in ("*", host) or host.endswith(f".{name}")):
            return True
    return False


def _network_holds(text: str, host: str) -> bool:
    """Whether ``host`` is a number inside a range such as 10.0.0.0/8, or an IPv6 number by itself."""
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return False


def certificates(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that trusts what the environment names, else what the system trusts."""
    import ssl

    bundle = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    bundle = bundle or environ.get("SSL_CERT_FILE") or None
    folder = environ.get("SSL_CERT_DIR") or None
    try:
        if folder is not None:
            os.scandir(folder).close()  # OpenSSL takes a folder that is not there for an empty one
        return ssl.create_default_context(cafile=bundle, capath=folder)
    except OSError as error:
        raise UsageError(
            f"the certificates in {bundle or 'SSL_CERT_DIR'} cannot be read: {error}",
            "correct REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR",
        ) from error
