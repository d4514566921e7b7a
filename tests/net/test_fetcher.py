"""Asking for URLs: broken transport, deadlines, kept connections, and what browsers put up with."""

from __future__ import annotations

import gzip
import random
import socket
import threading
import zlib
from itertools import chain

import pytest
from fetched import BODY, failing, whole
from webserver import Asked, Reply, WebServer, chunked

from verify4k.net.deadlines import Watchdog
from verify4k.net.fetcher import Edges, Fetcher


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


_NOISE = random.Random(4).randbytes(200_000)


def _spoilt(packed: bytes) -> bytes:
    """A packed body that goes wrong behind its middle."""
    return packed[:150_000] + b"\xff" * 1000 + packed[151_000:]


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
        (
            Reply(gzip.compress(BODY)[:-8] + bytes(8), headers={"Content-Encoding": "gzip"}),
            "garbled",
            "broken",
        ),
        (Reply(_spoilt(gzip.compress(_NOISE)), headers={"Content-Encoding": "gzip"}), "garbled", "broken"),
        (Reply(BODY, headers={"Content-Encoding": "gzip"}), "mispacked", "says gzip, and the body is not"),
        (Reply(BODY, headers={"Content-Encoding": "deflate"}), "mispacked", "says deflate"),
        (Reply(zlib.compress(BODY), headers={"Content-Encoding": "gzip"}), "mispacked", "says gzip"),
        (Reply(gzip.compress(BODY), headers={"Content-Encoding": "deflate"}), "mispacked", "says deflate"),
        (Reply(BODY, headers={"Content-Encoding": "br"}), "garbled", "nobody asked for ('br')"),
        (Reply(BODY, length=len(BODY) + 1, end="reset"), "dropped", "connection broke"),
        (Reply(instead=[b"SSH-2.0-OpenSSH_9.2\r\n"]), "garbled", "what came is not HTTP"),
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
    watchdog = Watchdog()
    deadline = watchdog.start(3600)
    [thread] = set(threading.enumerate()) - before
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline.hold(ours.dup())
        watchdog.close()
        assert theirs.recv(1) == b""
        assert deadline.expired
        thread.join()
        later = watchdog.start(0.01)  # it can be used again
        later.hold(theirs.dup())
        assert ours.recv(1) == b""
    deadline.end()
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


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/a.png?w[]=1|2&c=%2f", "/a.png?w[]=1|2&c=%2f"),
        ("/%c3%a9/100%.png", "/%c3%a9/100%.png"),
        ("/{a}^|`.png?{b}^|`", "/%7Ba%7D%5E%7C%60.png?{b}^|`"),
        ('/a"<b>.png?\'"<c>', "/a%22%3Cb%3E.png?%27%22%3Cc%3E"),
        ("/a'b\\c.png", "/a'b/c.png"),
        ("/a/../b/./c%2Epng", "/b/c%2Epng"),
        ("/../a/%2e%2E/b/.", "/b/"),
        ("/a/b/..?x=/../y", "/a/?x=/../y"),
        ("/a//../b...", "/a/b..."),
    ],
)
def test_an_address_is_asked_for_letter_by_letter_as_browsers_do(
    fetcher: Fetcher, path: str, sent: str
) -> None:
    with WebServer(lambda _: Reply(BODY)) as server:
        whole(fetcher, server.url + path)
        assert server.paths == [sent]


def test_a_redirect_in_latin_1_is_no_utf_8(fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /caf\xe9.png\r\n\r\n"
    with WebServer(lambda asked: Reply(BODY) if "caf" in asked.path else Reply(instead=[head])) as server:
        whole(fetcher, f"{server.url}/old")
        assert server.paths[1] == "/caf%E9.png"
