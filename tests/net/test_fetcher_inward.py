"""Where a fetch may lead: addresses that point inwards, certificates, proxies."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme
from fetched import BODY, failing, to, whole
from webserver import Reply, WebServer

from verify4k.net.fetcher import Edges, Fetcher

if TYPE_CHECKING:
    from pathlib import Path


INWARD = [
    "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://127.1/",
    "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/", "http://0.0.0.0/",
    "http://[fd00::1]/", "http://[fe80::1]/", "http://[2002:7f00:1::]/", "http://[2606:4700::5efe:a00:1]/",
]  # fmt: skip


@pytest.mark.parametrize("url", INWARD)
def test_an_address_that_leads_inwards_is_refused_in_any_spelling(url: str) -> None:
    fetcher = Fetcher({})
    error = failing(fetcher, url)
    assert (error.kind, error.sent) == ("private", False), error
    assert "--allow-private" in error.hint
    fetcher.close()


def test_a_name_is_checked_by_every_number_it_has() -> None:
    edges = Edges(lookup=lambda _host, _port: ["8.8.8.8", "10.0.0.1"])
    fetcher = Fetcher({}, edges=edges)
    assert failing(fetcher, "http://two-faced.test/").kind == "private"


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind() -> None:
    asked: list[str] = []

    def lookup(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    fetcher = Fetcher({}, allow_private=True, edges=Edges(lookup=lookup))
    with WebServer(lambda _: Reply(BODY)) as server:
        for _ in range(2):
            assert whole(fetcher, f"http://rebind.test:{server.server_address[1]}/") == BODY
    assert asked == ["rebind.test"]
    fetcher.close()


def test_a_redirect_is_checked_like_the_first_address() -> None:
    """Only the first name is let through: what it redirects to is another host, and that is private."""

    def lookup(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    with WebServer(lambda _: to("http://127.0.0.1:1/")) as server:
        edges = Edges(lookup=lookup)
        fetcher = Fetcher({}, edges=edges)
        fetcher._resolver._known["seems-public.test", server.server_address[1]] = ["127.0.0.1"]
        error = failing(fetcher, f"http://seems-public.test:{server.server_address[1]}/")
        assert error.kind == "private"
        assert not server.seen
        fetcher.close()


# -- TLS and proxies --------------------------------------------------------------------------


def test_certificates_and_names_are_checked_behind_a_pinned_number(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("cdn.test").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    edges = Edges(lookup=lambda _host, _port: ["127.0.0.1"])
    trusting = Fetcher({"SSL_CERT_FILE": str(tmp_path / "ca.pem")}, allow_private=True, edges=edges)
    strange = Fetcher({}, allow_private=True, edges=edges)
    with WebServer(lambda _: Reply(BODY), context) as server:
        port = server.server_address[1]
        assert whole(trusting, f"https://cdn.test:{port}/a.png") == BODY
        assert whole(trusting, f"https://cdn.test:{port}/b.png") == BODY
        assert server.connections == 1
        assert failing(trusting, f"https://other.test:{port}/").kind == "tls"
        assert failing(strange, f"https://cdn.test:{port}/").kind == "tls"
        assert len(server.seen) == 2
    trusting.close()
    strange.close()


def test_an_http_proxy_of_the_environment_is_used_and_asked_for_the_whole_url() -> None:
    with WebServer(lambda _: Reply(BODY)) as proxy:
        fetcher = Fetcher({"http_proxy": proxy.url}, allow_private=True)
        assert whole(fetcher, "http://cdn.invalid/a.png?w=1") == BODY
        assert proxy.paths == ["http://cdn.invalid/a.png?w=1"]
        assert proxy.seen[0].headers["host"] == "cdn.invalid"
        fetcher.close()


def test_a_proxy_is_not_asked_for_what_leads_inwards() -> None:
    with WebServer(lambda _: Reply(BODY)) as proxy:
        fetcher = Fetcher({"http_proxy": proxy.url})
        assert failing(fetcher, "http://169.254.169.254/").kind == "private"
        assert not proxy.seen
        fetcher.close()
