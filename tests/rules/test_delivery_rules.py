"""What the rules about delivery must not accuse, and the borders of what they tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Asked, Reply, WebServer, ranged

from verify4k.rules.negotiated import _allows
from verify4k.rules.redirects import site
from verify4k.rules.soft_404 import NOBODY, neighbours

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Outcome
    from webserver import Answering

PNG, JPEG, WEBP = (save(gradient(64, 36), f"a.{suffix}") for suffix in ("png", "jpg", "webp"))
GONE = Reply(b"<html>no", 404, {"Content-Type": "text/html"})


def told(
    run: Callable[..., Outcome], folder: Path, answering: Answering, path: str = "/a.png", **promise: Any
) -> list[tuple[str, str]]:
    """(rule, severity) of what a full check finds; ``undecided`` rules with that word."""
    with WebServer(answering) as server:
        manifest = {"version": 1, "files": {server.url + path: promise}}
        (folder / "verify4k.json").write_text(json.dumps(manifest))
        report = json.loads(run("check", "--allow-private", "--format", "json").out)
    findings = [(finding["rule"], finding["severity"]) for finding in report["findings"]]
    return findings + [(each["rule"], "undecided") for each in report["undecided"]]


def static(asked: Asked) -> Reply:
    """A static host, as plain as they come: no Vary, no charset, no validators."""
    return ranged(asked, PNG) if asked.path.startswith("/a.png") else GONE


def with_headers(**headers: str) -> Answering:
    return lambda asked: static(asked)._replace(headers={"Content-Type": "image/png", **headers})


def negotiating(asked: Asked) -> Reply:
    if not asked.path.startswith("/a.png"):
        return GONE
    accept = asked.headers["accept"]
    body, kind = (WEBP, "image/webp") if "image/webp" in accept else (PNG, "image/png")
    return Reply(body, headers={"Content-Type": kind, "Vary": "Accept, Save-Data"})


@pytest.mark.parametrize(
    ("answering", "promise"),
    [
        (static, {"size": "64x36"}),
        (static, {"accept": "image/avif,image/webp,*/*"}),
        (static, {"accept": "image/png", "format": "png"}),
        (negotiating, {"accept": "image/webp,*/*", "format": "webp"}),
        (negotiating, {"accept": "image/png", "format": "png"}),
        (negotiating, {}),
        (with_headers(Vary="*"), {}),
        (with_headers(Vary="Accept-Encoding"), {}),
        (with_headers(Server="cloudflare", Age="99"), {}),
    ],
)  # fmt: skip
def test_honest_servers_are_not_accused(
    run: Callable[..., Outcome], tmp_path: Path, answering: Answering, promise: dict[str, Any]
) -> None:
    assert told(run, tmp_path, answering, **promise) == []


def test_a_server_that_refuses_other_types_is_no_liar(run: Callable[..., Outcome], tmp_path: Path) -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(b"", 406) if "image/webp" in asked.headers["accept"] else static(asked)

    assert told(run, tmp_path, answering) == []


def test_a_busy_server_leaves_the_second_question_undecided(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(b"", 429, {"Retry-After": "999"}) if "webp" in asked.headers["accept"] else static(asked)

    assert told(run, tmp_path, answering) == [("varies-honestly", "undecided")]


@pytest.mark.parametrize("status", [404, 400, 403, 500, 503])
def test_any_error_for_a_picture_that_cannot_exist_is_fine(
    run: Callable[..., Outcome], tmp_path: Path, status: int
) -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(b"", status, {"Retry-After": "999"}) if NOBODY in asked.path else static(asked)

    assert told(run, tmp_path, answering) == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/img/a.png", [("soft-404", "error")]),
        ("/photo/12345/any-slug.png", []),  # the number says which picture, the name nothing
        ("/_next/image?url=%2Fa.png&w=64", [("soft-404", "error")]),
        ("/render/a?src=a&w=64", []),  # the parameter says which
        ("/render/a?v=2&w=64", [("soft-404", "error")]),
        ("/img/a?id=9&w=64", [("soft-404", "error")]),
    ],
)
def test_a_name_that_says_nothing_is_no_soft_404(
    run: Callable[..., Outcome], tmp_path: Path, path: str, found: list[tuple[str, str]]
) -> None:
    def answering(asked: Asked) -> Reply:
        if asked.path.startswith("/photo/"):
            return ranged(asked, PNG) if "/12345/" in asked.path else GONE
        if asked.path.startswith("/render/"):
            return GONE if f"src={NOBODY}" in asked.path else ranged(asked, PNG)
        return ranged(asked, PNG)

    assert told(run, tmp_path, answering, path) == found


def test_another_placeholder_than_the_promised_picture_is_no_soft_404(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    other = save(gradient(64, 36, 9), "b.png")
    assert told(run, tmp_path, lambda asked: ranged(asked, other if NOBODY in asked.path else PNG)) == []


@pytest.mark.parametrize(
    ("url", "others"),
    [
        ("https://a.test/img/hero.jpg?w=64", [f"https://a.test/img/{NOBODY}.jpg?w=64"]),
        ("https://a.test/hero", [f"https://a.test/{NOBODY}"]),
        ("https://a.test/v12/hero.jpg", [f"https://a.test/v12/{NOBODY}.jpg", f"https://a.test/{NOBODY}/{NOBODY}.jpg"]),
        ("https://a.test/image?url=/x/hero.jpg&w=6", [f"https://a.test/image?url=/x/{NOBODY}.jpg&w=6"]),
        ("https://a.test/image?url=%2Fhero.jpg", [f"https://a.test/image?url=%2F{NOBODY}.jpg"]),
        ("https://a.test/get?w=6&ID=9", [f"https://a.test/{NOBODY}?w=6&ID=9", f"https://a.test/{NOBODY}?w=6&ID={NOBODY}"]),
        ("https://a.test/get?width=6&grid=9", [f"https://a.test/{NOBODY}?width=6&grid=9"]),
        ("https://a.test/", []),
    ],
)  # fmt: skip
def test_neighbours_that_cannot_exist(url: str, others: list[str]) -> None:
    assert list(neighbours(url)) == others


@pytest.mark.parametrize("path", ["/users/sign_in", "/log_in", "/account/logon?next=1", "/login.php"])
def test_pages_to_sign_in_are_known_by_their_addresses(
    run: Callable[..., Outcome], tmp_path: Path, path: str
) -> None:
    def answering(asked: Asked) -> Reply:
        if asked.path == path:
            return Reply(b"<!doctype html><form>", headers={"Content-Type": "text/html"})
        return Reply(b"", 302, {"Location": path})

    assert told(run, tmp_path, answering) == [("redirects", "error")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("example.com", "www.example.com", True),
        ("cdn.example.com", "images.example.com", True),
        ("example.com", "example.org", False),
        ("a.example.co.uk", "b.example.co.uk", True),
        ("a.co.uk", "b.co.uk", False),
        ("127.0.0.1", "127.0.0.2", False),
        ("localhost", "127.0.0.1", False),
        ("EXAMPLE.com.", "example.com", True),
    ],
)
def test_hosts_of_one_site(one: str, other: str, *, same: bool) -> None:
    assert (site(one) == site(other)) is same


@pytest.mark.parametrize(
    ("accept", "allowed"),
    [
        ("*/*", True), ("image/*", True), ("image/png", True), ("IMAGE/PNG;q=0.1", True), ("image/apng", True),
        ("image/webp", False), ("image/webp,image/*;q=0", False), ("image/png;q=0,*/*", False),
        ("image/png;q=0.0", False), ("text/html,*/*;q=0.001", True), ("text/*", False),
    ],
)  # fmt: skip
def test_what_an_accept_header_allows(accept: str, *, allowed: bool) -> None:
    assert _allows(accept, ("image/png", "image/apng")) is allowed


@pytest.mark.parametrize("accept", ["png", "image/png image/webp", "image/png,,*/*", "a/b\r\nX: y"])
def test_an_accept_header_that_is_none_is_a_mistake(
    run: Callable[..., Outcome], tmp_path: Path, accept: str
) -> None:
    manifest = {"version": 1, "files": {"https://a.invalid/a.png": {"accept": accept}}}
    (tmp_path / "verify4k.json").write_text(json.dumps(manifest))
    outcome = run("check")
    assert (outcome.code, "expected an Accept header" in outcome.err) == (2, True), outcome


def test_the_accept_that_was_promised_is_sent_and_one_that_was_not_is_noted(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with WebServer(static) as server:
        files = {f"{server.url}/a.png": {"accept": "image/png"}, f"{server.url}/a.png?2": {}}
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
        outcome = run("check", "--allow-private", "-j1", "--depth", "header")
        assert [asked.headers["accept"] for asked in server.seen] == ["image/png", "*/*"]
    assert (outcome.code, "1 URL names no Accept, so */* was sent" in outcome.out) == (0, True), outcome


def calls_parts_text(asked: Asked) -> Reply:
    reply = static(asked)
    return reply._replace(
        headers={**reply.headers, "Content-Type": "text/html"} if reply.status == 206 else reply.headers
    )


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        (with_headers(**{"Content-Type": "image/webp"}), ("content-type-true", "error")),
        (
            lambda _: Reply(b"busy", 429, {"Content-Type": "text/html", "Retry-After": "3600"}),
            ("content-type-true", "undecided"),
        ),
    ],
)
def test_a_false_type_is_told_at_header_depth_once_the_whole_has_it(
    run: Callable[..., Outcome], tmp_path: Path, whole: Answering, expected: tuple[str, str]
) -> None:
    def answering(asked: Asked) -> Reply:
        return calls_parts_text(asked) if "range" in asked.headers else whole(asked)

    found = told(lambda *argv: run(*argv, "--depth", "header"), tmp_path, answering)
    assert expected in found


def refuses_ranges(status: int) -> Answering:
    return lambda asked: Reply(b"*PLONK*", status) if "range" in asked.headers else static(asked)


@pytest.mark.parametrize("depth", ["header", "full"])
@pytest.mark.parametrize("answering", [calls_parts_text, *map(refuses_ranges, (400, 403, 416, 500))])
def test_what_a_server_says_of_a_part_alone_is_said_of_no_picture(
    run: Callable[..., Outcome], tmp_path: Path, answering: Answering, depth: str
) -> None:
    found = told(lambda *argv: run(*argv, "--depth", depth), tmp_path, answering)
    assert [each for each in found if each != ("whole-body", "undecided")] == []
