"""Fetches a picture that an answer names by URL: only where the route allows it, never inwards.

https only, no redirects, no key, and only to hosts whose every address is in the open internet.
The address that was checked is the one that is connected to, so a name cannot change its mind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.net.addresses import is_public, parse_url
from verify4k.net.environment import proxy_for
from verify4k.net.exchange import Request, TransportError
from verify4k.routes.protocol.failures import Failure, NotMade

if TYPE_CHECKING:
    from verify4k.generate.edges import Edges


def fetch_picture(edges: Edges, url: str, *, deadline: float, request_id: str) -> bytes:
    """Return the bytes behind ``url``. Raises `NotMade`; the picture was paid for by then."""
    try:
        address = parse_url(url)
    except UsageError as error:
        raise _refused(f"the answer's URL is refused: {error.message}", request_id) from error
    if address.scheme != "https":
        raise _refused("the answer's URL is not https, so it is not fetched", request_id)
    found = edges.resolve(address.host, address.port)
    inward = [ip for ip in found if not is_public(ip)]
    if inward or not found:
        why = "leads to a private address" if inward else "has a host that is not known"
        raise _refused(f"the answer's URL {why}, so it is not fetched", request_id)
    request = Request("GET", url, (("Accept", "image/*"),))
    try:
        through_proxy = proxy_for(address, edges.environ) is not None
        answer = edges.transport.send(
            request, deadline=deadline, connect_to=None if through_proxy else found[0]
        )
    except (TransportError, UsageError) as error:
        raise _refused(f"fetching the answer's URL failed: {error.message}", request_id) from error
    if answer.head.status != 200:
        raise _refused(f"fetching the answer's URL failed with status {answer.head.status}", request_id)
    return answer.body


def _refused(message: str, request_id: str) -> NotMade:
    return NotMade(Failure("url", message, billed="likely", request_id=request_id))
