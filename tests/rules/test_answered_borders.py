"""Where rules change their mind about an answer: statuses, types, drawings, redirects, shared addresses."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Reply, WebServer

from verify4k import Network, Settings, check, load_manifest
from verify4k.manifest.load import parse_manifest
from verify4k.net.responses import Hop, ResponseInfo
from verify4k.rules.redirects import _found, site
from verify4k.rules.same_url_one_picture import _Seen as Fetched
from verify4k.rules.same_url_one_picture import same_url_one_picture
from verify4k.rules.varies_honestly import BROWSERS

if TYPE_CHECKING:
    from pathlib import Path

    from webserver import Answering, Asked

PNG, WEBP = save(gradient(64, 36), "a.png"), save(gradient(64, 36), "a.webp")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'
LONG = "x" * 100
NOBODY: Any = None


def told(
    folder: Path, rule: str, answering: Answering | Reply, path: str = "/a.png", **promise: Any
) -> list[tuple[str, ...]]:
    """What one rule says of a URL: message, expected, actual and severity; or why it is undecided."""
    answer = (lambda _: answering) if isinstance(answering, Reply) else answering
    with WebServer(answer) as server:
        manifest = {"version": 1, "files": {server.url + path: promise}}
        (folder / "verify4k.json").write_text(json.dumps(manifest))
        settings = Settings(select=frozenset({rule}))
        report = check(load_manifest(folder / "verify4k.json"), settings, network=Network(allow_private=True))
        found = [(f.message, f.expected, f.actual, f.severity) for f in report.findings]
        assert all(f.fix for f in report.findings)
        return [tuple(word.replace(server.url, "") for word in each) for each in found] + [
            (each.reason,) for each in report.undecided
        ]


def typed(kind: str, body: bytes = PNG, status: int = 200) -> Reply:
    return Reply(body, status, {"Content-Type": kind})


def negotiating(status: int = 200, vary: str = "", other: int = 0) -> Answering:
    """WebP to whoever asks for it; ``other``: the status of that answer."""

    def answer(asked: Asked) -> Reply:
        modern = "webp" in asked.headers["accept"]
        body, code = (WEBP, other or status) if modern else (PNG, status)
        headers = {"Retry-After": "999"} if code in (429, 503) else {}
        return Reply(body, code, {**headers, **({"Vary": vary} if vary else {})})

    return answer


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, ""),
        (201, ""),
        (299, ""),
        (300, "300 Multiple Choices"),
        (400, "400 Bad Request"),
        (404, "404 Not Found"),
        (500, "500 Internal Server Error"),
    ],
)
def test_a_picture_comes_with_a_status_of_two_hundred(status: int, said: str, tmp_path: Path) -> None:
    found = told(tmp_path, "http-status", typed("image/png", status=status))
    wanted = ("a picture comes with an error status", "200 OK", said, "error")
    assert found == ([wanted] if said else [])


@pytest.mark.parametrize(("status", "told_so"), [(200, True), (206, True), (299, True), (300, False)])
def test_only_an_answer_that_says_here_it_is_can_be_a_soft_404(
    status: int, told_so: bool, tmp_path: Path
) -> None:
    same, differs = (
        "a URL that cannot exist gives the same picture",
        "answers differ by Accept without saying so",
    )
    nobody = "404 for /verify4k-no-such-picture.png"
    found = told(tmp_path, "soft-404", typed("image/png", status=status))
    assert found == ([(same, nobody, "the same bytes", "error")] if told_so else [])
    seen = f"no Vary; png, and webp for {BROWSERS}"
    found = told(tmp_path, "varies-honestly", negotiating(status))
    assert found == ([(differs, "Vary: Accept", seen, "error")] if told_so else [])


@pytest.mark.parametrize(("status", "other"), [(300, 200), (200, 300), (404, 200), (200, 404)])
def test_both_answers_have_to_say_here_it_is(status: int, other: int, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        return typed("image/png", status=status if asked.path == "/a.png" else other)

    assert told(tmp_path, "soft-404", answer) == []


@pytest.mark.parametrize(
    ("status", "undecided"), [(404, ""), (499, ""), (429, "429 Too Many Requests"), (500, "500 Internal Server Error"), (599, "599")]
)  # fmt: skip
def test_a_second_question_that_is_refused_says_nothing_and_a_broken_one_is_undecided(
    status: int, undecided: str, tmp_path: Path
) -> None:
    found = told(tmp_path, "varies-honestly", negotiating(other=status))
    reason = f"asked with another Accept, the server answers {undecided}"
    if undecided:
        assert found == [(reason,)]
    else:
        assert [actual for _, _, actual, _ in found] == [f"no Vary; png, and webp for {BROWSERS}"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [("", "there is no Content-Type"), ("binary/octet-stream", "the Content-Type says nothing")],
)
@pytest.mark.parametrize(("body", "severity"), [(SVG, "error"), (PNG, "warning")])
def test_a_drawing_is_shown_by_its_type_alone(
    kind: str, said: str, body: bytes, severity: str, tmp_path: Path
) -> None:
    path = "/a.svg" if body is SVG else "/a.png"
    [(message, _, _, found)] = told(tmp_path, "content-type-true", typed(kind, body), path)
    assert (message, found) == (said, severity)


def test_a_part_of_a_picture_may_come_with_fewer_headers(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        part = "range" in asked.headers
        reply = negotiating(206 if part else 200, "" if part else "Accept")(asked)
        return reply._replace(headers={**reply.headers, "Content-Range": "bytes 0-9/10"}) if part else reply

    assert told(tmp_path, "varies-honestly", answer) == []


@pytest.mark.parametrize(("status", "undecided"), [(404, False), (428, False), (429, True), (500, False)])
def test_a_name_that_is_not_answered_for_now_leaves_soft_404_open(
    status: int, undecided: bool, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Reply:
        return typed("image/png") if asked.path == "/a.png" else Reply(b"", status, {"Retry-After": "999"})

    reason = "asked for another name, the server answers 429 Too Many Requests"
    assert told(tmp_path, "soft-404", answer) == ([(reason,)] if undecided else [])


def test_a_long_header_is_told_to_eighty_characters(tmp_path: Path) -> None:
    [(_, _, actual, _)] = told(tmp_path, "varies-honestly", negotiating(vary=LONG))
    assert actual == f"Vary: {LONG[:80]}; png, and webp for {BROWSERS}"
    [(_, _, actual, _)] = told(tmp_path, "content-type-true", typed(LONG))
    assert actual == LONG[:80]
    [(_, _, actual, _)] = told(tmp_path, "readable", typed(LONG, b"<html>no"))
    assert actual == f"200 OK, {LONG[:80]}"


NOTHING, OTHER, NONE = (
    "the Content-Type says nothing",
    "the Content-Type is another format's",
    "the Content-Type is no picture's",
)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("image/png", None),
        ("image/x-png; q=1", None),
        ("image/png, image/png", None),
        ("application/octet-stream; x=1", (NOTHING, "application/octet-stream", "warning")),
        ("image/jpeg", (OTHER, "image/jpeg", "error")),
        ("image/unheard-of", (OTHER, "image/unheard-of", "error")),
        ("text/plain", (NONE, "text/plain", "error")),
        ("image/png, text/html", (NONE, "text/html", "error")),  # sent twice: who wins is nobody's promise
        ("text/html, image/webp", (NONE, "text/html", "error")),  # the first is told
    ],
)
def test_a_type_is_the_format_s_or_it_is_named(
    kind: str, said: tuple[str, str, str] | None, tmp_path: Path
) -> None:
    found = told(tmp_path, "content-type-true", typed(kind))
    assert found == ([] if said is None else [(said[0], "image/png", *said[1:])])


@pytest.mark.parametrize(
    ("path", "promise", "meant"),
    [
        ("/a.svg", {}, True),
        ("/a.SVG?v=1#x.png", {}, True),
        ("/a.png?x.svg", {}, False),
        ("/a.png", {}, False),
        ("/a.png", {"format": "svg"}, True),
        ("/a.png", {"format": ["png", "webp"]}, False),
    ],
)
def test_a_drawing_counts_where_it_was_meant(
    path: str, promise: dict[str, Any], meant: bool, tmp_path: Path
) -> None:
    found = told(tmp_path, "readable", typed("image/svg+xml", SVG), path, **promise)
    said = ("an SVG drawing: it has no pixels of its own", "an image", "a drawing", "error")
    assert found == ([] if meant else [said])


@pytest.mark.parametrize(
    ("kind", "said"), [("text/html", "200 OK, text/html"), ("", "200 OK, without a Content-Type")]
)
def test_what_came_instead_of_a_picture_is_told_with_its_type(kind: str, said: str, tmp_path: Path) -> None:
    found = told(tmp_path, "readable", typed(kind, b"<html>no"))
    assert found == [("an HTML page, probably an error page", "an image", said, "error")]


def test_a_type_that_was_not_asked_for_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, "negotiated", typed("image/png"), accept="image/webp")
    message = "the answer is of a type that was not asked for"
    assert found == [(message, "image/webp", "png (image/png)", "error")]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("64x36", "64x36", False),
        ("64x36", "63x36", True),
        ("64x36", "64x35", True),
        ("64x36..70x40", "70x40..80x50", False),
        ("64x36..70x40", "71x40..80x50", True),
        ("64x36..70x40", "70x41..80x50", True),
        ("71x40..80x50", "64x36..70x40", True),
        ("[64x36, 9x9]", "[8x8, 9x9]", False),
    ],
)
def test_addresses_may_share_a_picture_that_both_promise(one: str, other: str, told: bool) -> None:
    entries = (("1", one), ("2", other))
    lines = "".join(f"  'https://a.test/a.png?{at}': {{size: {size}}}\n" for at, size in entries)
    first, second = parse_manifest(f"version: 1\nfiles:\n{lines}".encode(), "m.yaml", "root").assets
    kept = [(each, Fetched("https://a.test/a.png", each.url or "", "00")) for each in (first, second)]
    found = [(asset, problem.actual) for asset, problem in same_url_one_picture(kept, NOBODY)]
    assert found == ([(second, f"that of {first.target}")] if told else [])
    apart = [(first, Fetched("a", "a?1", "00")), (second, Fetched("a", "a?2", "01"))]
    assert list(same_url_one_picture(apart, NOBODY)) == []


def led(*urls: str) -> ResponseInfo:
    hops = tuple(Hop(one, 302, other) for one, other in pairwise(urls))
    return ResponseInfo(urls[0], urls[-1], hops, 200, {}, ())


ELSEWHERE, DOWN, ANY = "it redirects to another site", "an https address redirects to http", "it redirects"


@pytest.mark.parametrize(
    ("urls", "wish", "said"),
    [
        (("https://a.test/1", "https://a.test/2"), None, []),
        (("https://a.test/1", "https://b.test/2"), None, [(ELSEWHERE, "a.test", "b.test", "warning")]),
        (("https://a.test/1", "https://b.test/2"), "same-site", [(ELSEWHERE, "a.test", "b.test", "error")]),
        (("https://b.test/1", "https://a.test/2"), None, [(ELSEWHERE, "b.test", "a.test", "warning")]),
        (("https://a.test/1", "https://b.test/2"), "allowed", []),
        (("https://a.test/1", "https://b.test/2", "https://a.test/3"), None, []),
        (("http://a.test/1", "https://a.test/1"), None, []),
        (("http://a.test/1", "http://a.test/2"), None, []),
        (("https://a.test/1", "http://a.test/2"), None, [(DOWN, "https all the way", "http://a.test/2", None)]),
        (("https://a.test/1", "http://a.test/2"), "allowed", [(DOWN, "https all the way", "http://a.test/2", None)]),
        (
            ("https://a.test/1", "http://a.test/2", "https://a.test/3", "http://a.test/4"),
            None,
            [(DOWN, "https all the way", "http://a.test/2", None)],
        ),
        (("https://a.test/1", "https://a.test/2"), "forbidden", [(ANY, "an answer", "302 to https://a.test/2", None)]),
    ],
)  # fmt: skip
def test_every_step_of_a_redirect_counts(urls: tuple[str, ...], wish: str | None, said: list[Any]) -> None:
    found = [(one.message, one.expected, one.actual, one.severity) for one in _found(led(*urls), wish)]
    assert found == said


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.co.uk", "b.co.uk"),
        ("a.b.com.au", "b.com.au"),
        ("a.abc.de", "a.abc.de"),
        ("a.abcd.de", "abcd.de"),
        ("abc.de", "abc.de"),
        ("a.co.com", "co.com"),
        ("::1", "::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_the_domain_that_hosts_share(host: str, domain: str) -> None:
    assert site(host) == domain
