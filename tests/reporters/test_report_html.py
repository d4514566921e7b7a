"""The page, read as text and by a strict parser: nothing foreign in it is markup."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from reports import PLACE, RULES, asset, finding, good, mixed, nasty, rendered, report, undecided

from verify4k.report import Suppression
from verify4k.reporters._html_evidence import draw

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ALLOWED = {
    "a", "b", "body", "button", "code", "dd", "details", "dialog", "div", "dl", "dt", "figcaption", "figure", "form",
    "h1", "h2", "h3", "head", "header", "html", "img", "input", "kbd", "label", "li", "main", "meta", "ol", "option",
    "output", "p", "script", "search", "section", "select", "span", "style", "summary", "svg", "title", "ul", "rect",
    "line", "polyline",
}  # fmt: skip


def parsed(text: str) -> Element:
    """The document, or a test failure for the first parse error."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    document: Element = parser.parse(text)
    errors = [error for error in parser.errors if error[1] != "unexpected-end-tag-before-html"]
    assert not errors, errors[0]
    return document


def name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "comment"


@pytest.mark.parametrize(
    "what", [good(), mixed(), report(), nasty(400)], ids=["good", "mixed", "empty", "nasty"]
)
def test_foreign_text_is_never_markup(what: Any) -> None:
    document = parsed(rendered("html", what))
    for element in document.iter():
        assert name(element) in ALLOWED, name(element)
        assert not [key for key in element.attrib if key.startswith("on") or key == "style"]
        for key in ("href", "src", "action"):
            assert element.attrib.get(key, "#").startswith("#")
        assert element.attrib.get("data-src", "data:image/webp;base64,").startswith("data:image/webp;base64,")
    assert len([one for one in document.iter() if name(one) == "script"]) == 1
    assert len(
        [one for one in document.iter() if name(one) == "li" and "asset" in one.get("class", "")]
    ) == len(what.assets)


def test_the_policy_allows_our_own_style_and_script_and_nothing_else() -> None:
    text = rendered("html", mixed())
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    expected = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    for kind in ("style", "script"):
        inner = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        expected.append(f"{kind}-src 'sha256-{digest}'")
    assert sorted(policy[1].split("; ")) == sorted(expected)


def test_nothing_is_loaded_from_anywhere() -> None:
    assert not re.search(r"(?i)https?://|@import|url\(", rendered("html", mixed()))


@pytest.mark.parametrize(
    ("what", "title"),
    [
        (good(), "Every promise holds"),
        (mixed(), "Promises are broken"),
        (report(), "Nothing was checked"),
        (
            report((asset(verdict="undecided"),), (), (undecided("dist/hero.png"),)),
            "Not everything could be verified",
        ),
        (good()._replace(exit_code=70), "Failed"),
    ],
)
def test_the_heading_is_the_result(what: Any, title: str) -> None:
    text = rendered("html", what)
    assert f"{title}</h1>" in text
    assert f"<title>{title} · verify4k</title>" in text


def test_what_the_run_was_is_told() -> None:
    text = rendered("html", mixed(), epoch=0)
    for told in (
        "verify4k.yaml",
        "ffffffffffff",
        "2 findings",
        "1 ignored",
        "1970-01-01 00:00 UTC",
        "1 ignore is not",
    ):
        assert told in text
    assert "1970" not in rendered("html", mixed())
    assert "header depth" not in text
    assert "header depth" in rendered("html", report((asset(depth="header"),)))


def test_an_asset_shows_promise_measure_and_problem_before_it_is_unfolded() -> None:
    text = rendered("html", report((asset(verdict="failed"),), (finding(),)))
    summary = re.search(r"<summary>(<span class=\"thumb.*?)</summary>", text)
    assert summary is not None
    words = re.sub(r"<[^>]*>", " ", summary[1])
    assert re.sub(r"\s+", " ", words).strip() == (
        "no picture dist/hero.png failed Promised size 3840x2160 Measured png, 2560x1440, alpha none, 1,234 bytes "
        "exact-size the pixel size differs (3840x2160 → 2560x1440)"
    )


def test_an_asset_without_promise_or_facts_says_so() -> None:
    text = rendered("html", report((asset(promised={}, facts={}, size=None, sha256=None),)))
    assert "<b>Promised</b> an intact image" in text
    assert "<b>Measured</b> nothing" in text
    assert "SHA-256: not read as a whole" in text


def test_only_the_first_problems_are_named_before_unfolding() -> None:
    told = tuple(finding(message=f"problem {number}") for number in range(5))
    text = rendered("html", report((asset(verdict="failed"),), told))
    assert text.count("problem 2") == 2
    assert text.count("problem 3") == 1
    assert "<span>and 2 more</span>" in text


def test_facts_read_like_words() -> None:
    facts = {"target": "x", "stored": [4, 3], "animated": False, "icc": True, "mode": "rgb", "error": None}
    assert "Facts: stored 4x3 · animated no · icc yes · mode rgb" in rendered(
        "html", report((asset(facts=facts),))
    )


def test_an_ignored_finding_keeps_its_reason() -> None:
    covered = finding(suppressed=Suppression("baseline", "known <b>since</b> May"))
    text = rendered("html", report((asset(),), (), (), (covered,)))
    assert "baseline: known &lt;b&gt;since&lt;/b&gt; May" in text
    assert 'class="told ignored"' in text
    assert "Served at" not in text


def test_a_thumbnail_is_inside_the_page() -> None:
    text = rendered("html", report((asset(thumbnail=b"RIFF0000WEBP"),)))
    assert f'data-src="data:image/webp;base64,{base64.b64encode(b"RIFF0000WEBP").decode()}"' in text


def test_rules_have_their_pages() -> None:
    text = rendered("html", mixed())
    for rule in RULES:
        assert f'id="rule-{rule.id}"' in text
    assert "The decoded pixels have …\n\nMore.</div>" in text


# -- evidence --------------------------------------------------------------------------------


def drawing(evidence: dict[str, Any] | None, expected: str = "", actual: str = "") -> str:
    return draw(finding(evidence=evidence, expected=expected, actual=actual))


@pytest.mark.parametrize(
    "evidence",
    [
        {"draw": "boxes"},
        {"draw": "boxes", "size": [0, 1], "boxes": []},
        {"draw": "boxes", "size": [1, 1], "boxes": [{"box": [1, 2]}]},
        {"draw": "boxes", "size": "wide", "boxes": 3},
        {"draw": "grid", "columns": 0, "values": [1]},
        {"draw": "grid", "columns": "x", "values": [1]},
        {"draw": "grid", "columns": 2, "values": []},
        {"draw": "curve", "values": []},
        {"draw": "curve", "values": [1, "x"]},
        {"draw": "curve", "values": [1, 2], "marks": [3]},
        {"draw": ["<script>"], "x": 1},
        {"draw": "<script>", "number": 0.5},
        {"strength": [1, 2]},
    ],
)
def test_evidence_that_cannot_be_drawn_is_a_table(evidence: dict[str, Any]) -> None:
    text = drawing(evidence)
    assert text.startswith('<dl class="evidence">')
    assert text.count("<dt>") == len(evidence)
    assert "<script>" not in text


def test_no_evidence_is_no_figure() -> None:
    assert drawing(None) == ""
    assert drawing({}) == ""


@pytest.mark.parametrize(
    ("expected", "actual"), [("1x1", "2x"), ("any", "2x2"), ("0x5", "2x2"), ("1 x 1", "2x2")]
)
def test_only_two_sizes_are_drawn_to_scale(expected: str, actual: str) -> None:
    assert drawing(None, expected, actual) == ""


def test_two_sizes_share_one_scale() -> None:
    text = drawing(None, "3840x2160", "1920x1080")
    assert (
        '<rect class="wanted" width="213.3" height="120.0"/><rect class="seen" width="106.7" height="60.0"/>'
        in text
    )
    assert "promised 3840x2160 (outline) against measured 1920x1080 (filled)" in text


def test_boxes_lie_over_the_picture_in_its_own_pixels() -> None:
    text = drawing(
        {"draw": "boxes", "size": [40, 20], "boxes": [{"box": [0, 0, 40, 2], "label": 'top "bar"'}]}
    )
    assert 'viewBox="0 0 40 20"' in text
    assert (
        '<rect class="mark" x="0" y="0" width="40" height="2"><title>top &quot;bar&quot;</title></rect>'
        in text
    )
    assert "<figcaption>top &quot;bar&quot;</figcaption>" in text
    assert "<figcaption>where</figcaption>" in drawing(
        {"draw": "boxes", "size": [4, 2], "boxes": [{"box": [0] * 4}]}
    )


def test_a_grid_shades_its_cells_and_leaves_empty_ones_out() -> None:
    text = drawing({"draw": "grid", "columns": 2, "values": [0, 0.5, 7], "label": "alpha"})
    assert 'viewBox="0 0 2 2"' in text
    assert text.count("<rect") == 2
    assert '<rect class="cell" x="1" y="0" width="1" height="1" fill-opacity="0.50"/>' in text
    assert '<rect class="cell" x="0" y="1" width="1" height="1" fill-opacity="1.00"/>' in text


def test_a_curve_is_scaled_to_its_values_and_marked() -> None:
    text = drawing(
        {
            "draw": "curve",
            "values": [1, 3, 2],
            "label": "energy",
            "marks": [{"at": 0.5, "label": "ends"}, {"at": 2}],
        }
    )
    assert 'points="0.0,120.0 160.0,0.0 320.0,60.0"' in text
    assert '<line class="mark" x1="160.0" x2="160.0"' in text
    assert '<line class="mark" x1="320.0"' in text
    assert "<figcaption>energy; ends</figcaption>" in text
    assert 'points="0.0,0.0"' in drawing({"draw": "curve", "values": [5]})


def test_a_place_of_nasty_text_stays_text() -> None:
    told = finding(place=PLACE._replace(path='"><script>'))
    assert (
        "<script>" not in rendered("html", report((asset(),), (told,))).split("<main>")[1].split("<dialog")[0]
    )
