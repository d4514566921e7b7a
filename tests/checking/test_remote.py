"""URL promises through the real command: verdicts, exit codes, what is sent, and what is never sent."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Asked, Reply, WebServer, ranged

from verify4k import check, load_manifest
from verify4k.files.delivered import UrlSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Outcome

PNG = save(gradient(64, 36), "a.png")


def serving(asked: Asked) -> Reply:
    if asked.path.startswith("/ok"):
        return ranged(asked, PNG)
    if asked.path == "/busy.png":
        return Reply(b"", 429, {"Retry-After": "999"})
    return Reply(b"<html>no", 404, {"Content-Type": "text/html"})


def promise(folder: Path, *urls: str, **options: Any) -> None:
    files = {url: {"size": "64x36", **options} for url in urls}
    (folder / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))


@pytest.mark.parametrize("depth", ["header", "full"])
@pytest.mark.parametrize(
    ("paths", "code"),
    [(["/ok.png"], 0), (["/ok.png", "/gone.png"], 1), (["/ok.png", "/busy.png"], 3), (["/busy.png", "/gone.png"], 1)],
)  # fmt: skip
def test_broken_is_1_and_could_not_check_is_3(
    run: Callable[..., Outcome], tmp_path: Path, paths: list[str], code: int, depth: str
) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, *(server.url + path for path in paths))
        outcome = run("check", "--allow-private", "--depth", depth)
    assert outcome.code == code, outcome
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("size", "path", "code"),
    [("64x36", "/ok.png", 0), ("64x37", "/ok.png?w=*", 1), ("64x36", "/busy.png", 3)],
)
def test_what_a_url_has_to_be_may_stand_on_the_command_line(
    run: Callable[..., Outcome], size: str, path: str, code: int
) -> None:
    with WebServer(serving) as server:
        outcome = run("check", "--allow-private", "--size", size, server.url + path)
    assert outcome.code == code, outcome


def test_a_library_that_breaks_over_one_download_hides_no_other(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sources = UrlSource.read_all, set[int]()

    def breaks_once(source: UrlSource) -> bytes:
        sources.add(id(source))
        if len(sources) == 1:
            raise KeyError("Content-Length")
        return whole(source)

    monkeypatch.setattr(UrlSource, "read_all", breaks_once)
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png", f"{server.url}/gone.png")
        outcome = run("check", "--allow-private", "-j", "1")
    assert outcome.code == 1
    assert f"undecided[http-status] {server.url}/ok.png" in outcome.out
    assert "verify4k crashed here: KeyError: 'Content-Length'" in outcome.out
    assert f"error[http-status] {server.url}/gone.png" in outcome.out


def test_one_deviation_is_one_finding(run: Callable[..., Outcome], tmp_path: Path) -> None:
    replies = {
        "/cut": Reply(PNG[:-9], length=len(PNG), end="close", headers={"Content-Type": "image/png"}),
        "/gone": Reply(b"<html>", 404, {"Content-Type": "text/html"}),
        "/page": Reply(b"<html>", 200, {"Content-Type": "text/html"}),
        "/busy": Reply(b"", 500),
    }
    with WebServer(lambda asked: replies[asked.path]) as server:
        promise(tmp_path, *(server.url + path for path in replies))
        report = json.loads(run("check", "--allow-private", "--format", "json").out)
    rules = {finding["target"].rpartition("/")[2]: finding["rule"] for finding in report["findings"]}
    assert rules == {"cut": "whole-body", "gone": "http-status", "page": "readable"}
    assert [(each["target"].rpartition("/")[2], each["rule"]) for each in report["undecided"]] == [
        ("busy", "http-status")
    ]
    assert len(report["findings"]) == 3
    page = next(finding for finding in report["findings"] if finding["rule"] == "readable")
    assert page["message"] == "an HTML page, probably an error page"
    assert page["actual"] == "200 OK, text/html"
    assert page["url"] == f"{server.url}/page"


def test_the_report_tells_what_was_asked_and_answered(run: Callable[..., Outcome], tmp_path: Path) -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(b"", 301, {"Location": "/ok.png"}) if asked.path == "/old.png" else serving(asked)

    with WebServer(answering) as server:
        promise(tmp_path, f"{server.url}/old.png")
        report = json.loads(run("check", "--allow-private", "--format", "json").out)
    (asset,) = report["assets"]
    told = asset["facts"]["delivery"]
    assert told["hops"] == [
        {"url": f"{server.url}/old.png", "status": 301, "location": f"{server.url}/ok.png"}
    ]
    assert (told["final_url"], told["status"]) == (f"{server.url}/ok.png", 200)
    assert (told["content_type"], told["bytes_fetched"]) == ("image/png", len(PNG))
    assert told["sent"]["Accept"] == "*/*"
    assert asset["rules"]["extension-matches"] == "not-asked"


def test_private_addresses_are_asked_only_where_the_command_line_allows_it(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png")
        outcome = run("check")
        assert (outcome.code, server.seen) == (3, [])
        assert "private address" in outcome.out
        assert "--allow-private" in outcome.out


def test_offline_asks_nothing_and_passes_nothing(run: Callable[..., Outcome], tmp_path: Path) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png")
        outcome = run("check", "--allow-private", "--offline")
        assert (outcome.code, server.seen) == (3, [])
        assert "not asked: --offline" in outcome.out


def test_a_base_url_stands_for_scheme_and_host(run: Callable[..., Outcome], tmp_path: Path) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, "https://cdn.invalid/ok.png?w=64", "http://www.invalid/gone.png")
        outcome = run(
            "check", "--allow-private", "--base-url", server.url, "--format", "json", "--depth", "header"
        )
        assert sorted(server.paths) == ["/gone.png", "/ok.png?w=64"]
    report = json.loads(outcome.out)
    assert [asset["verdict"] for asset in report["assets"]] == ["passed", "failed"]
    (finding,) = report["findings"]
    assert finding["target"] == "http://www.invalid/gone.png"
    assert finding["url"] == f"{server.url}/gone.png"


@pytest.mark.parametrize("base", ["preview", "ftp://a", "https://a/?x", "https://u:p@a"])
def test_a_base_url_that_is_none_is_a_usage_mistake(
    run: Callable[..., Outcome], tmp_path: Path, base: str
) -> None:
    promise(tmp_path, "https://cdn.invalid/ok.png")
    outcome = run("check", "--base-url", base)
    assert (outcome.code, "--base-url" in outcome.err) == (2, True)


def test_a_header_from_the_environment_reaches_its_host_and_no_report(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREVIEW_TOKEN", "s3cret-value")

    def answering(asked: Asked) -> Reply:
        wants = asked.headers.get("x-preview") == "s3cret-value" and asked.path == "/a.png"
        return ranged(asked, PNG, Echo="s3cret-value") if wants else Reply(b"", 401)

    with WebServer(answering) as server:
        promise(tmp_path, f"{server.url}/a.png")
        denied = run("check", "--allow-private")
        let_in = run("check", "--allow-private", "--header", "X-Preview=PREVIEW_TOKEN", "--format", "json")
        named = run("check", "--allow-private", "--header", f"{server.url} X-Preview=PREVIEW_TOKEN", "-vv")
        other = run("check", "--allow-private", "--header", "https://a.invalid X-Preview=PREVIEW_TOKEN")
    assert (denied.code, let_in.code, named.code, other.code) == (3, 0, 0, 3)
    assert "--header" in denied.out
    assert "s3cret" not in let_in.out + let_in.err + named.out + named.err
    sent = json.loads(let_in.out)["assets"][0]["facts"]["delivery"]["sent"]
    assert sent["X-Preview"] == "<key from PREVIEW_TOKEN>"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("X-Preview", "is not understood"),
        ("X-Preview=", "is not understood"),
        ("X Preview=TOKEN", "is no web address"),
        ("X-Prev\u00efew=TOKEN", "is not understood"),
        ("X-Preview=NOT_SET_HERE", "'NOT_SET_HERE' is not set"),
        ("X-Preview=BROKEN", "no header may have"),
        ("X-Preview=TOKEN", "could go to 2 hosts"),
        ("http://a.invalid X-Preview=TOKEN", "would go over http"),
    ],
)
def test_a_header_that_could_go_astray_is_a_usage_mistake(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str, said: str
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret-value")
    monkeypatch.setenv("BROKEN", "two\r\nlines")
    promise(tmp_path, "https://a.invalid/a.png", "https://b.invalid/a.png")
    outcome = run("check", "--header", header)
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err
    assert "s3cret" not in outcome.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--header", "X-Preview"), "is not understood"),
        (("--header", "X-Preview=NOT_SET_HERE"), "'NOT_SET_HERE' is not set"),
        (("--header", "http://a.invalid X-Preview=TOKEN"), "would go over http"),
        (
            (
                "--header",
                "https://a.invalid X-Preview=TOKEN",
                "--header",
                "https://A.invalid:443 x-preview=TOKEN",
            ),
            "--header x-preview=... is given twice for https://a.invalid",
        ),
        (("--base-url", "nonsense"), "write it like https://preview.example.com"),
        (("--base-url", "https://a.invalid/?q"), "--base-url has no query"),
        (("--base-url", "http://a.invalid", "--header", "X-Preview=TOKEN"), "would go over http"),
    ],
)
def test_what_is_wrong_about_urls_is_said_where_none_is_promised(
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret-value")
    promise(tmp_path, "a.png")
    (tmp_path / "a.png").write_bytes(PNG)
    outcome = run("check", *argv)
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err
    assert run("check", "--header", "X-Preview=TOKEN", "--base-url", "https://a.invalid").code == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("ftp://a.test/a.png", "ftp:// is not asked"),
        ("file:///etc/passwd", "file:// is not asked"),
        ("https://", "is no web address"),
        ("https://user:pw@a.test/a.png", "no user name or password"),
        ("https://a.test:99999/a.png", "no web address"),
    ],
)
def test_a_url_that_cannot_be_asked_is_a_mistake_at_its_place(
    run: Callable[..., Outcome], tmp_path: Path, key: str, said: str
) -> None:
    (tmp_path / "verify4k.yaml").write_text(f'version: 1\nfiles:\n  "{key}": {{}}\n')
    outcome = run("check")
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err
    assert "verify4k.yaml:3:3" in outcome.err


def test_a_url_is_no_pattern_and_is_not_generated(run: Callable[..., Outcome], tmp_path: Path) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png?w=[64]&h=*")
        assert run("check", "--allow-private").code == 0
        assert server.paths[0] == "/ok.png?w=[64]&h=*"
        promise(tmp_path, f"{server.url}/ok.png", generate={"prompt": "x"})
        outcome = run("check", "--allow-private")
    assert (outcome.code, "generate makes files" in outcome.err) == (2, True)


def test_other_scripts_in_a_url_are_sent_as_browsers_send_them(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok h\u00e9ro.png#part")
        assert run("check", "--allow-private").code == 0
        assert server.paths[0] == "/ok%20h%C3%A9ro.png"


def test_a_gate_takes_nothing_about_urls_from_the_environment(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("BASE_URL", "http://elsewhere.invalid"), ("TIMEOUT", "1"), ("OFFLINE", "1")):
        monkeypatch.setenv(f"VERIFY4K_{name}", value)
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png")
        assert run("check", "--allow-private").code == 3
        outcome = run("check", "--allow-private", "--no-ignores")
    assert outcome.code == 0, outcome


def test_the_order_of_the_report_is_that_of_the_manifest(run: Callable[..., Outcome], tmp_path: Path) -> None:
    def answering(asked: Asked) -> Reply:
        if asked.path == "/gone0.png":
            another.wait()  # the first one answers later than one after it
        elif asked.path != "/robots.txt":
            another.set()
        return serving(asked)

    another = threading.Event()

    with WebServer(answering) as server:
        urls = [f"{server.url}/{'ok' if n % 2 else 'gone'}{n}.png" for n in range(30)]
        promise(tmp_path, *urls)
        report = json.loads(run("check", "--allow-private", "--depth", "header", "--format", "json").out)
    assert [asset["target"] for asset in report["assets"]] == urls
    assert [finding["target"] for finding in report["findings"]] == urls[0::2]


def test_a_program_that_allows_nothing_asks_nothing(tmp_path: Path) -> None:
    with WebServer(serving) as server:
        promise(tmp_path, f"{server.url}/ok.png")
        report = check(load_manifest(tmp_path / "verify4k.json"))
        assert (report.exit_code, server.seen) == (3, [])
