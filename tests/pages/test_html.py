"""What a page says of pictures, at which line and column."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.errors import ManifestError
from verify4k.pages.html import read_page
from verify4k.pages.reference import Shape


def told(text: str) -> list[dict[str, Any]]:
    """Each reference without what says nothing."""
    found = []
    for each in read_page(text, "p.html").references:
        fields = {
            key: value
            for key, value in each._asdict().items()
            if value not in (None, ()) and key not in ("place", "marks")
        }
        found.append({**fields, "at": (each.place.line, each.place.column)})
    return found


CARDS = (
    '<meta property="og:image" content="a.jpg">\n<meta property="og:image:width" content="1200">\n'
    '<meta property="og:image:height" content="630"><meta property="og:image" content="b.jpg">'
)
ARTICLE = (
    '<script type="application/ld+json">\n{"@type": "Article", "image": ["a.jpg", {"@type": "ImageObject", '
    '"url": "b.jpg", "width": 1200, "height": {"value": "630"}}], "logo": "l.png"}</script>'
)

PREFIXED = (
    "<p style='-webkit-mask: url(a.png); -webkit-mask-box-image: url(b.png); -webkit-border-image: url(c.png) 5;"
    " mask-border: url(d.png) 5; -webkit-box-reflect: below 0 url(e.png)'>"
)
TWITTER = (
    '<meta name="twitter:image" content="a.jpg"><meta name="twitter:image:alt" content="x">'
    '<meta name="twitter:image:width" content="1200"><meta name="twitter:image:height" content="600">'
)
NOTHING = (
    '<script type="application/ld+json">{"image": null, "logo": false, "photo": [null, 7, ""], "a": '
    '{"@type": "ImageObject", "url": null}}</script>'
)
OF_TYPES = (
    '<script type="application/ld+json">[{"@type": ["Thing", "ImageObject"], "contentUrl": "a.jpg", "width": 9, '
    '"height": 8}, {"@type": "schema:ImageObject", "url": "b.jpg"}, {"@type": '
    '"https://schema.org/ImageObject", "url": "c.jpg"}, {"@type": ["Thing"], "url": "d.jpg"}]</script>'
)

CASES: list[tuple[str, list[dict[str, Any]]]] = [
    ('<img src="a.png">', [{"url": "a.png", "at": (1, 1)}]),
    (
        '<p>\n <img src=a.png width=160 height="90px">',
        [{"url": "a.png", "least": 160, "shape": Shape(160, 90), "at": (2, 2)}],
    ),
    ('<img src=a.png width="100%" height=auto>', [{"url": "a.png", "at": (1, 1)}]),
    (
        '<img src=a.png srcset="a.png 800w, b.png 1600w" width=1600 height=900>',
        [
            {"url": "a.png", "width": 800, "shape": Shape(1600, 900), "at": (1, 1)},
            {"url": "b.png", "width": 1600, "shape": Shape(1600, 900), "at": (1, 1)},
        ],
    ),
    (TWITTER, [{"url": "a.jpg", "size": ("1200x600",), "at": (1, 1)}]),
    (NOTHING, []),
    (
        OF_TYPES,
        [
            {"url": "a.jpg", "size": ("9x8",), "at": (1, 87)},
            {"url": "b.jpg", "at": (1, 161)},
            {"url": "c.jpg", "at": (1, 222)},
        ],
    ),
    (
        '<img src=a.png srcset="b.png 1.5x" width=321>',  # 481.5, of which a server makes 481 or 482
        [{"url": "b.png", "least": 481, "at": (1, 1)}, {"url": "a.png", "at": (1, 1)}],
    ),
    (
        '<img src=a.png srcset="b.png 2x" width=100>',
        [{"url": "b.png", "least": 200, "at": (1, 1)}, {"url": "a.png", "at": (1, 1)}],
    ),
    (
        '<picture><source srcset="a.avif" type="image/avif" media="(min-width: 1px)"><img src=a.jpg></picture>',
        [{"url": "a.avif", "format": ("avif",), "at": (1, 10)}, {"url": "a.jpg", "at": (1, 77)}],
    ),
    (
        '<link rel="shortcut icon" href=f.png sizes="32x32 ANY" type=image/png>',
        [{"url": "f.png", "size": ("32x32",), "format": ("png",), "at": (1, 1)}],
    ),
    ('<link rel=preload as=image href=a.webp type="image/webp">', [{"url": "a.webp", "format": ("webp",), "at": (1, 1)}]),
    ('<link rel=preload as=script href=a.js>', []),
    (
        '<link rel=preload as=image imagesrcset="a.png 400w">',
        [{"url": "a.png", "width": 400, "at": (1, 1)}],
    ),
    (
        CARDS,
        [{"url": "a.jpg", "size": ("1200x630",), "at": (1, 1)}, {"url": "b.jpg", "at": (3, 48)}],
    ),
    ('<meta name="twitter:image" content="t.jpg">', [{"url": "t.jpg", "at": (1, 1)}]),
    ('<video poster="p.jpg"></video>', [{"url": "p.jpg", "at": (1, 1)}]),
    ('<template><img src="a.png"></template>', []),
    (
        "<body background=a.png><table background=b.png><tr background=c.png><td background=d.png><p background=e.png>",
        [
            {"url": "a.png", "at": (1, 1)},
            {"url": "b.png", "at": (1, 24)},
            {"url": "c.png", "at": (1, 48)},
            {"url": "d.png", "at": (1, 69)},
        ],
    ),
    (
        "<object data=a.png></object><embed src=b><embed src=c type=image/webp><iframe src=d.html></iframe>",
        [{"url": "a.png", "at": (1, 1)}, {"url": "c", "format": ("webp",), "at": (1, 42)}],
    ),
    ("<iframe src=a.jpg?x></iframe><embed src='#a.png'>", [{"url": "a.jpg?x", "at": (1, 1)}]),
    ("<svg><feImage href=a.png /></svg><image src=b.png width=9>", [
        {"url": "a.png", "at": (1, 6)}, {"url": "b.png", "least": 9, "at": (1, 34)}]),
    ("<link rel=apple-touch-startup-image href=a.png sizes=750x1334>",
     [{"url": "a.png", "size": ("750x1334",), "at": (1, 1)}]),
    ('<script type="Application/LD+JSON; charset=utf-8">{"image": "a.png"}</script>', [{"url": "a.png", "at": (1, 61)}]),
    (
        PREFIXED,
        [{"url": f"{name}.png", "at": (1, 1)} for name in "abcde"],
    ),
    ("<img src='a\0.png'>", [{"url": "a\ufffd.png", "at": (1, 1)}]),
    ("<script>var x = '<img src=a.png>'</script>", []),
    ('<div style="background: url(b.png)">', [{"url": "b.png", "at": (1, 1)}]),
    ("<style>\n.a { background-image: url('b.png') }\n</style>", [{"url": "b.png", "at": (2, 28)}]),
    (
        '<style>.a { background: image-set("a.avif" type("image/avif") 1x, url(b.png) 2x) }</style>',
        [{"url": "a.avif", "format": ("avif",), "at": (1, 35)}, {"url": "b.png", "at": (1, 67)}],
    ),
    ("<style>@media (x) { .a { .b & { background: url(n.png) } } } @font-face { src: url(f.woff) }</style>",
     [{"url": "n.png", "at": (1, 45)}]),
    (
        ARTICLE,
        [
            {"url": "a.jpg", "at": (2, 32)},
            {"url": "b.jpg", "size": ("1200x630",), "at": (2, 73)},
            {"url": "l.png", "at": (2, 135)},
        ],
    ),
    ('<script type="application/ld+json">{"image": </script>', []),
    ("<style>:root { --bg: url(v.png?1); --face: url(f.woff2); --x: 1px }</style>", [{"url": "v.png?1", "at": (1, 22)}]),
    # what a script fills in is the picture, what stands there a stand-in
    (
        '<img class=lazyload src=tiny.jpg data-src=a.jpg width=80 height=40>',
        [{"url": "tiny.jpg", "at": (1, 1)}, {"url": "a.jpg", "least": 80, "shape": Shape(80, 40), "at": (1, 1)}],
    ),
    (
        '<img src="data:image/gif;base64,R0" data-srcset="a.jpg 80w" data-sizes=auto>',
        [{"url": "data:image/gif;base64,R0", "at": (1, 1)}, {"url": "a.jpg", "width": 80, "at": (1, 1)}],
    ),
    (
        '<picture><source data-srcset="a.webp 80w" type="image/webp"><img data-lazy-src="a.jpg"></picture>',
        [{"url": "a.webp", "width": 80, "format": ("webp",), "at": (1, 10)}, {"url": "a.jpg", "at": (1, 61)}],
    ),
    ('<img src=a.jpg data-src=big.jpg width=80>', [{"url": "a.jpg", "least": 80, "at": (1, 1)}]),
    ('<img class=lazy data-src=gallery>', []),
    # the page crops, or leaves space around it
    ('<img src=a.png width=80 height=40 style="object-fit:cover">', [{"url": "a.png", "least": 80, "at": (1, 1)}]),
    ('<img src=a.png width=80 height=40 style="x:y; object-fit : Contain">', [{"url": "a.png", "at": (1, 1)}]),
    (
        '<img src=a.png width=80 height=40 style="object-fit: fill">',
        [{"url": "a.png", "least": 80, "shape": Shape(80, 40), "at": (1, 1)}],
    ),
    # nobody has filled it in yet
    ('<img src="{{ item.url }}"><img src="<%= x %>"><img srcset="{% x %} 2x"><img src="/a/${x}.png">', []),
    ('<svg><image href="a.png"/><image xlink:href="b.png"/></svg>',
     [{"url": "a.png", "at": (1, 6)}, {"url": "b.png", "at": (1, 27)}]),
    ('<meta name="msapplication-TileImage" content=t.png>', [{"url": "t.png", "at": (1, 1)}]),
    ('<meta name="msapplication-square70x70logo" content=t.png>', [{"url": "t.png", "at": (1, 1)}]),
    ('<meta itemprop=image content=t.png>', [{"url": "t.png", "at": (1, 1)}]),
    ('<link rel=image_src href=t.png>', [{"url": "t.png", "at": (1, 1)}]),
    # text, whatever it looks like
    ('<title><img src=a.png></title><textarea><img src=b.png></textarea><img src=c.png>',
     [{"url": "c.png", "at": (1, 67)}]),
    ('<svg><title/></svg><img src=a.png>', [{"url": "a.png", "at": (1, 20)}]),
    ('<xmp><img src=a.png></xmp><iframe><img src=b.png></iframe><noembed><img src=c.png></noembed>', []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), CASES)
def test_a_page_says(text: str, found: list[dict[str, Any]]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    "odd", ['<![1" b>', "<![foo[x]>", "<![ >", "<![CDATA[x]]>", "<![if IE]>", "<![endif]>", "<!>"]
)
def test_a_declaration_that_is_none_hides_nothing_behind_it(odd: str) -> None:
    assert [each["url"] for each in told(f"{odd}<img src=a.png>")] == ["a.png"]
    assert told(odd.rstrip(">")) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("?a=1&section=2&copy=3&region=4&current", "?a=1&section=2&copy=3&region=4&current"),
        ("?a=1&amp;b=2&lt;&copy;&reg", "?a=1&b=2<\u00a9\u00ae"),
        ("?a&#38;b&#x26;c&#38d", "?a&b&c&d"),
        ("?a&nosuch;b&copyx;c&", "?a&nosuch;b&copyx;c&"),
    ],
)
@pytest.mark.parametrize("tag", ['<img src="URL">', "<IMG\nalt='&'\tSRC = URL >", "<img/alt=\"\"src='URL'/>"])
def test_a_parameter_of_a_url_is_no_sign(tag: str, written: str, meant: str) -> None:
    """As Chromium reads attributes; Python's parser made \u00a7ion of &section before 3.14."""
    assert [each["url"] for each in told(tag.replace("URL", written))] == [meant]


@pytest.mark.parametrize(
    ("refresh", "url"),
    [
        ("0;url=/a", "/a"),
        (" 3 ; URL = '/a b' ", "/a b"),
        ('0.5, "/a"x', "/a"),
        (";/a", "/a"),
        ("5 /a", "/a"),
        ("6;url=/a", ""),
        ("0", ""),
        ("0;url=", ""),
        ("x;url=/a", ""),
        ("", ""),
    ],
)
def test_a_page_that_leads_on_says_where(refresh: str, url: str) -> None:
    tag = f"<meta http-equiv=Refresh content='{refresh}'>".replace("'/a b'", "&#39;/a b&#39;")
    assert read_page(tag, "p.html").refresh == url
    assert read_page(f"<noscript>{tag}</noscript>", "p.html").refresh == ""


def test_an_import_behind_a_rule_is_none() -> None:
    sheet = '@charset "utf-8"; @layer a; @import "b.css"; p {} @import "c.css";'
    assert [href for href, _ in read_page(f"<style>{sheet}</style>", "p.html").style_sheets] == ["b.css"]


def test_areas_of_an_image_map_are_links() -> None:
    page = read_page('<map><area href="a.html"><area></map><a href="b.html">b</a>', "p.html")
    assert page.links == ("a.html", "b.html")


def test_base_canonical_links_style_sheets_and_manifests_are_kept() -> None:
    page = read_page(
        '<base href="/x/"><base href="/y/"><link rel=canonical href="https://e.example/p"><a href="q.html">'
        '<link rel="stylesheet" href="s.css"><link rel=manifest href="m.webmanifest">',
        "p.html",
    )
    assert (page.base, page.canonical, page.links) == ("/x/", "https://e.example/p", ("q.html",))
    assert [href for href, _ in page.style_sheets] == ["s.css"]
    assert [href for href, _ in page.manifests] == ["m.webmanifest"]


def test_style_sheets_that_a_style_element_imports_are_linked() -> None:
    page = read_page(
        "<style>@import 'a.css';\n@import url(b.css) screen; @import url('c.css');</style>", "p.html"
    )
    assert [href for href, _ in page.style_sheets] == ["a.css", "b.css", "c.css"]


@given(st.text(alphabet="[]1<>/=\"' abcimgsrlinkhefwd:;{}()-!\n&#0", max_size=80))
def test_no_page_raises(text: str) -> None:
    read_page(text, "p.html")


@pytest.mark.parametrize("endless", ["<!--", "<!", "<a ", '<a x="', "</a ", "<?", "<![CDATA[", "<img src="])
def test_a_page_of_tags_that_never_end_is_refused_instead_of_read_to_its_end_for_each(endless: str) -> None:
    page = "<img src=a.png>" + endless * 150
    assert read_page(page, "page.html").references[0].url == "a.png"
    with pytest.raises(ManifestError, match="of this page never end"):
        read_page(page + endless * 150, "page.html")
