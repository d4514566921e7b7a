"""Asking for URLs: broken transport, deadlines, redirects, politeness, and what leads inwards."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from webserver import Asked, Reply, WebServer, chunked

from verify4k.net.answers import Hop
from verify4k.net.exchange import Secret, TransportError
from verify4k.net.fetcher import Edges, Fetcher, SecretHeader
from verify4k.net.pace import Manners, backoff, retry_after
from verify4k.net.watch import Watchman

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from webserver import Answering

BODY = b"a picture, say" * 9000  # 126 kB


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    made = Fetcher({}, allow_private=True, seconds=20)
    yield made
    made.close()


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


@pytest.mark.parametrize(
    "reply",
    [
        Reply(BODY),
        Reply(BODY, length=None, end="close"),
        Reply(headers={"Transfer-Encoding": "chunked"}, pieces=chunked(BODY[:7], BODY[7:70000], BODY[70000:])),
        Reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}),
        Reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}, length=None, end="close"),
        Reply(zlib.compress(BODY), headers={"Content-Encoding": "deflate"}),
        Reply(BODY, headers={"Content-Encoding": "identity"}),
    ],
)  # fmt: skip
def test_a_whole_body_arrives_however_its_end_is_told(fetcher: Fetcher, reply: Reply) -> None:
    with WebServer(lambda _: reply) as server:
        assert whole(fetcher, f"{server.url}/a.png") == BODY


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(BODY, length=len(BODY) + 1, end="close"), "cut", f"{len(BODY)} of {len(BODY) + 1} bytes"),
        (
            Reply(headers={"Transfer-Encoding": "chunked"}, pieces=chunked(BODY, last=False), end="close"),
            "cut",
            "its last chunk is missing",
        ),
        (
            Reply(headers={"Transfer-Encoding": "chunked"}, pieces=[chunked(BODY)[0][:-9]], end="close"),
            "cut",
            "cut off",
        ),
        (Reply(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}), "cut", "gzip stream is cut"),
        (Reply(b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"}), "garbled", "broken"),
        (Reply(BODY, headers={"Content-Encoding": "br"}), "garbled", "nobody asked for ('br')"),
        (Reply(BODY, length=len(BODY) + 1, end="reset"), "dropped", "connection broke"),
        (Reply(instead=[b"SSH-2.0-OpenSSH_9.2\r\n"]), "dropped", "connection broke"),
    ],
)
def test_a_broken_body_is_an_error_that_says_how(
    fetcher: Fetcher, reply: Reply, kind: str, said: str
) -> None:
    with WebServer(lambda _: reply) as server:
        error = failing(fetcher, f"{server.url}/a.png")
    assert error.kind == kind
    assert said in error.message


def test_a_body_over_the_cap_is_refused_as_announced_as_sent_and_as_unpacked() -> None:
    bomb = gzip.compress(bytes(4 << 20))
    replies = {
        "/announced": Reply(b"", length=2 << 20, end="close"),
        "/sent": Reply(length=None, end="close", pieces=[bytes(1 << 16)] * 40),
        "/bomb": Reply(bomb, headers={"Content-Encoding": "gzip"}),
    }
    fetcher = Fetcher({}, allow_private=True, cap=1 << 20)
    with WebServer(lambda asked: replies[asked.path]) as server:
        for path in replies:
            error = failing(fetcher, server.url + path)
            assert (error.kind, "1 MiB" in error.message) == ("too-large", True), path
    fetcher.close()


@pytest.mark.parametrize("where", ["head", "body", "silence", "chunks", "without a length"])
def test_a_slow_drip_cannot_stretch_the_deadline(where: str) -> None:
    def answering(_: Asked) -> Reply:
        if where == "body":
            return Reply(length=10**6, pieces=server.drip())
        if where == "chunks":
            return Reply(headers={"Transfer-Encoding": "chunked"}, pieces=server.drip(chunked(b"x")[0]))
        if where == "silence":
            server.over.wait()
            return Reply()
        if where == "without a length":
            return Reply(pieces=server.drip(), length=None)
        return Reply(instead=chain((b"HTTP/1.1 200 Said\r\n",), server.drip(b"X")))

    fetcher = Fetcher({}, allow_private=True, seconds=0.4)
    with WebServer(answering) as server:
        error = failing(fetcher, f"{server.url}/a.png")
    assert error.kind == "timeout"
    assert error.message == "no whole answer within 0.4 s"
    fetcher.close()


def test_closing_ends_what_is_watched_and_the_watch() -> None:
    before = set(threading.enumerate())
    watchman = Watchman()
    watch = watchman.watch(3600)
    [thread] = set(threading.enumerate()) - before
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watch.hold(ours.dup())
        watchman.close()
        assert theirs.recv(1) == b""
        assert watch.expired
        thread.join()
        later = watchman.watch(0.01)  # it can be used again
        later.hold(theirs.dup())
        assert ours.recv(1) == b""
    watch.end()
    later.end()


def test_a_tls_handshake_that_drips_ends_with_the_deadline() -> None:
    fetcher = Fetcher({}, allow_private=True, seconds=0.4)
    with socket.create_server(("127.0.0.1", 0)) as door:
        over = threading.Event()

        def drip() -> None:
            client, _ = door.accept()
            with client:
                client.sendall(b"\x16\x03\x03\x40\x00")  # a TLS record of 16 KiB that never ends
                while not over.wait(0.02):
                    try:
                        client.sendall(b"\x02")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        error = failing(fetcher, f"https://127.0.0.1:{door.getsockname()[1]}/")
        over.set()
        thread.join()
    assert error.kind == "timeout"
    fetcher.close()


def test_a_name_server_that_is_silent_ends_with_the_deadline() -> None:
    over = threading.Event()
    edges = Edges(lookup=lambda _host, _port: over.wait() * [])
    fetcher = Fetcher({}, allow_private=True, seconds=0.2, edges=edges)
    error = failing(fetcher, "http://slow.test/")
    over.set()
    assert (error.kind, "DNS" in error.message) == ("unreachable", True)


# -- connections ------------------------------------------------------------------------------


def test_connections_are_kept(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        for _ in range(5):
            assert whole(fetcher, f"{server.url}/a.png") == BODY
        assert server.connections == 1


def test_a_stale_kept_connection_is_asked_once_more(fetcher: Fetcher) -> None:
    """The server closes after each answer without saying so; only the next request finds out."""

    def answering(asked: Asked) -> Reply:
        return Reply(instead=[]) if first and asked.connection == first[0] else Reply(BODY)

    first: list[int] = []
    with WebServer(answering) as server:
        assert whole(fetcher, f"{server.url}/a.png") == BODY
        first.append(1)  # from now on the kept connection answers nothing
        assert whole(fetcher, f"{server.url}/b.png") == BODY
        assert server.paths == ["/a.png", "/b.png", "/b.png"]


def test_a_connection_is_not_reused_after_a_body_that_nobody_read_to_its_end(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        answer.read_to(10)
        answer.close()
        assert whole(fetcher, f"{server.url}/b.png") == BODY
        assert server.connections == 2


def test_nobody_listening_is_refused_not_broken(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert failing(fetcher, f"http://127.0.0.1:{port}/").kind == "refused"


def test_the_next_number_of_a_host_is_tried_where_one_is_dead() -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        port = server.server_address[1]
        edges = Edges(lookup=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        fetcher = Fetcher({}, allow_private=True, edges=edges)
        assert whole(fetcher, f"http://two.test:{port}/") == BODY
        assert server.seen[0].headers["host"] == f"two.test:{port}"
        fetcher.close()


def test_what_is_sent_is_told(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        answer = fetcher.open(f"{server.url}/a.png?w=1", (("Accept", "image/png"), ("Range", "bytes=0-9")))
        answer.read_all()
        seen = server.seen[0]
    sent = dict(answer.about.sent)
    assert sent["Accept"] == seen.headers["accept"] == "image/png"
    assert sent["Accept-Encoding"] == seen.headers["accept-encoding"] == "identity"
    assert sent["User-Agent"] == seen.headers["user-agent"]
    assert sent["Range"] == seen.headers["range"]
    assert set(seen.headers) == {"host", *(name.lower() for name in sent)}
    assert seen.path == "/a.png?w=1"


# -- retries and politeness -------------------------------------------------------------------


def counting(*replies: Reply) -> Answering:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("busy", "wait"), [(Reply(b"later", 429, {"Retry-After": "7"}), 7), (Reply(b"later", 503), 0.5)]
)
def test_a_busy_host_is_asked_again_when_it_says(busy: Reply, wait: float) -> None:
    waits: list[float] = []
    fetcher = Fetcher({}, allow_private=True, edges=Edges(pause=waits.append, chance=lambda: 1.0))
    with WebServer(counting(busy, Reply(BODY))) as server:
        assert whole(fetcher, f"{server.url}/a.png") == BODY
        assert len(server.seen) == 2
    assert waits == [pytest.approx(wait, abs=0.1)]
    fetcher.close()


def test_a_host_that_asks_for_more_time_than_there_is_is_not_waited_for(fetcher: Fetcher) -> None:
    with WebServer(lambda _: Reply(b"later", 429, {"Retry-After": "3600"})) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        assert answer.about.status == 429
        answer.close()
        assert len(server.seen) == 1


def test_a_host_that_stays_busy_is_asked_three_times() -> None:
    fetcher = Fetcher({}, allow_private=True, edges=Edges(pause=lambda _: None))
    with WebServer(lambda _: Reply(b"no", 503, {"Retry-After": "0"})) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        answer.close()
        assert (answer.about.status, len(server.seen)) == (503, 3)
    fetcher.close()


@pytest.mark.parametrize("status", [404, 500, 502, 400])
def test_other_statuses_are_not_asked_again(fetcher: Fetcher, status: int) -> None:
    with WebServer(lambda _: Reply(b"no", status)) as server:
        fetcher.open(f"{server.url}/a.png").close()
        assert len(server.seen) == 1


def test_no_more_requests_at_once_than_a_host_may_be_asked() -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    gate = threading.Barrier(3)

    def answering(_: Asked) -> Reply:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait()  # lets go when three are here
        with lock:
            at_once -= 1
        return Reply(b"x")

    fetcher = Fetcher({}, allow_private=True, manners=Manners(at_once=3))
    with WebServer(answering) as server, ThreadPoolExecutor(9) as threads:
        assert list(threads.map(lambda n: whole(fetcher, f"{server.url}/{n}"), range(9))) == [b"x"] * 9
    assert most == 3
    fetcher.close()


def test_requests_to_other_machines_are_spaced() -> None:
    waits: list[float] = []
    edges = Edges(pause=waits.append, lookup=lambda _host, _port: ["127.0.0.1"])
    fetcher = Fetcher({}, allow_private=True, manners=Manners(interval=9.0), edges=edges)
    with WebServer(lambda _: Reply(b"x")) as server:
        for host, expected in (("127.0.0.1", []), ("far.test", [9, 18])):
            for _ in range(3):
                whole(fetcher, f"http://{host}:{server.server_address[1]}/")
            assert [round(wait) for wait in waits] == expected
    fetcher.close()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("0", 0), ("Thu, 26 Nov 2026 12:00:10 GMT", 10), ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
     ("soon", None), ("", None), ("-1", None), ("1.5", None)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, 1795694400.0) == seconds


def test_backoff_doubles_between_half_and_all() -> None:
    assert [backoff(n, 1.0) for n in range(3)] == [0.5, 1.0, 2.0]
    assert [backoff(n, 0.0) for n in range(3)] == [0.25, 0.5, 1.0]


# -- redirects --------------------------------------------------------------------------------


def to(location: str, status: int = 302) -> Reply:
    return Reply(b"moved", status, {"Location": location})


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


# -- what leads inwards -----------------------------------------------------------------------

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
        fetcher._reach._known["seems-public.test", server.server_address[1]] = ["127.0.0.1"]
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


def _raw_deflate(body: bytes) -> bytes:
    one = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return one.compress(body) + one.flush()


_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
_LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(instead=[_HINTS, _HINTS, _LENGTH, BODY]),
        Reply(_raw_deflate(BODY), headers={"Content-Encoding": "deflate"}),
        Reply(zlib.compress(BODY), headers={"Content-Encoding": "Deflate"}),
        Reply(gzip.compress(BODY), headers={"Content-Encoding": "deflate"}),
        *(
            Reply(BODY, headers={"Content-Encoding": word})
            for word in ("aws-chunked", "utf-8", "none", "binary")
        ),
    ],
)
def test_what_browsers_put_up_with_arrives(fetcher: Fetcher, reply: Reply) -> None:
    with WebServer(lambda _: reply) as server:
        assert whole(fetcher, server.url) == BODY


@pytest.mark.parametrize("word", ["br", "zstd", "gzip, br", "aws-chunked,gzip"])
def test_a_packing_that_cannot_be_undone_is_no_verdict(fetcher: Fetcher, word: str) -> None:
    with WebServer(lambda _: Reply(BODY, headers={"Content-Encoding": word})) as server:
        assert failing(fetcher, server.url).kind == "garbled"


@pytest.mark.parametrize(
    ("location", "path"),
    [("/caf\u00e9.png", "/caf%C3%A9.png"), ("/a b%20c.png", "/a%20b%20c.png")],
)
def test_a_redirect_is_followed_byte_for_byte(fetcher: Fetcher, location: str, path: str) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % location.encode()

    def answering(asked: Asked) -> Reply:
        return Reply(BODY) if asked.path == path else Reply(instead=[head])

    with WebServer(answering) as server:
        assert whole(fetcher, f"{server.url}/old") == BODY
        assert server.paths == ["/old", path]


def test_a_redirect_in_latin_1_is_no_utf_8(fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /caf\xe9.png\r\n\r\n"
    with WebServer(lambda asked: Reply(BODY) if "caf" in asked.path else Reply(instead=[head])) as server:
        whole(fetcher, f"{server.url}/old")
        assert server.paths[1] == "/caf%E9.png"
