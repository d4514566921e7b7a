"""The head of an answer and the ends of its chunks: what browsers put up with, and what they do not."""

from __future__ import annotations

import pytest
from fetched import BODY, failing, whole
from webserver import Asked, Reply, WebServer, chunked

from verify4k.net.fetcher import Edges, Fetcher

_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunked(BODY))
_LENGTH = b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


def _answer(*lines: bytes, end: bytes = _CHUNKED, version: bytes = b"HTTP/1.1") -> Reply:
    return Reply(instead=[b"\r\n".join((version + b" 200 OK", *lines, end))])


@pytest.mark.parametrize(
    "line",
    [
        b"no header at all",
        b"X-Cache Status: HIT",
        "Größe: 5".encode(),
        b": nameless",
        b"X(1): 2",
        b"X: \xff\xfe",
        b"X: " + b"long" * 20_000,
        b"\r\n".join(b"X-%d: 1" % number for number in range(200)),
    ],
)
@pytest.mark.parametrize("end", [_CHUNKED, _LENGTH])
def test_a_line_that_is_no_header_hides_none_behind_it(fetcher: Fetcher, line: bytes, end: bytes) -> None:
    with WebServer(lambda _: _answer(line, b"X-Behind : it", end=end)) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        assert answer.read_all() == BODY
    assert answer.about.header("x-behind") == "it"


def test_a_line_that_begins_with_a_blank_goes_on(fetcher: Fetcher) -> None:
    with WebServer(lambda _: _answer(b"X: a", b"  b", b"\tc")) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        assert answer.read_all() == BODY
    assert answer.about.header("x") == "a b c"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (_answer(b"X: a\0b"), "NUL byte"),
        (_answer(b"Content-Length: 5", end=_LENGTH), "two Content-Length headers that differ"),
        (_answer(b"X: a\rContent-Length: 5", end=_LENGTH), "two Content-Length headers that differ"),
        (_answer(b"Location: /a", b"Location: /b"), "two Location headers that differ"),
        (_answer(b"X: " + b"a" * 300_000), "more than 256 KiB"),
        (_answer(version=b"HTTP/2"), "another version of HTTP"),
        (Reply(instead=[b"\x89PNG\r\n\x1a\n"]), "what came is not HTTP"),
        (Reply(instead=[b"x" * 70_000]), "what came is not HTTP"),
        (Reply(instead=[b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 30), "interim answers without an end"),
    ],
)
def test_what_no_browser_shows_is_told_and_not_asked_again(fetcher: Fetcher, reply: Reply, said: str) -> None:
    with WebServer(lambda _: reply) as server:
        error = failing(fetcher, f"{server.url}/a.png")
        assert len(server.seen) == 1
    assert error.kind == "garbled"
    assert said in error.message
    assert "curl -v" in error.hint


@pytest.mark.parametrize(
    "cut", [b"HTTP/1.", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nX: 1\r\n"]
)
def test_a_connection_that_is_lost_within_the_head_is_no_answer(cut: bytes) -> None:
    def answering(_: Asked) -> Reply:
        return Reply(instead=[cut]) if len(server.seen) < 3 else Reply(BODY)

    fetcher = Fetcher({}, allow_private=True, edges=Edges(pause=lambda _: None))
    with WebServer(answering) as server:
        assert whole(fetcher, f"{server.url}/a.png") == BODY
        assert len(server.seen) == 3
    fetcher.close()


def test_headers_that_are_repeated_are_one_list_and_the_first_of_what_counts_once(fetcher: Fetcher) -> None:
    lines = (b"Vary: Accept", b"Vary: Origin", b'ETag: "1"', b'ETag: "2"')
    with WebServer(lambda _: _answer(*lines)) as server:
        answer = fetcher.open(f"{server.url}/a.png")
        answer.close()
    assert (answer.about.header("vary"), answer.about.header("etag")) == ("Accept, Origin", '"1"')


def test_a_redirect_that_is_said_twice_is_followed(fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
    with WebServer(lambda asked: Reply(instead=[head]) if asked.path == "/a" else Reply(BODY)) as server:
        assert whole(fetcher, f"{server.url}/a") == BODY


def test_there_are_no_chunks_in_http_1_0(fetcher: Fetcher) -> None:
    with WebServer(lambda _: _answer(version=b"HTTP/1.0")) as server:
        assert whole(fetcher, f"{server.url}/a.png") == b"".join(chunked(BODY))


@pytest.mark.parametrize("first", [b"5;name=value", b"0005", b"5  "])
def test_chunks_are_read_to_their_end(fetcher: Fetcher, first: bytes) -> None:
    pieces = (first, b"\r\nhello\r\n0\r\n", b"X-Trailer: 1\r\n\r\n")
    reply = Reply(headers={"Transfer-Encoding": "chunked"}, pieces=pieces)
    with WebServer(lambda _: reply) as server:
        for _ in range(2):
            assert whole(fetcher, f"{server.url}/a.png") == b"hello"
        assert server.connections == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        *((size + b"\r\nhello\r\n0\r\n\r\n", "length of a chunk") for size in (b"+5", b"0x5", b" 5", b"0_5", b"-5")),
        *((b"5\r\nhello\r\n" + end, "last chunk is missing") for end in (b"", b"0", b"0\r\n", b"0\r\nX: 1\r\n")),
    ],
)  # fmt: skip
def test_chunks_that_browsers_do_not_take_for_whole_are_cut_off(
    fetcher: Fetcher, body: bytes, said: str
) -> None:
    reply = Reply(headers={"Transfer-Encoding": "chunked"}, pieces=[body], end="close")
    with WebServer(lambda _: reply) as server:
        error = failing(fetcher, f"{server.url}/a.png")
    assert error.kind == "cut"
    assert said in error.message
