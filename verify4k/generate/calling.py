"""One request to a route's address: its headers, its query, its key."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from verify4k.net.exchange import Request

if TYPE_CHECKING:
    from verify4k.net.exchange import Secret
    from verify4k.routes.protocol.profile import Profile


def request_to(
    profile: Profile,
    endpoint: str,
    secret: Secret | None,
    path: str,
    *,
    method: str = "POST",
    content_type: str = "",
    body: bytes | None = None,
) -> Request:
    """Return a request to ``path`` below a route's address; the key stays a `Secret`."""
    query = urlencode(profile.query, errors="replace")
    typed = (("Content-Type", content_type),) if content_type else ()
    headers = (*profile.headers.items(), *typed, ("Accept", "application/json"), ("User-Agent", "verify4k"))
    secrets = () if secret is None else (_login(profile, secret),)
    joint = "&" if "?" in path else "?"
    url = f"{endpoint}{path}" + (f"{joint}{query}" if query else "")
    return Request(method, url, headers, body, secrets)


def _login(profile: Profile, secret: Secret) -> tuple[str, str, Secret]:
    if profile.key_header:
        return (profile.key_header, "", secret)
    return ("api-key", "", secret) if profile.auth == "api-key" else ("Authorization", "Bearer ", secret)
