"""Redirects of a fetch: followed and told, and no secret goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fetched import BODY, failing, to, whole
from webserver import Asked, Reply, WebServer

from verify4k.net.exchange import Secret
from verify4k.net.fetcher import Edges, Fetcher, SecretHeader
from verify4k.net.responses import Hop

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_redirects_are_followed_and_each_is_told(fetcher: Fetcher) -> None:
    replies = {"/a": to("/b?x=1", 301), "/b?x=1": to("c", 308), "/c": Reply(BODY)}
    with WebServer(lambda asked: replies[asked.path]) as server:
        answer = fetcher.open(f"{server.url}/a")
        assert answer.read_all() == BODY
        base = server.url
        assert server.connections == 1
    assert answer.about.hops == (
        Hop(f"{base}/a", 301, f"{base}/b?x=1"),
        Hop(f"{base}/b?x=1", 308, f"{base}/c"),
    )
    assert (answer.about.url, answer.about.final_url) == (f"{base}/a", f"{base}/c")


@pytest.mark.parametrize(
    ("location", "kind"),
    [("/a", "loop"), ("/next", "loop"), ("ftp://127.0.0.1/a", "redirect"), ("file:///etc/passwd", "redirect"),
     ("data:image/png;base64,", "redirect"), ("http://user:pw@127.0.0.1/", "redirect"), ("http://[bad/", "redirect")],
)  # fmt: skip
def test_redirects_that_lead_nowhere_are_told_with_their_hops(
    fetcher: Fetcher, location: str, kind: str
) -> None:
    def answering(asked: Asked) -> Reply:
        return to(f"/next{len(server.seen)}" if "next" in location else location)

    with WebServer(answering) as server:
        error = failing(fetcher, f"{server.url}/a")
        assert error.kind == kind
        assert error.hops[0].url == f"{server.url}/a"
        assert len(server.seen) <= 21


def test_as_many_redirects_are_followed_as_browsers_follow(fetcher: Fetcher) -> None:
    replies = {f"/{left}": to(f"/{left - 1}") for left in range(1, 22)} | {"/0": Reply(BODY)}
    with WebServer(lambda asked: replies[asked.path]) as server:
        assert whole(fetcher, f"{server.url}/20") == BODY
        error = failing(fetcher, f"{server.url}/21")
    assert (error.kind, error.message) == ("loop", "there are more than 20 redirects")


@pytest.mark.parametrize("headers", [{"Content-Length": "500"}, {}, {"Transfer-Encoding": "chunked"}])
def test_the_body_of_a_redirect_is_not_waited_for(fetcher: Fetcher, headers: dict[str, str]) -> None:
    """Some servers tell its length and leave it out, or never end it; browsers go on at once."""

    def answering(asked: Asked) -> Reply:
        if asked.path == "/b":
            return Reply(BODY)
        told = {"Location": "/b", **headers}
        return Reply(status=302, headers=told, length=None, pieces=_once_over(server))

    with WebServer(answering) as server:
        assert whole(fetcher, f"{server.url}/a") == BODY


def _once_over(server: WebServer) -> Iterator[bytes]:
    server.over.wait()
    yield b""


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("http:a.png", "/in/a.png"),
        ("http:/a.png", "/a.png"),
        ("\\\\HOST\\a.png", "/a.png"),
        ("///HOST/a.png", "/a.png"),
        ("http:///HOST/a.png", "/a.png"),
        ("HTTP:\\\\HOST/b/%2E%2e/./a.png", "/a.png"),
        ("b/../a.png?../b#c", "/in/a.png?../b"),
        (" a.png ", "/in/a.png"),
        ("/a/..", "/"),
    ],
)
def test_a_redirect_leads_where_browsers_are_led(fetcher: Fetcher, location: str, path: str) -> None:
    with WebServer(lambda asked: Reply(BODY) if asked.path == path else to(there)) as server:
        there = location.replace("HOST", server.url.partition("//")[2])
        assert whole(fetcher, f"{server.url}/in/old.png") == BODY
        assert server.paths == ["/in/old.png", path]


def test_a_redirect_to_a_host_of_another_script_is_followed() -> None:
    with WebServer(lambda asked: Reply(BODY) if asked.path == "/b" else Reply(instead=[head])) as server:
        port = server.server_address[1]
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n"
        head %= f"http://b\u00fccher.test:{port}/b".encode()
        fetcher = Fetcher({}, allow_private=True, edges=Edges(lookup=lambda _host, _port: ["127.0.0.1"]))
        assert whole(fetcher, f"{server.url}/a") == BODY
        fetcher.close()
        assert server.seen[-1].headers["host"] == f"xn--bcher-kva.test:{port}"


def test_a_password_that_a_redirect_names_is_not_told(fetcher: Fetcher) -> None:
    with WebServer(lambda _: to("http://bob:s3cret@127.0.0.1/b")) as server:
        error = failing(fetcher, f"{server.url}/a")
    assert error.hops[-1].location == "http://127.0.0.1/b"
    assert "s3cret" not in f"{error.message}{error.hops}"


def test_a_circle_that_sets_a_cookie_is_no_verdict(fetcher: Fetcher) -> None:
    """Browsers send the cookie back, and may be let in."""

    def answering(asked: Asked) -> Reply:
        cookie = {"Set-Cookie": "seen=1"} if asked.path == "/check" else {}
        return Reply(status=302, headers={"Location": "/check" if asked.path == "/a" else "/a", **cookie})

    with WebServer(answering) as server:
        error = failing(fetcher, f"{server.url}/a")
    assert error.kind == "cookie"
    assert "--header Cookie=VARIABLE" in error.hint


def test_a_secret_goes_to_its_origin_only_and_never_across_a_redirect() -> None:
    secret = Secret("s3cret", "TOKEN")
    with WebServer(lambda _: Reply(BODY)) as other:
        replies = {"/a": to(f"{other.url}/stolen"), "/b": to("/c"), "/c": Reply(BODY)}
        with WebServer(lambda asked: replies[asked.path]) as server:
            header = SecretHeader(server.url, "X-Preview", secret)
            fetcher = Fetcher({}, allow_private=True, secrets=(header,))
            answer = fetcher.open(f"{server.url}/c")
            answer.read_all()
            whole(fetcher, f"{server.url}/a")
            whole(fetcher, f"{server.url}/b")
            whole(fetcher, f"{other.url}/straight")
            fetcher.close()
            sent = [asked.headers.get("x-preview") for asked in server.seen]
        assert sent == ["s3cret", "s3cret", "s3cret", None]
        assert all("x-preview" not in asked.headers for asked in other.seen)
    assert dict(answer.about.sent)["X-Preview"] == "<key from TOKEN>"


def test_a_secret_that_a_server_echoes_is_not_told() -> None:
    secret = Secret("s3cret", "TOKEN")
    replies = {"/a": to("/b?token=s3cret"), "/b?token=s3cret": Reply(b"x", headers={"X-Echo": "is s3cret"})}
    with WebServer(
        lambda asked: replies.get(asked.path, Reply(b"x", headers={"X-Echo": "s3cret"}))
    ) as server:
        fetcher = Fetcher({}, allow_private=True, secrets=(SecretHeader(server.url, "X", secret),))
        answer = fetcher.open(f"{server.url}/a")
        answer.close()
        fetcher.close()
    assert "s3cret" not in repr(answer.about)
