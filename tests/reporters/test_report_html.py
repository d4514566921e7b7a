"""The page, read as text and by a strict parser: nothing foreign in it is markup."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from reports import PLACE, RULES, asset, finding, good, mixed, nasty, rendered, report, undecided

from verify4k.report import CloseUp, ManifestRef, Suppression
from verify4k.reporters._html_evidence import draw

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ALLOWED = {
    "a", "b", "body", "button", "code", "dd", "details", "dialog", "div", "dl", "dt", "figcaption", "figure", "form",
    "h1", "h2", "h3", "head", "header", "html", "img", "input", "kbd", "label", "li", "main", "meta", "ol", "option",
    "output", "p", "script", "search", "section", "select", "span", "strong", "style", "summary", "svg", "title", "ul", "rect",
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


@pytest.mark.parametrize(("problems", "more"), [(1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (1_003, 1_000)])
def test_only_the_first_three_problems_are_named_before_unfolding(problems: int, more: int) -> None:
    told = tuple(finding(message=f"problem <{number}>") for number in range(problems))
    text = rendered("html", report((asset(verdict="failed"),), told))
    shown = min(problems, 3)
    assert text.count(f"problem &lt;{shown - 1}&gt;") == 2
    assert text.count("problem &lt;3&gt;") == (1 if problems > 3 else 0)
    found = re.findall(r"<span>and ([0-9,]+) more</span>", text)
    assert found == ([f"{more:,}"] if more else [])


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
    assert "<p>The decoded pixels have …</p><p>More.</p></div>" in text


# -- evidence --------------------------------------------------------------------------------


def drawing(
    evidence: dict[str, Any] | None, expected: str = "", actual: str = "", size: Any = (40, 20)
) -> str:
    return draw(finding(evidence=evidence, expected=expected, actual=actual), size)


@pytest.mark.parametrize(
    "evidence",
    [
        {"box": [1, 2]},
        {"box": 3},
        {"box": [1, 2, 0, 4]},
        {"box": [1, 2, 3, "<script>"]},
        {"crop": None},
        {"columns": 0, "grid": [1]},
        {"columns": "x", "grid": [1]},
        {"columns": 2, "grid": []},
        {"columns": 2, "grid": {"a": 1}},
        {"x": [], "y": [], "peak": None},
        {"x": [1], "y": ["<script>"], "peak": None},
        {"x": [1], "y": [2], "peak": "high"},
        {"x": [1], "y": [2]},
        {"votes": [{"source": "Exif"}]},
        {"votes": [{"source": "Exif", "size": 7, "agrees": True}]},
        {"votes": 3},
        {"residual": []},
        {"residual": [[640, "low"]]},
        {"residual": 3},
        {"coding": {"quality": 3}},
        {"coding": "<script>"},
        {"<script>": 0.5},
        {"strength": [1, 2]},
    ],
)
def test_evidence_that_cannot_be_drawn_is_a_table(evidence: dict[str, Any]) -> None:
    text = drawing(evidence)
    assert text.startswith('<dl class="evidence">')
    assert text.count("<dt>") == len(evidence)
    assert "<script>" not in text


@pytest.mark.parametrize("size", [None, (0, 20), (40, 1e9), (40,), "wide"])
def test_a_box_in_a_picture_of_unknown_size_is_a_table(size: Any) -> None:
    assert drawing({"box": [0, 0, 4, 2]}, size=size).startswith('<dl class="evidence">')


def test_a_turned_picture_gets_no_box_over_its_thumbnail() -> None:
    told = finding(evidence={"box": [0, 0, 4, 2]}, expected="")
    for shown, drawn in (([40, 20], True), ([20, 40], False)):
        facts = {"stored": [40, 20], "displayed": shown}
        assert ('class="stage"' in rendered("html", report((asset(facts=facts),), (told,)))) is drawn


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


def test_a_tall_size_is_drawn_to_the_same_height() -> None:
    text = drawing(None, "1080x1920", "2160x240")
    assert (
        '<rect class="wanted" width="67.5" height="120.0"/><rect class="seen" width="135.0" height="15.0"/>'
        in text
    )
    text = drawing(None, "3200x100", "320x10")
    assert (
        '<rect class="wanted" width="320.0" height="10.0"/><rect class="seen" width="32.0" height="1.0"/>'
        in text
    )
    assert text.endswith("</figcaption></figure>")


def test_a_box_lies_over_the_picture_in_its_own_pixels_and_the_rest_is_told() -> None:
    text = drawing({"box": [0, 2, 40, 16], "kinds": [None, "flat"]})
    assert 'viewBox="0 0 40 20"' in text
    assert '<rect class="mark" x="0" y="2" width="40" height="16"/>' in text
    assert "<figcaption>the picture inside its borders: 40x16 at 0,2</figcaption>" in text
    assert text.endswith("<dl class=\"evidence\"><dt>kinds</dt><dd>[None, 'flat']</dd></dl>")
    assert "most detail: look here: 4x2 at 1,1" in drawing({"crop": (1, 1, 4, 2)})
    assert "the art on its canvas: 4x2 at 1,1" in drawing({"art": [1, 1, 4, 2]})


def test_a_grid_shades_its_cells_and_leaves_empty_ones_out() -> None:
    text = drawing({"columns": 2, "grid": [0, 0.5, 7]})
    assert 'viewBox="0 0 2 2"' in text
    assert text.count("<rect") == 2
    assert '<rect class="cell" x="1" y="0" width="1" height="1" fill-opacity="0.50"/>' in text
    assert '<rect class="cell" x="0" y="1" width="1" height="1" fill-opacity="1.00"/>' in text


def test_two_curves_share_one_scale_and_the_peak_is_marked() -> None:
    text = drawing({"x": [0, 4, 2], "y": [1, -1], "peak": 0.5})
    assert '<polyline class="curve x" points="0.0,120.0 160.0,0.0 320.0,60.0"/>' in text
    assert '<polyline class="curve y" points="0.0,90.0 320.0,120.0"/>' in text
    assert '<line class="mark" x1="160.0" x2="160.0"' in text
    assert "the peak is at 0.5</figcaption>" in text
    assert "<line" not in drawing({"x": [0], "y": [0], "peak": None})


def test_the_residual_of_an_inversion_is_a_curve_with_its_least_size_named() -> None:
    text = drawing({"residual": [[638, 2.0], [640, 0.5], [642, 1.0]]})
    assert "of a native edge of 638 to 642 pixels: least at 640, up to 2 levels" in text
    assert 'points="0.0,0.0 160.0,90.0 320.0,60.0"' in text
    assert "<dt>residual" not in text


def test_votes_and_compression_are_told_in_words() -> None:
    votes = [
        {"source": "Exif <b>", "size": [1920, 1080], "agrees": True},
        {"source": "XMP", "size": [640, 360], "agrees": False},
    ]
    text = drawing({"votes": votes, "coding": {"quality": 60, "exact": False, "subsampling": "4:2:0"}})
    assert "<li>Exif &lt;b&gt; names 1920x1080: the size that the pixels tell</li>" in text
    assert "<li>XMP names 640x360: a second vote without the pixels" in text
    assert "JPEG quality about 60 on libjpeg" in text
    assert "scale, 4:2:0</li>" in text
    assert drawing({"votes": [], "coding": None}) == ""
    grey = drawing({"coding": {"quality": 9, "exact": True, "subsampling": ""}})
    assert "JPEG quality 9 on libjpeg" in grey
    assert "scale</li>" in grey


CLOSE_UP = CloseUp(b"RIFFasis", b"RIFFback", (7, 9, 240, 160), (1920, 1080), 31.84)


def test_a_crop_stands_beside_its_round_trip() -> None:
    told = finding(evidence={"crop": [7, 9, 240, 160]})
    text = rendered("html", report((asset(close_up=CLOSE_UP),), (told,)))
    parsed(text)
    images = re.findall(r'<img alt="([^"]+)" width="480" height="320" data-src="([^"]+)">', text)
    asis, back = (base64.b64encode(picture).decode() for picture in (CLOSE_UP.before, CLOSE_UP.after))
    assert images == [
        ("the place with most detail, as it is", f"data:image/webp;base64,{asis}"),
        ("the place with most detail, through 1920x1080", f"data:image/webp;base64,{back}"),
    ]
    assert "<b>as it is</b>: 240x160 pixels at 7,9</figcaption>" in text
    assert "31.8 dB PSNR between the two" in text


def test_words_come_first_and_the_close_up_behind_the_place() -> None:
    evidence = {"crop": [0, 0, 4, 2], "votes": [{"source": "Exif", "size": [2, 1], "agrees": True}]}
    text = draw(finding(evidence=evidence), (40, 20), CLOSE_UP)
    assert text.index("Exif names") < text.index('class="stage"') < text.index('class="evidence sides"')


def test_a_round_trip_without_loss_has_no_decibels() -> None:
    told = finding(evidence={"crop": [7, 9, 240, 160]})
    text = draw(told, None, CLOSE_UP._replace(psnr=99.0))
    assert "no pixel differs in brightness" in text
    assert "dB" not in text


def test_only_the_finding_that_points_at_a_place_shows_it_closely() -> None:
    findings = (finding(evidence={"crop": [0, 0, 1, 1]}), finding(rule="color"))
    text = rendered("html", report((asset(close_up=CLOSE_UP),), findings))
    assert text.count('class="evidence sides"') == 1
    assert "sides" not in draw(finding(evidence={"crop": [0, 0, 1, 1]}), (4, 2), None)


def test_a_place_of_nasty_text_stays_text() -> None:
    told = finding(place=PLACE._replace(path='"><script>'))
    assert (
        "<script>" not in rendered("html", report((asset(),), (told,))).split("<main>")[1].split("<dialog")[0]
    )


def test_the_head_names_the_first_of_very_many_files_that_promises_were_read_from() -> None:
    more = tuple(ManifestRef(f"app/{number:03}.css", "a" * 64) for number in range(30))
    page = rendered("html", good()._replace(more_manifests=more))
    assert "app/018.css" in page
    assert "app/019.css" not in page
    assert "11 more were read" in page
    assert "more were read" not in rendered("html", good()._replace(more_manifests=more[:19]))
