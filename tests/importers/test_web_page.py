"""A page's promises (importer `web-page`), checked from the disk: a good one passes, a lie is told at the page's line."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!doctype html>
<html><head>
<link rel="canonical" href="https://www.example.com/blog/">
<link rel="icon" href="/img/icon.png" sizes="32x32" type="image/png">
<link rel="manifest" href="/site.webmanifest">
<link rel="stylesheet" href="style.css">
<meta property="og:image" content="https://www.example.com/img/card.jpg">
<meta property="og:image:width" content="120"><meta property="og:image:height" content="63">
</head><body>
<img src="hero-80.jpg" srcset="hero-80.jpg 80w, hero-160.jpg 160w" width="160" height="90" alt="">
<picture>
  <source srcset="team.webp" type="image/webp">
  <img src="team.png" width="40" height="30" alt="">
</picture>
<img src="logo.svg" width="10" height="10" alt=""><img src="data:image/gif;base64,R0lGOD" alt="">
</body></html>
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 8"><path d="M0 0h30v8z"/></svg>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose page keeps its promises."""
    (tmp_path / ".git").mkdir()
    blog = tmp_path / "dist" / "blog"
    blog.mkdir(parents=True)
    (tmp_path / "dist" / "img").mkdir()
    (blog / "index.html").write_text(PAGE)
    (blog / "style.css").write_text("body {\n  background: url(../img/bg.png)\n}\n")
    (tmp_path / "dist" / "site.webmanifest").write_text(
        '{"icons": [{"src": "img/192.png", "sizes": "192x192"}]}'
    )
    for name, size in {
        "blog/hero-80.jpg": (80, 45),
        "blog/hero-160.jpg": (160, 90),
        "blog/team.webp": (80, 60),
        "blog/team.png": (44, 33),
        "img/icon.png": (32, 32),
        "img/192.png": (192, 192),
        "img/bg.png": (20, 10),
        "img/card.jpg": (120, 63),
    }.items():
        (tmp_path / "dist" / name).write_bytes(save(gradient(*size), name))
    (blog / "logo.svg").write_text(DRAWING)
    return tmp_path / "dist"


def check(run: Any) -> Any:
    return json.loads(run("check", "--format", "json", "dist/blog/index.html").out)


def test_a_page_that_keeps_its_promises_passes(site: Path, run: Any) -> None:
    report = check(run)
    assert report["findings"] == report["undecided"] == []
    assert report["exit_code"] == 0
    assert [asset["target"] for asset in report["assets"]] == [
        "dist/img/icon.png",
        "dist/blog/hero-80.jpg",
        "dist/blog/hero-160.jpg",
        "dist/blog/team.webp",
        "dist/blog/team.png",
        "dist/blog/logo.svg",
        "dist/img/card.jpg",
        "dist/img/bg.png",
        "dist/img/192.png",
    ]


LIES = [
    ("blog/hero-160.jpg", (128, 72), "exact-size", 10, "160 pixels", "128 pixels"),
    ("blog/hero-80.jpg", (80, 60), "exact-size", 10, "160:90", "80x60 (about 1.333:1)"),
    ("blog/team.png", (32, 24), "exact-size", 13, "40.. pixels", "32 pixels"),
    ("img/icon.png", (16, 16), "exact-size", 4, "32x32", "16x16"),
    ("img/card.jpg", (60, 32), "exact-size", 7, "120x63", "60x32"),
    ("img/192.png", (180, 180), "exact-size", 1, "192x192", "180x180"),
]


@pytest.mark.parametrize(("name", "size", "rule", "line", "expected", "actual"), LIES)
def test_a_lie_is_told_at_its_line(
    name: str, size: tuple[int, int], rule: str, line: int, expected: str, actual: str, site: Path, run: Any
) -> None:
    (site / name).write_bytes(save(gradient(*size), name))
    report = check(run)
    [finding] = report["findings"]
    assert report["exit_code"] == 1
    assert (finding["target"], finding["rule"], finding["line"]) == (f"dist/{name}", rule, line)
    assert (finding["expected"], finding["actual"]) == (expected, actual)
    assert finding["path"] == ("dist/site.webmanifest" if name == "img/192.png" else "dist/blog/index.html")


def test_a_source_of_another_format_than_its_type_is_told(site: Path, run: Any) -> None:
    (site / "blog" / "team.webp").write_bytes(save(gradient(80, 60), "x.png"))
    assert {f["rule"] for f in check(run)["findings"]} == {"right-format", "extension-matches"}


def test_a_picture_that_is_not_there_is_told(site: Path, run: Any) -> None:
    (site / "img" / "bg.png").unlink()
    [finding] = check(run)["findings"]
    assert (finding["rule"], finding["path"], finding["line"]) == ("readable", "dist/blog/style.css", 2)


def test_a_style_sheet_s_imports_are_read_once_and_wherever_they_lead(site: Path, run: Any) -> None:
    (site / "blog" / "style.css").write_text("@import '../css/more.css' screen;\n@import 'gone.css';\n")
    (site / "css").mkdir()
    (site / "css" / "more.css").write_text(
        '@import url("../blog/style.css");\n\nb { background: url(no.png) }\n'
    )
    [finding] = check(run)["findings"]
    assert (finding["target"], finding["path"], finding["line"]) == (
        "dist/css/no.png",
        "dist/css/more.css",
        3,
    )


def test_a_page_in_the_encoding_that_it_declares_is_read(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    page.write_bytes(
        '<!doctype html><meta charset="windows-1252"><img src="caf\xe9.png" width=9>'.encode("cp1252")
    )
    (site / "blog" / "caf\xe9.png").write_bytes(save(gradient(9, 9), "a.png"))
    assert [asset["verdict"] for asset in check(run)["assets"]] == ["passed"]
    page.write_bytes(page.read_bytes().replace(b"windows-1252", b"utf-8"))
    assert "not UTF-8 text: byte 0xe9" in run("check", "dist/blog/index.html").err


def test_pictures_of_another_site_are_targets_by_url(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    page.write_text('<img src="//cdn.example.com/a.png"><img src="https://www.example.com/b.svg">')
    outcome = run("init", "--from", "dist/blog/index.html", "-o", "-")
    assert '"https://cdn.example.com/a.png": {}' in outcome.out
    assert '"https://www.example.com/b.svg": {format: svg}' in outcome.out


def test_a_drawing_of_any_size_has_to_be_one(site: Path, run: Any) -> None:
    (site / "blog" / "logo.svg").write_text("<p>not found</p>")
    [finding] = check(run)["findings"]
    assert (finding["target"], finding["rule"], finding["line"]) == ("dist/blog/logo.svg", "readable", 15)


def test_an_icon_that_holds_several_sizes_has_to_hold_each_that_links_state(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    page.write_text('<link rel=icon href=a.ico sizes="16x16 32x32">\n<link rel=icon href=a.ico sizes=48x48>')
    picture = gradient(64, 64)
    (site / "blog" / "a.ico").write_bytes(
        save(picture, "a.ico", sizes=[(16, 16), (32, 32), (48, 48), (64, 64)])
    )
    assert check(run)["findings"] == []
    assert run("init", "--from", "dist/blog/index.html").code == run("check").code == 0
    (site / "blog" / "a.ico").write_bytes(save(picture, "a.ico", sizes=[(16, 16), (32, 32), (64, 64)]))
    [finding] = check(run)["findings"]
    assert (finding["rule"], finding["line"], finding["expected"]) == ("right-contents", 2, "48x48")


def test_what_contradicts_itself_is_no_manifest(site: Path, run: Any) -> None:
    (site / "blog" / "index.html").write_text(
        "<link rel=icon href=a.png sizes=16x16><link rel=apple-touch-icon href=a.png sizes=32x32>"
    )
    outcome = run("init", "--from", "dist/blog/index.html")
    assert outcome.code == 2
    assert "says two things of dist/blog/a.png: size 16x16 and size 32x32" in outcome.err


def test_a_page_that_says_two_widths_of_one_picture_has_to_drop_one(site: Path, run: Any) -> None:
    (site / "blog" / "index.html").write_text('<img srcset="team.png 40w, team.png 80w">')
    assert "contradicts line 1 (width: 40) (keep one of the two)" in run("check", "dist/blog/index.html").err


TOO_WIDE = {
    "a card": "<meta property=og:image content=team.webp><meta property=og:image:width content=80>"
    "<meta property=og:image:height content=60>",
    "a candidate": '<img srcset="team.webp 80w">',
    "an icon": "<link rel=icon href=team.webp sizes=80x60>",
    "an icon's words": "<link rel=icon href=team.webp sizes='80x60 201x151'>",
}


@pytest.mark.parametrize("said", TOO_WIDE.values(), ids=TOO_WIDE)
def test_a_picture_whose_size_is_stated_has_to_fill_a_wider_place_too(
    said: str, site: Path, run: Any
) -> None:
    page = site / "blog" / "index.html"
    page.write_text(f"{said}\n<img src=team.webp width=80 height=60>")
    assert check(run)["findings"] == []
    page.write_text(
        f"{said}\n<img src=team.webp width=120 height=90><img src=team.webp width=160 height=120>"
    )
    (finding,) = check(run)["findings"]
    assert (finding["line"], finding["expected"], finding["actual"]) == (2, "160.. pixels", "80 pixels")


def test_an_icon_of_several_sizes_fills_as_wide_a_place_as_its_largest(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    (site / "blog" / "a.ico").write_bytes(save(gradient(32, 32), "a.ico", sizes=[(16, 16), (32, 32)]))
    page.write_text('<link rel=icon href=a.ico sizes="16x16 32x32">\n<img src=a.ico width=24 height=24>')
    told = check(run)
    assert (told["findings"], "width" in told["assets"][0]["promised"]) == ([], False)


def test_pictures_that_an_optimizer_serves_are_no_files(site: Path, run: Any) -> None:
    (site / "blog" / "index.html").write_text(
        '<img src="team.png" srcset="/_next/image?url=%2Fteam.png&amp;w=64&amp;q=75 1x">'
    )
    told = check(run)
    assert [asset["target"] for asset in told["assets"]] == ["dist/blog/team.png"]
    (note,) = told["notes"]
    assert note.endswith("is checked by the page's URL only: /_next/image?url=%2Fteam.png&w=64&q=75")


def test_a_page_that_crops_promises_no_shape(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    page.write_text('<img src="team.png" width=20 height=20><img src="team.png" width=44 height=33>')
    [asset] = check(run)["assets"]
    assert asset["promised"] == {"width": "44.."}


def test_a_style_sheet_that_crops_leaves_no_shape_to_promise(site: Path, run: Any) -> None:
    page, sheet = site / "blog" / "index.html", site / "blog" / "style.css"
    page.write_text('<link rel=stylesheet href=style.css><img class=face src="team.png" width=20 height=20>')
    assert [each["rule"] for each in check(run)["findings"]] == ["exact-size"]
    sheet.write_text("@import 'more.css';")
    (site / "blog" / "more.css").write_text(".face { object-fit: cover }")
    report = check(run)
    assert (report["findings"], report["assets"][0]["promised"]) == ([], {"width": "20.."})


def test_a_page_may_not_point_out_of_the_checkout(site: Path, run: Any) -> None:
    (site / "blog" / "index.html").write_text('<p>\n<img src="../../../secret.png">')
    outcome = run("check", "dist/blog/index.html")
    assert outcome.code == 2
    assert "dist/blog/index.html:2:1: '../secret.png' leaves the folder" in outcome.err


def notes_of(run: Any, path: str) -> list[str]:
    told: list[str] = json.loads(run("check", "--format", "json", path).out)["notes"]
    return told


def test_what_a_page_names_and_nobody_checks_is_told(site: Path, run: Any) -> None:
    page = site / "blog" / "index.html"
    assert notes_of(run, "dist/blog/index.html") == []
    more = '<img src="{{ hero }}"><img src="<%= x %>"><img src="{{ hero }}">'
    page.write_text(PAGE.replace("</body>", f"{more}</body>"))
    (note,) = notes_of(run, "dist/blog/index.html")
    said = "pictures that a template has yet to name were not checked: {{ hero }} and 1 more"
    assert note == f"dist/blog/index.html: {said}"
    sheets = '<link rel=stylesheet href="gone.css"><link rel=stylesheet href="https://cdn.test/a.css">'
    page.write_text(PAGE.replace("</body>", f"{sheets}</body>"))
    (note,) = notes_of(run, "dist/blog/index.html")
    assert note.endswith("was not checked where they were not read: gone.css and 1 more")
    refresh = '<meta http-equiv=refresh content="0;url=/en/">'
    page.write_text(PAGE.replace("</body>", f"{refresh}</body>"))
    assert notes_of(run, "dist/blog/index.html") == [
        "dist/blog/index.html: it leads on to /en/, which was not checked"
    ]


def test_what_is_no_url_promises_nothing_and_is_told(site: Path, run: Any) -> None:
    broken = (
        '<link rel=canonical href="http://[z"><link rel=stylesheet href="http://[y"><img src="http://[x">'
    )
    (site / "blog" / "index.html").write_text(f'{broken}<img src="team.png">')
    told = check(run)
    assert [asset["target"] for asset in told["assets"]] == ["dist/blog/team.png"]
    assert "dist/blog/index.html: what is no URL was not checked: http://[x and 1 more" in told["notes"]


def test_of_style_sheets_without_end_two_hundred_are_read_and_the_rest_is_told(site: Path, run: Any) -> None:
    for number in range(202):
        (site / "blog" / f"{number}.css").write_text(f"@import '{number + 1}.css';")
    (site / "blog" / "style.css").write_text("@import '0.css';")
    outcome = run("check", "dist/blog/index.html")
    said = "more than 200 style sheets are linked, of which 199.css is the first that was not read"
    assert (outcome.code, outcome.err.splitlines()[0]) == (3, f"error: {said}")


def test_a_style_sheet_that_cannot_be_read_is_no_pass(site: Path, run: Any) -> None:
    (site / "blog" / "style.css").touch()
    os.truncate(site / "blog" / "style.css", (1 << 30) + 1)  # with nothing in it
    outcome = run("check", "dist/blog/index.html")
    assert outcome.code == 3
    assert outcome.err.startswith("error: the style sheet style.css cannot be read: the file has 1073741825")


@pytest.mark.parametrize("name", ["hero.png", "hero.JPG", "hero"])
def test_an_error_page_saved_as_a_picture_is_no_source_of_promises(
    name: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "ok.png").write_bytes(save(gradient(64, 36), "ok.png"))
    (tmp_path / name).write_text("<!doctype html><img src=ok.png width=64 height=36>")
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{name}: 64x36}}\n")
    for argv in ((), ("--size", "64x36")):
        outcome = run("check", *argv, name)
        assert outcome.code == 1
        assert "HTML" in outcome.out
    (tmp_path / "page.php").write_text("<!doctype html><img src=ok.png width=64 height=36>")
    assert run("check", "page.php").code == 0
