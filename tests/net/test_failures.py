"""What keeps an answer from coming is named, with a next step that fits."""

from __future__ import annotations

import contextlib
import socket
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from fetched import BODY, failing
from webserver import Asked, Reply, WebServer

from verify4k.net.fetcher import Edges, Fetcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verify4k.net.exchange import TransportError

_NAMES = Edges(lookup=lambda _host, _port: ["127.0.0.1"], pause=lambda _: None)
_LONG_AGO, _TO_COME = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def _secured(kind: str, ours: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind == "old":
        ours.issue_cert("cdn.test", not_after=_LONG_AGO).configure_cert(context)
    elif kind == "to come":
        ours.issue_cert(
            "cdn.test", not_before=_TO_COME, not_after=_TO_COME.replace(year=3000)
        ).configure_cert(context)
    elif kind == "another's":
        ours.issue_cert("elsewhere.test").configure_cert(context)
    elif kind == "a stranger's":
        trustme.CA().issue_cert("cdn.test").configure_cert(context)
    else:
        ours.issue_cert("cdn.test").configure_cert(context)
        context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    return context


@pytest.mark.parametrize(
    ("kind", "said", "step"),
    [
        ("old", "certificate has expired", "renew the server's certificate"),
        ("to come", "certificate is not yet valid", "look at the server's certificate"),
        ("another's", "'elsewhere.test'", "use a name that the certificate holds"),
        (
            "a stranger's",
            "certificate",
            "SSL_CERT_FILE or REQUESTS_CA_BUNDLE names the certificates to trust",
        ),
        ("unknown name", "unrecognized name", "tell the server this host name (SNI)"),
    ],
)
def test_a_connection_that_is_not_secure_says_why(kind: str, said: str, step: str, tmp_path: Path) -> None:
    ours = trustme.CA()
    ours.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    fetcher = Fetcher({"SSL_CERT_FILE": str(tmp_path / "ca.pem")}, allow_private=True, edges=_NAMES)
    with WebServer(lambda _: Reply(BODY), _secured(kind, ours)) as server:
        error = failing(fetcher, f"https://cdn.test:{server.server_address[1]}/")
    fetcher.close()
    assert error.kind == "tls"
    assert said in error.message
    assert step in error.hint
    assert "_ssl.c" not in error.message


@contextlib.contextmanager
def _nobody() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    yield f"http://user:s3cret@127.0.0.1:{port}"


def _through(proxy: str, url: str) -> TransportError:
    fetcher = Fetcher({"HTTPS_PROXY": proxy, "http_proxy": proxy}, allow_private=True, edges=_NAMES)
    error = failing(fetcher, url)
    fetcher.close()
    assert "s3cret" not in f"{error.message}{error.hint}"
    return error


@pytest.mark.parametrize("url", ["https://cdn.test/a.png", "http://cdn.test/a.png"])
def test_a_proxy_that_is_not_there_is_named(url: str) -> None:
    with _nobody() as proxy:
        error = _through(proxy, url)
    assert (error.kind, error.message) == ("unreachable", "the proxy does not answer")
    assert "NO_PROXY" in error.hint


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "the proxy does not lead to the host: it answers '403 Said'"),
        (407, "the proxy refuses its user or password, or wants them (407)"),
    ],
)
def test_a_proxy_that_leads_nowhere_is_named(status: int, said: str) -> None:
    def answering(asked: Asked) -> Reply:
        assert asked.method == "CONNECT"
        return Reply(b"", status, end="close")

    with WebServer(answering) as proxy:
        error = _through(proxy.url.replace("//", "//user:s3cret@"), "https://cdn.test/a.png")
    assert (error.kind, error.message) == ("unreachable", said)
    assert "PROXY" in error.hint
