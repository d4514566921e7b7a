"""Bodies behind URLs: how much of them is fetched, where headers lie late, and what each failure means."""

from __future__ import annotations

import gzip
import io
import struct
from typing import TYPE_CHECKING

import pytest
from pictures import gradient, png_chunk, save
from PIL import Image
from webserver import Asked, Reply, WebServer, chunked, ranged

from verify4k.artifacts.content import Content
from verify4k.errors import BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, Verify4kError
from verify4k.files.delivered import UrlSource
from verify4k.files.ranges import FIRST, Pieces, Ranged
from verify4k.formats.facts import UNKNOWN_SIZE, Size
from verify4k.net.fetcher import Edges, Fetcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webserver import Answering

    from verify4k.artifacts.content import Depth

SIZE = Size(640, 360)
JPEG = save(gradient(*SIZE), "a.jpg", quality=90)
PNG = save(gradient(*SIZE), "a.png")


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    made = Fetcher({}, allow_private=True, seconds=20, edges=Edges(pause=lambda _: None))
    yield made
    made.close()


def padded_jpeg(length: int) -> bytes:
    """A JPEG with so many bytes of application data before its frame header."""
    segment = b"\xff\xe2" + struct.pack(">H", 65535) + b"MARK" + bytes(65529)
    return JPEG[:2] + segment * (length // 65535) + JPEG[2:]


def late_png(length: int) -> bytes:
    """A PNG with a large chunk behind its header and pixels of 3 MB behind that."""
    return PNG[:33] + png_chunk(b"prVt", bytes(length)) + PNG[33:]


def late_tiff() -> bytes:
    """A TIFF whose directory stands behind 2 MB of pixels, as libtiff and Pillow write it."""
    buffer = io.BytesIO()
    Image.effect_noise((1024, 683), 90).convert("RGB").save(buffer, "TIFF", compression=None)
    data = bytearray(buffer.getvalue())
    directory = struct.unpack_from("<I", data, 4)[0]
    if directory < 1 << 20:  # move it behind the pixels
        count = struct.unpack_from("<H", data, directory)[0]
        table = bytes(data[directory : directory + 2 + count * 12 + 4])
        struct.pack_into("<I", data, 4, len(data) + len(data) % 2)
        data += bytes(len(data) % 2) + table
    return bytes(data)


def content(fetcher: Fetcher, url: str, depth: Depth = "header") -> Content:
    return Content(UrlSource(fetcher, url), depth)


def plain(body: bytes, **headers: str) -> Answering:
    return lambda _: Reply(body, headers=headers)


@pytest.mark.parametrize(
    ("body", "size", "most"),
    [
        (JPEG, SIZE, len(JPEG)),
        (padded_jpeg(100_000), SIZE, FIRST),
        (padded_jpeg(2 << 20), SIZE, 3 << 20),
        (late_png(3 << 20), SIZE, FIRST + 40_000),
        (late_tiff(), Size(1024, 683), FIRST + 40_000),
    ],
    ids=[
        "small",
        "inside the first range",
        "a 2 MB block before the frame",
        "a large chunk",
        "a directory at the end",
    ],
)
def test_a_header_costs_the_pieces_that_are_looked_at(
    fetcher: Fetcher, body: bytes, size: Size, most: int
) -> None:
    with WebServer(lambda asked: ranged(asked, body)) as server:
        found = content(fetcher, f"{server.url}/a")
        assert found.displayed == size
        assert found.size == len(body)
        found.close()
        assert isinstance(found.source, UrlSource)
        assert found.source.fetched <= most
        assert all("range" in asked.headers for asked in server.seen)
        assert len(server.seen) <= 8


@pytest.mark.parametrize(
    "how", ["with a length", "in chunks", "without a length", "compressed", "unknown total"]
)
def test_a_server_that_knows_no_ranges_is_read_on_and_let_go(fetcher: Fetcher, how: str) -> None:
    body = padded_jpeg(300_000) + bytes(20 << 20)

    def answering(asked: Asked) -> Reply:
        if how == "in chunks":
            pieces = chunked(*(body[at : at + 9999] for at in range(0, len(body), 9999)))
            return Reply(headers={"Transfer-Encoding": "chunked"}, pieces=pieces)
        if how == "compressed":
            return Reply(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})
        if how == "unknown total":
            reply = ranged(asked, body)
            told = str(reply.headers["Content-Range"]).replace(str(len(body)), "*")
            return reply._replace(headers={**reply.headers, "Content-Range": told})
        return Reply(body, length=len(body) if how == "with a length" else None, end="close")

    with WebServer(answering) as server:
        found = content(fetcher, f"{server.url}/a")
        assert found.displayed == SIZE
        if how == "with a length":
            assert found.size == len(body)
        else:
            with pytest.raises(BeyondDepth, match="does not say how long"):
                _ = found.size
        found.close()
        assert isinstance(found.source, UrlSource)
        assert found.source.fetched < 2 << 20


def test_a_full_check_downloads_once_and_hashes_that_body(fetcher: Fetcher) -> None:
    with WebServer(lambda asked: ranged(asked, JPEG)) as server:
        found = content(fetcher, f"{server.url}/a", "full")
        assert (found.displayed, found.damage) == (SIZE, ())
        assert found.data == JPEG
        assert [asked.headers.get("range") for asked in server.seen] == [None]


def test_an_empty_body_that_has_no_ranges_is_named(fetcher: Fetcher) -> None:
    with WebServer(lambda asked: ranged(asked, b"")) as server:
        with pytest.raises(NotAnImage, match="empty"):
            _ = content(fetcher, f"{server.url}/a").format
        assert [asked.headers.get("range") for asked in server.seen] == [f"bytes=0-{FIRST - 1}", None]


@pytest.mark.parametrize("status", [400, 405, 501])
def test_a_server_that_stumbles_over_ranges_is_asked_without(fetcher: Fetcher, status: int) -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(b"no ranges", status) if "range" in asked.headers else Reply(JPEG)

    with WebServer(answering) as server:
        found = content(fetcher, f"{server.url}/a")
        assert found.displayed == SIZE
        found.close()


def test_a_bomb_unpacks_only_as_far_as_someone_looks(fetcher: Fetcher) -> None:
    bomb = gzip.compress(JPEG + bytes(200 << 20), 9)
    with WebServer(lambda _: Reply(bomb, headers={"Content-Encoding": "gzip"})) as server:
        answer = fetcher.open(f"{server.url}/a")
        answer.read_to(4096)
        assert len(answer.plain) <= 1 << 20
        answer.close()


def test_a_picture_that_changes_between_two_requests_is_not_pieced_together(fetcher: Fetcher) -> None:
    def answering(asked: Asked) -> Reply:
        if asked.headers.get("range") == f"bytes=0-{FIRST - 1}":
            return ranged(asked, late_png(1 << 20), ETag='"one"')
        assert asked.headers["if-range"] == '"one"'
        return Reply(JPEG, headers={"ETag": '"two"'})

    with WebServer(answering) as server, pytest.raises(CannotRead, match="changed between two requests"):
        _ = content(fetcher, f"{server.url}/a").header


@pytest.mark.parametrize("depth", ["header", "full"])
@pytest.mark.parametrize(
    ("answering", "error", "said"),
    [
        (plain(b"<html>", status="x"), NotAnImage, "HTML page"),
        (lambda _: Reply(b"", 404), Missing, "the server answers 404 Not Found"),
        (lambda _: Reply(b"<html>", 410), Missing, "410 Gone"),
        (lambda _: Reply(b"", 400), Missing, "400 Bad Request"),
        (lambda _: Reply(b"", 403), Missing, "403 Forbidden"),
        (lambda _: Reply(b"", 415), Missing, "415 Unsupported"),
        (lambda _: Reply(b"", 403, {"Cf-Mitigated": "challenge"}), CannotRead, "403 Forbidden"),
        (lambda _: Reply(b"", 202, {"x-amzn-waf-action": "challenge"}), CannotRead, "robots"),
        (lambda _: Reply(b"", 405, {"x-amzn-waf-action": "captcha"}), CannotRead, "robots"),
        (lambda _: Reply(b"", 403, {"X-Vercel-Mitigated": "deny"}), CannotRead, "robots"),
        (lambda _: Reply(b"", 404, {"Cf-Mitigated": "challenge"}), Missing, "404 Not Found"),
        (lambda _: Reply(b"", 401), CannotRead, "401 Unauthorized"),
        (lambda _: Reply(b"", 429, {"Retry-After": "999"}), CannotRead, "429 Too Many Requests"),
        (lambda _: Reply(b"", 500), CannotRead, "500 Internal Server Error"),
        (lambda _: Reply(b"", 503, {"Retry-After": "999"}), CannotRead, "503 Service Unavailable"),
        (lambda _: Reply(b"", 599), CannotRead, "599"),
        (lambda _: Reply(b"", 302), CannotRead, "302 Found"),
        (lambda _: Reply(b"", 302, {"Location": "/a"}), Missing, "in a circle"),
        (lambda _: Reply(b"", 302, {"Location": "ftp://x/"}), Missing, "redirects to 'ftp'"),
        (lambda _: Reply(b"", 302, {"Location": "http://no.invalid/"}), CannotRead, "redirected to http://no"),
        (lambda _: Reply(instead=[]), CannotRead, "connection broke"),
        (lambda _: Reply(JPEG[:-9], length=len(JPEG), end="close"), Damaged, "cut off"),
    ],
)  # fmt: skip
def test_what_an_answer_means(
    fetcher: Fetcher, depth: Depth, answering: Answering, error: type[Verify4kError], said: str
) -> None:
    with WebServer(answering) as server:
        found = content(fetcher, f"{server.url}/a", depth)
        with pytest.raises(error) as caught:
            _ = found.header, found.reader.read(0, len(JPEG))
    assert said in caught.value.message


@pytest.mark.parametrize("status", [404, 500, 503, 429, 403])
@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_picture_is_looked_at_whatever_its_status(fetcher: Fetcher, depth: Depth, status: int) -> None:
    with WebServer(lambda _: Reply(JPEG, status, {"Retry-After": "0"})) as server:
        found = content(fetcher, f"{server.url}/a", depth)
        assert found.displayed == SIZE
        found.close()


@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_body_that_was_cut_once_is_asked_for_again(fetcher: Fetcher, depth: Depth) -> None:
    def answering(_: Asked) -> Reply:
        return Reply(JPEG[:3000], length=len(JPEG), end="close") if len(server.seen) == 1 else Reply(JPEG)

    with WebServer(answering) as server:
        found = content(fetcher, f"{server.url}/a", depth)
        assert found.reader.read(0, 1 << 20) == JPEG
        assert isinstance(found.source, UrlSource)
        assert (found.source.cut, len(server.seen)) == ("", 2)
        found.close()


def test_a_failure_is_one_error_for_the_body_and_the_answer(fetcher: Fetcher) -> None:
    source = UrlSource(fetcher, "http://no.invalid/")
    with pytest.raises(CannotRead) as body:
        source.read_all()
    with pytest.raises(CannotRead) as answer:
        source.delivery()
    assert body.value is answer.value


def test_pieces_join_where_they_meet() -> None:
    held = Pieces()
    held.add(10, b"klm")
    held.add(0, b"abc")
    held.add(3, b"defghij")
    assert held.get(0, 10) == b"abcdefghij"
    assert held.get(10, 20) == b"klm"
    assert (held.end(0), held.end(12), Pieces().end(5)) == (10, 13, 0)


@pytest.mark.parametrize("told", [True, False])
def test_reads_are_those_of_the_bytes_whatever_the_order(told: bool) -> None:
    data = bytes(range(256)) * 9000
    fetched: list[int] = []

    def fetch(first: int, last: int) -> bytes:
        fetched.append(last - first + 1)
        return data[first : last + 1]

    ranged_ = Ranged(fetch, len(data) if told else None, data[:FIRST])
    assert ranged_.size == (len(data) if told else UNKNOWN_SIZE)
    for offset, length in [(0, 9), (FIRST - 5, 10), (2_000_000, 50), (1_999_990, 20), (500_000, 900_000),
                           (len(data) - 3, 99), (len(data), 5), (len(data) + 9, 5), (0, len(data))]:  # fmt: skip
        assert ranged_.read(offset, length) == data[offset : offset + length], (offset, length)
    assert ranged_.size == len(data)
    assert len(fetched) < 20


@pytest.mark.parametrize(
    "told", ["", "bytes 0-131071/0", "bytes 0-99/99", "bytes 9-131080/999999", "lines 0-9/10"]
)
def test_a_part_that_says_nothing_sensible_is_not_used(fetcher: Fetcher, told: str) -> None:
    def answering(asked: Asked) -> Reply:
        part = Reply(JPEG[9:1000], 206, {"Content-Range": told})
        return part if "range" in asked.headers else Reply(JPEG)

    with WebServer(answering) as server:
        found = content(fetcher, f"{server.url}/a")
        assert (found.displayed, found.size) == (SIZE, len(JPEG))
        found.close()
