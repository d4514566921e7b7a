"""Pages given by URL: the promises that they make, checked where people see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Asked, Reply, WebServer, ranged

from verify4k.reporters import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Outcome

    Run = Callable[..., Outcome]

PAGE = """<!doctype html>
<html><head><meta charset="utf-8">
<base href="/assets/">
<link rel="icon" href="/icon.png" sizes="32x32">
<link rel="stylesheet" href="style.css">
<link rel="manifest" href="/app/site.webmanifest">
</head><body>
<img src="hero-80.jpg" srcset="hero-80.jpg 80w, hero-160.jpg 160w" width="160" height="90" alt="">
<img src="logo.svg" alt=""><img src="data:image/gif;base64,R0" alt="">
<a href="/two">two</a> <a href="/secret/three">three</a> <a href="https://elsewhere.example/">off</a>
<a href="mailto:x@example.com">mail</a> <a href="/file.pdf">a file</a> <a href="/two#part">two</a>
</body></html>
"""
TWO = '<!doctype html><html><body>\n\n<img src="/assets/two.png" width="40" height="30"><a href="/four">4</a>'
CSS = "body {\n  background: url(img/bg.png)\n}\n"
MANIFEST = (
    '{"icons": [{"src": "../icon-192.png", "sizes": "192x192"}, {"src": "/icon.png", "sizes": "32x32"}]}'
)
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
ROBOTS = "User-agent: *\nDisallow: /secret/\n"
SIZES = {
    "/assets/hero-80.jpg": (80, 45),
    "/assets/hero-160.jpg": (160, 90),
    "/assets/img/bg.png": (20, 10),
    "/assets/two.png": (80, 60),
    "/icon.png": (32, 32),
    "/icon-192.png": (192, 192),
}


class Site(WebServer):
    """Serves a page, its pictures and another page; a test may change what is there."""

    def __init__(self) -> None:
        super().__init__(self.answer)
        html = {"Content-Type": "text/html; charset=utf-8"}
        self.replies: dict[str, Reply] = {
            "/": Reply(b"", 302, {"Location": "/en/"}),
            "/en/": Reply(PAGE.encode(), headers=html),
            "/two": Reply(TWO.encode(), headers=html),
            "/four": Reply(b"<!doctype html>", headers=html),
            "/secret/three": Reply(b"<!doctype html><img srcset='/gone.png 9w'>", headers=html),
            "/assets/style.css": Reply(CSS.encode(), headers={"Content-Type": "text/css"}),
            "/app/site.webmanifest": Reply(MANIFEST.encode()),
            "/robots.txt": Reply(ROBOTS.encode(), headers={"Content-Type": "text/plain"}),
        }
        self.replies["/assets/logo.svg"] = Reply(DRAWING, headers={"Content-Type": "image/svg+xml"})
        self.sizes = dict(SIZES)

    def answer(self, asked: Asked) -> Reply:
        if asked.path in self.sizes:
            kind = "image/jpeg" if asked.path.endswith("jpg") else "image/png"
            body = save(gradient(*self.sizes[asked.path]), asked.path)
            return ranged(asked, body, **{"Content-Type": kind})
        return self.replies.get(asked.path, Reply(b"<html>gone", 404, {"Content-Type": "text/html"}))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        assert isinstance(server, Site)
        yield server


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def check(run: Run, url: str, *argv: str) -> Any:
    outcome = run("check", "--allow-private", "--no-cache", "--format", "json", *argv, url)
    assert outcome.out, outcome
    return json.loads(outcome.out)


def test_a_page_that_keeps_its_promises_passes(site: Site, run: Run) -> None:
    told = check(run, f"{site.url}/")
    assert told["findings"] == []
    assert told["exit_code"] == 0
    assert {asset["target"] for asset in told["assets"]} == {
        f"{site.url}{path}" for path in (*SIZES, "/assets/logo.svg") if path != "/assets/two.png"
    }
    assert told["manifest"]["path"] == f"{site.url}/en/"
    assert [ref["path"] for ref in told["manifests"]] == [
        f"{site.url}/en/",
        f"{site.url}/assets/style.css",
        f"{site.url}/app/site.webmanifest",
    ]


@pytest.mark.parametrize(
    "argv",
    [("--staged",), ("--all",), ("--baseline", "b.json"), ("--write-baseline", "b.json"), ("--shard", "1/2")],
)
def test_what_a_page_by_url_does_not_have_is_refused(argv: tuple[str, ...], site: Site, run: Run) -> None:
    outcome = run("check", "--allow-private", *argv, f"{site.url}/")
    assert (outcome.code, outcome.out) == (2, "")


def test_after_an_interruption_no_further_page_is_asked(
    site: Site, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import engine

    whole = engine.check

    def cut(*given: Any) -> Any:
        return whole(*given)._replace(exit_code=130)  # as a run ends that Ctrl-C stopped

    monkeypatch.setattr(engine, "check", cut)
    outcome = run("check", "--allow-private", f"{site.url}/en/", f"{site.url}/two")
    assert outcome.code == 130
    assert outcome.err.count("interrupted") == 1
    assert "/two" not in {asked.path for asked in site.seen}


def test_a_srcset_that_lies_is_told_at_the_line_of_the_page(site: Site, run: Run) -> None:
    site.sizes["/assets/hero-160.jpg"] = (80, 45)
    told = check(run, f"{site.url}/")
    (finding,) = told["findings"]
    assert (finding["rule"], finding["target"]) == ("exact-size", f"{site.url}/assets/hero-160.jpg")
    assert (finding["expected"], finding["actual"]) == ("160 pixels", "80 pixels")
    assert (finding["path"], finding["line"], finding["column"]) == (f"{site.url}/en/", 8, 1)
    assert told["exit_code"] == 1


def test_a_picture_in_a_style_sheet_is_told_at_its_line(site: Site, run: Run) -> None:
    del site.sizes["/assets/img/bg.png"]
    (finding,) = check(run, f"{site.url}/en/")["findings"]
    assert (finding["path"], finding["line"]) == (f"{site.url}/assets/style.css", 2)


def test_what_means_no_other_file_is_no_picture(site: Site, run: Run) -> None:
    page = (
        b'<!doctype html><img src=""><img src=" # "><img src="#top"><img src="assets/two.png">'
        b"<style>p {clip-path: url(#clip); background: url(#b)}</style>"
    )
    site.replies["/x"] = Reply(page, headers={"Content-Type": "text/html"})
    told = check(run, f"{site.url}/x")
    assert told["findings"] == []
    assert [asset["target"] for asset in told["assets"]] == [f"{site.url}/assets/two.png"]


@pytest.mark.parametrize(
    ("src", "target", "said"),
    [
        ("https://me:pa55@a.test/a.png", "https://a.test/a.png", "no user name or password"),
        ("https://stra\u00dfe.test/a.png", "https://stra\u00dfe.test/a.png", "is not written plainly"),
        ("https://a.test:99999/a.png", "https://a.test:99999/a.png", "is no web address"),
    ],
)
def test_a_picture_whose_address_cannot_be_asked_is_undecided(
    src: str, target: str, said: str, site: Site, run: Run
) -> None:
    page = f"<!doctype html><img src=/assets/two.png>\n<img src={src}><img src={src}>"
    site.replies["/x"] = Reply(page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    outcome = run("check", "--allow-private", "--no-cache", "--format", "json", f"{site.url}/x")
    told = json.loads(outcome.out)
    (left,) = told["undecided"]
    assert (outcome.code, left["target"], left["line"], said in left["reason"]) == (3, target, 2, True)
    assert "pa55" not in outcome.out + outcome.err


@pytest.mark.parametrize(("name", "found"), [("a.gif", []), ("a.webp", []), ("a", []), ("a.png", ["still"])])
def test_a_page_does_not_ask_a_picture_that_may_move_to_stand_still(
    site: Site, run: Run, name: str, found: list[str]
) -> None:
    form = name.partition(".")[2] or "gif"
    first, second = (gradient(16, 9, shift) for shift in (0, 90))
    body = save(first, f"a.{form}", save_all=True, append_images=[second], duration=100)
    site.replies[f"/{name}"] = Reply(body, headers={"Content-Type": f"image/{form}"})
    site.replies["/x"] = Reply(
        f'<!doctype html><img src="{name}">'.encode(), headers={"Content-Type": "text/html"}
    )
    assert [each["rule"] for each in check(run, f"{site.url}/x")["findings"]] == found


@pytest.mark.parametrize("where", ["linked", "inside"])
def test_a_page_whose_style_crops_promises_no_shape(site: Site, run: Run, where: str) -> None:
    page = '<!doctype html>%s<p class="face"><img src="assets/two.png" width="40" height="40">'
    crop = ".face img { object-fit: cover }"
    site.replies["/s.css"] = Reply(crop.encode(), headers={"Content-Type": "text/css"})
    styles = {"linked": '<link rel="stylesheet" href="s.css">', "inside": f"<style>{crop}</style>"}
    for style, found in (("", ["exact-size"]), (styles[where], [])):
        site.replies["/x"] = Reply((page % style).encode(), headers={"Content-Type": "text/html"})
        assert [each["rule"] for each in check(run, f"{site.url}/x")["findings"]] == found


def test_style_sheets_that_are_imported_are_read_too(site: Site, run: Run) -> None:
    css = {"Content-Type": "text/css"}
    site.replies["/assets/style.css"] = Reply(b"@import 'a/b.css';", headers=css)
    site.replies["/assets/a/b.css"] = Reply(b"@import '../style.css';\ni { mask: url(no.png) }", headers=css)
    (finding,) = check(run, f"{site.url}/en/")["findings"]
    assert (finding["target"], finding["line"]) == (f"{site.url}/assets/a/no.png", 2)


def test_of_style_sheets_without_end_two_hundred_are_read_and_the_rest_is_told_once(
    site: Site, run: Run
) -> None:
    many = "".join(f"@import '{number}.css';" for number in range(300))
    site.replies["/assets/style.css"] = Reply(many.encode(), headers={"Content-Type": "text/css"})
    for number in range(300):
        site.replies[f"/assets/{number}.css"] = Reply(b"", headers={"Content-Type": "text/css"})
    report = check(run, f"{site.url}/en/")
    (told,) = [each for each in report["undecided"] if "style sheets" in each["reason"]]
    said = "style sheets are linked, and the others were not read: this is the first"
    assert (told["target"], told["reason"]) == (f"{site.url}/assets/199.css", f"more than 200 {said}")
    assert [each["verdict"] for each in report["assets"] if each["target"] == told["target"]] == ["undecided"]
    assert "/assets/198.css" in site.paths
    assert "/assets/199.css" not in site.paths


def test_pictures_that_a_template_has_yet_to_name_are_told(site: Site, run: Run) -> None:
    page = PAGE.replace("</body>", '<img src="/{{ hero }}.png"></body>')
    site.replies["/en/"] = Reply(page.encode(), headers={"Content-Type": "text/html"})
    told = check(run, f"{site.url}/en/")
    assert (
        f"{site.url}/en/: pictures that a template has yet to name were not checked: /{{{{ hero }}}}.png"
        in told["notes"]
    )


def test_only_the_page_is_read_unless_more_is_asked_for(site: Site, run: Run) -> None:
    check(run, f"{site.url}/en/")
    assert "/two" not in site.paths
    assert "/robots.txt" not in site.paths


def test_crawling_stays_on_the_site_and_heeds_robots(site: Site, run: Run) -> None:
    site.sizes["/assets/two.png"] = (20, 15)
    told = check(run, f"{site.url}/", "--crawl", "9")
    (finding,) = told["findings"]
    assert (finding["path"], finding["line"]) == (f"{site.url}/two", 3)
    assert "/secret/three" not in site.paths
    assert "/file.pdf" not in site.paths
    assert site.paths.count("/two") == 1
    assert "/four" in site.paths


def test_crawling_ends_at_its_number(site: Site, run: Run) -> None:
    told = check(run, f"{site.url}/", "--crawl", "2")
    assert "/four" not in site.paths
    assert "1 more page is linked; --crawl N reads more" in told["notes"]


def test_robots_that_cannot_be_read_stop_the_crawl(site: Site, run: Run) -> None:
    site.replies["/robots.txt"] = Reply(b"", 503, {"Retry-After": "99"})
    told = check(run, f"{site.url}/", "--crawl", "9", "--timeout", "60")
    assert "/two" not in site.paths
    (undecided,) = told["undecided"]
    assert undecided["target"] == f"{site.url}/robots.txt"
    assert undecided["reason"].startswith(
        "it could not be read, so no page is followed: the server answers 503"
    )
    assert told["exit_code"] == 3


@pytest.mark.parametrize(
    ("path", "argv", "reason"),
    [
        ("/assets/style.css", (), "it was not read, so what it says of pictures was not checked: "),
        ("/assets/more.css", (), "it was not read, so what it says of pictures was not checked: "),
        ("/app/site.webmanifest", (), "it was not read, so what it says of pictures was not checked: "),
        ("/two", ("--crawl", "9"), "it was not read: "),
    ],
)
def test_a_part_of_the_site_that_does_not_answer_is_undecided(
    path: str, argv: tuple[str, ...], reason: str, site: Site, run: Run
) -> None:
    css = f'@import "more.css"; {CSS}' if path.endswith("more.css") else CSS
    site.replies["/assets/style.css"] = Reply(css.encode(), headers={"Content-Type": "text/css"})
    site.replies[path] = Reply(b"", 500)
    told = check(run, f"{site.url}/", *argv)
    (undecided,) = told["undecided"]
    assert (undecided["target"], undecided["rule"]) == (site.url + path, "readable")
    assert undecided["reason"] == f"{reason}the server answers 500 Internal Server Error"
    assert (told["exit_code"], told["summary"]["undecided"], told["findings"]) == (3, 1, [])


@pytest.mark.parametrize("path", ["/two", "/assets/style.css", "/app/site.webmanifest"])
def test_what_is_cut_off_is_undecided_and_hides_nothing_of_the_rest(path: str, site: Site, run: Run) -> None:
    whole = site.replies[path]
    site.replies[path] = whole._replace(length=len(whole.body) + 9, end="close")
    told = check(run, f"{site.url}/", f"{site.url}/two")
    (undecided,) = told["undecided"]
    assert undecided["target"] == site.url + path
    assert "the body is cut off" in undecided["reason"]
    assert told["exit_code"] == 3
    assert told["summary"]["passed"] >= 4


@pytest.mark.parametrize(
    "stub",
    [
        Reply(b'<!doctype html><link rel=icon href=/icon.png><meta http-equiv=refresh content="0;url=two">'),
        Reply(b"<!doctype html><link rel=icon href=/icon.png>", headers={"Refresh": "1; url=/two"}),
    ],
)
def test_a_page_that_leads_on_is_followed_as_browsers_go(stub: Reply, site: Site, run: Run) -> None:
    site.replies["/stub"] = stub._replace(headers={"Content-Type": "text/html", **stub.headers})
    told = check(run, f"{site.url}/stub")
    asked = [asset["target"].removeprefix(site.url) for asset in told["assets"]]
    assert (asked, told["exit_code"]) == (["/icon.png", "/assets/two.png"], 0)


def test_a_page_that_leads_on_to_nothing_is_undecided(site: Site, run: Run) -> None:
    for path, to in (("/stub", "/gone"), ("/a", "/b"), ("/b", "/a"), ("/round/0", "/round/1")):
        site.replies[path] = _leading_on(to)
    for step in range(1, 9):
        site.replies[f"/round/{step}"] = _leading_on(f"/round/{step + 1}")
    told = check(run, f"{site.url}/stub", f"{site.url}/round/0")
    assert sorted(each["reason"].partition(": ")[2] for each in told["undecided"]) == [
        "it leads on from page to page",
        f"it leads on to {site.url}/gone, and the server answers 404 Not Found",
    ]
    assert told["exit_code"] == 3
    assert run("check", "--allow-private", f"{site.url}/a").code == 2  # one leads to the other: no picture


def _leading_on(to: str) -> Reply:
    text = f"<!doctype html><meta http-equiv=refresh content='0;{to}'>"
    return Reply(text.encode(), headers={"Content-Type": "text/html"})


def test_a_query_is_sent_in_the_encoding_of_the_page(site: Site, run: Run) -> None:
    page = "<!doctype html><meta charset=windows-1251><img src='/assets/\u044f.png?\u044f=\u4e00#\u044f'>"
    page += "<img srcset='/b.png?\u044f 1x'>"
    site.replies["/two"] = site.replies["/two"]._replace(
        body=page.encode("cp1251", "xmlcharrefreplace"), headers={"Content-Type": "text/html"}
    )
    check(run, f"{site.url}/two")
    assert {"/assets/%D1%8F.png?%FF=%26%2319968%3B", "/b.png?%FF"} <= set(site.paths)


def test_a_base_that_no_browser_takes_is_none(site: Site, run: Run) -> None:
    page = b'<!doctype html><base href="data:text/html,"><img src="assets/two.png" width=4 height=3>'
    site.replies["/two"] = site.replies["/two"]._replace(body=page)
    told = check(run, f"{site.url}/two")
    assert [asset["target"] for asset in told["assets"]] == [f"{site.url}/assets/two.png"]
    assert told["exit_code"] == 0


@pytest.mark.parametrize(
    ("path", "status", "argv", "code"),
    [
        ("/assets/style.css", 404, (), 0),
        ("/assets/style.css", 403, (), 3),
        ("/two", 404, ("--crawl", "9"), 0),
        ("/two", 401, ("--crawl", "9"), 0),
        ("/robots.txt", 403, ("--crawl", "9"), 0),
    ],
)
def test_what_is_not_there_or_behind_a_login_is_noted(
    path: str, status: int, argv: tuple[str, ...], code: int, site: Site, run: Run
) -> None:
    site.replies[path] = Reply(b"", status)
    told = check(run, f"{site.url}/", *argv)
    assert told["exit_code"] == code
    assert any(site.url + path in note for note in told["notes"]) is (code == 0)


@pytest.mark.parametrize("body", [b'{"icons": [', b"<!doctype html><p>not found</p>", b"\xff\xfe\xff"])
def test_a_web_app_manifest_that_is_none_is_undecided(site: Site, body: bytes, run: Run) -> None:
    """What its icons have to be was never asked."""
    site.replies["/app/site.webmanifest"] = Reply(body)
    told = check(run, f"{site.url}/")
    assert told["exit_code"] == 3
    assert [each["target"] for each in told["undecided"]] == [f"{site.url}/app/site.webmanifest"]
    assert told["undecided"][0]["line"] == 6
    assert not any("manifest" in note for note in told["notes"])


def test_a_style_sheet_of_another_site_that_does_not_answer_is_noted(site: Site, run: Run) -> None:
    away = PAGE.replace('href="style.css"', 'href="http://away.invalid/style.css"')
    site.replies["/en/"] = Reply(away.encode(), headers={"Content-Type": "text/html"})
    told = check(run, f"{site.url}/")
    assert (told["exit_code"], told["undecided"]) == (0, [])
    assert any(note.startswith("http://away.invalid/style.css was not read") for note in told["notes"])


def test_a_page_without_pictures_whose_style_sheet_does_not_answer_is_undecided(site: Site, run: Run) -> None:
    page = b'<!doctype html><link rel="stylesheet" href="/away.css"><p>text'
    site.replies["/en/"] = Reply(page, headers={"Content-Type": "text/html"})
    site.replies["/away.css"] = Reply(b"", 500)
    assert check(run, f"{site.url}/")["exit_code"] == 3


def test_a_lie_weighs_more_than_a_style_sheet_that_does_not_answer(site: Site, run: Run) -> None:
    site.sizes["/assets/hero-160.jpg"] = (80, 45)
    site.replies["/assets/style.css"] = Reply(b"", 500)
    assert check(run, f"{site.url}/")["exit_code"] == 1


def test_every_report_names_what_was_not_read(site: Site, tmp_path: Path, run: Run) -> None:
    site.replies["/assets/style.css"] = Reply(b"", 500)
    wanted = [argument for form in names() for argument in ("--report", f"{form}={tmp_path / form}")]
    assert run("check", f"{site.url}/", "--allow-private", *wanted).code == 3
    said = {form: (tmp_path / form).read_text() for form in names()}
    assert [form for form, text in said.items() if "PASSED" in text] == []
    assert [form for form, text in said.items() if "style.css" not in text] == ["sha256sums"]


@pytest.mark.parametrize(
    ("path", "status", "kind", "code", "said"),
    [
        ("/x", 404, "text/html", 2, "the server answers 404 Not Found"),
        ("/x", 429, "text/html", 3, "the server answers 429 Too Many Requests"),
        ("/x", 500, "text/html", 3, "the server answers 500"),
        ("/x", 200, "image/png", 2, "it is no page but image/png"),
    ],
)
def test_what_is_no_page_says_so(
    site: Site, path: str, status: int, kind: str, code: int, said: str, run: Run
) -> None:
    headers = {"Content-Type": kind, "Retry-After": "999"}
    site.replies[path] = Reply(b"x", status, headers)
    outcome = run("check", "--allow-private", site.url + path)
    assert outcome.code == code, outcome
    assert said in (outcome.err if code == 2 else outcome.out)


@pytest.mark.parametrize("order", [("/gone", "/two"), ("/two", "/gone")])
def test_a_page_that_does_not_answer_hides_nothing_of_the_others(
    site: Site, order: tuple[str, str], tmp_path: Path, run: Run
) -> None:
    site.replies["/gone"] = Reply(b"x", 503, {"Content-Type": "text/html", "Retry-After": "999"})
    site.sizes["/assets/two.png"] = (80, 70)
    urls = [site.url + path for path in order]
    told = check(run, *urls, "--report", f"in-toto={tmp_path / 'statement.json'}")
    assert told["exit_code"] == 1
    assert [found["rule"] for found in told["findings"]] == ["exact-size"]
    assert [(each["target"], each["rule"]) for each in told["undecided"]] == [
        (f"{site.url}/gone", "readable")
    ]
    assert json.loads((tmp_path / "statement.json").read_text())["predicate"]["result"] == "FAILED"


def test_a_page_that_does_not_answer_leaves_a_clean_one_undecided(site: Site, run: Run) -> None:
    site.replies["/gone"] = Reply(b"x", 503, {"Content-Type": "text/html", "Retry-After": "999"})
    told = check(run, f"{site.url}/two", f"{site.url}/gone")
    assert (told["exit_code"], told["summary"]["passed"], told["summary"]["undecided"]) == (3, 1, 1)


@pytest.mark.parametrize(
    ("reply", "actual"),
    [
        (Reply(b"gone", 404, {"Content-Type": "text/html"}), "the server answers 404 Not Found"),
        (Reply(b"{}", 200, {"Content-Type": "application/json"}), "application/json"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_page_that_is_not_there_or_none_is_broken_and_hides_nothing_of_the_others(
    site: Site, reply: Reply, actual: str, first: bool, tmp_path: Path, run: Run
) -> None:
    site.replies["/gone"] = reply
    urls = [f"{site.url}/gone", f"{site.url}/two"]
    statement, junit = tmp_path / "statement.json", tmp_path / "junit.xml"
    reports = ("--report", f"in-toto={statement}", "--report", f"junit={junit}")
    told = check(run, *(urls if first else urls[::-1]), *reports)
    assert told["exit_code"] == 1
    assert [(found["target"], found["rule"], found["actual"]) for found in told["findings"]] == [
        (urls[0], "readable", actual)
    ]
    assert (told["summary"]["passed"], told["summary"]["failed"], told["undecided"]) == (1, 1, [])
    assert json.loads(statement.read_text())["predicate"]["result"] == "FAILED"
    assert 'failures="1"' in junit.read_text()


def test_a_page_that_is_not_there_is_broken_beside_what_a_manifest_promises(
    site: Site, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "icon.png").write_bytes(save(gradient(32, 32), "icon.png"))
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"icon.png": "32x32"}}))
    told = check(run, "icon.png", f"{site.url}/gone")
    assert told["exit_code"] == 1
    assert (told["summary"]["passed"], told["summary"]["failed"]) == (1, 1)


def test_nothing_is_asked_offline_or_inside(site: Site, run: Run) -> None:
    assert run("check", "--offline", "--allow-private", f"{site.url}/").code == 3
    refused = run("check", f"{site.url}/")
    assert (refused.code, site.seen) == (3, [])
    assert "private address" in refused.out


def test_a_url_that_the_manifest_promises_is_no_page(site: Site, tmp_path: Path, run: Run) -> None:
    url = f"{site.url}/icon.png"
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {url: "32x32"}}))
    told = check(run, url)
    assert [asset["target"] for asset in told["assets"]] == [url]
    assert told["manifest"]["path"] == "verify4k.json"


def test_crawl_needs_a_page(run: Run) -> None:
    outcome = run("check", "--crawl", "3", "a.png")
    assert outcome.code == 2
    assert "give the URL of a page" in outcome.err


@pytest.mark.parametrize(
    "page",
    [b"", b"<", b"<img srcset='http://[::1 9w'>", b"<base href='http://['><img src=a.png>", b"\xff\xfe\0<html>",
     b"<html><img src='a.png' srcset='" + b"x 1w," * 5000 + b"'>", b"<a href='http://['>" * 100],
)  # fmt: skip
def test_hostile_pages_are_read_without_a_traceback(site: Site, page: bytes, run: Run) -> None:
    site.replies["/en/"] = Reply(page, headers={"Content-Type": "text/html; charset=nonsense"})
    outcome = run(
        "check", "--allow-private", "--no-cache", "--allow-empty", "--crawl", "3", f"{site.url}/en/"
    )
    assert outcome.code in (0, 1, 2, 3)
    assert "Traceback" not in outcome.err
