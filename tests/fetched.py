"""What the tests of fetching share: a body, redirects, and what comes of a fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from webserver import Reply

from verify4k.net.exchange import TransportError

if TYPE_CHECKING:
    from verify4k.net.fetcher import Fetcher

BODY = b"a picture, say" * 9000  # 126 kB


def whole(fetcher: Fetcher, url: str, **named: Any) -> bytes:
    answer = fetcher.open(url, **named)
    try:
        return answer.read_all()
    finally:
        answer.close()


def failing(fetcher: Fetcher, url: str, **named: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        whole(fetcher, url, **named)
    return caught.value


def to(location: str, status: int = 302) -> Reply:
    return Reply(b"moved", status, {"Location": location})
