"""Redirects of a fetch: followed and told, and no secret goes along."""

from __future__ import annotations

import pytest
from fetched import BODY, failing, to, whole
from webserver import Asked, Reply, WebServer

from verify4k.net.exchange import Secret
from verify4k.net.fetcher import Fetcher, SecretHeader
from verify4k.net.responses import Hop


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
        assert len(server.seen) <= 11


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
