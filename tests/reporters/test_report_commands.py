"""GitHub's and Azure's commands, read back as their runners do; Markdown, rendered as GitHub does."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from reports import NASTY, PLACE, asset, finding, good, mixed, nasty, rendered, report, undecided

from verify4k.reporters.markdown import ROOM


def github(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as actions/runner does."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found is not None, line

    def plain(text: str) -> str:
        for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(code, sign)
        return text

    properties = dict(part.split("=", 1) for part in found[2].split(","))
    return found[1], {name: plain(text) for name, text in properties.items()}, plain(found[3])


def test_an_annotation_stands_on_the_line_of_the_promise() -> None:
    first, *_ = rendered("github", mixed()).splitlines()
    assert github(first) == (
        "error",
        {"title": "verify4k (exact-size)", "file": "verify4k.yaml", "line": "4", "col": "3"},
        "\n".join(
            [
                "dist/hero.png: the pixel size differs: expected 3840x2160, got 2560x1440",
                "promised by: size: 4k-landscape (preset, 2026-11-22)",
                "fix: produce it again at the promised size",
            ]
        ),
    )


def test_undecided_is_an_error_that_says_so() -> None:
    _, second, third, _ = rendered("github", mixed()).splitlines()
    assert github(second)[0] == "error"
    assert github(second)[2] == (
        "dist/scan.jxl: could not be verified: no decoder for JPEG XL\nhint: pip install verify4k[jxl]"
    )
    assert github(third)[0] == "warning"


def test_commas_colons_and_percent_signs_stay_what_they_are() -> None:
    told = finding(place=PLACE._replace(path="a,b:c%25.yaml"), message="50% off, 3:1", path="x%0Ay")
    line = rendered("github", report((asset(),), (told,))).splitlines()[0]
    assert github(line)[1]["file"] == "a,b:c%25.yaml"
    assert github(line)[2].startswith("x%0Ay: 50% off, 3:1: expected")


@pytest.mark.parametrize(
    ("number", "lines", "last"),
    [(10, 10, "dist/hero.png"), (11, 10, "and 2 more "), (500, 10, "and 491 more ")],
)
def test_ten_annotations_a_level_and_the_tenth_counts_the_rest(number: int, lines: int, last: str) -> None:
    for severity, level in (("error", "error"), ("warning", "warning"), ("note", "notice")):
        what = report((asset(),), tuple(finding(severity=severity, message=str(n)) for n in range(number)))
        told = [line for line in rendered("github", what).splitlines() if line.startswith("::")]
        assert len(told) == lines
        assert {github(line)[0] for line in told} == {level}
        assert last in github(told[-1])[2]


def test_the_tenth_annotation_stands_on_the_manifest() -> None:
    what = report((asset(),), tuple(finding(message=str(n)) for n in range(11)))
    assert rendered("github", what).splitlines()[9] == (
        "::error title=verify4k,file=verify4k.yaml::and 2 more errors: see the full report"
    )


def test_findings_come_before_what_is_undecided() -> None:
    what = report((asset(),), tuple(finding(message=str(n)) for n in range(12)), (undecided(),))
    assert "scan.jxl" not in rendered("github", what)


def test_a_good_run_annotates_nothing() -> None:
    assert rendered("github", good()) == "2 assets: 2 passed\n"
    assert rendered("azure", good()) == "2 assets: 2 passed\n"


def test_nasty_names_never_leave_their_annotation() -> None:
    lines = rendered("github", nasty(1000)).splitlines()
    assert len(lines) == 31
    for line in lines[:-1]:
        kind, properties, _ = github(line)
        assert kind in {"error", "warning", "notice"}
        assert set(properties) <= {"title", "file", "line", "col"}


def test_an_azure_issue_stands_on_the_line_of_the_promise() -> None:
    lines = rendered("azure", mixed()).splitlines()
    assert lines[0] == (
        "##vso[task.logissue type=error;sourcepath=verify4k.yaml;linenumber=4;columnnumber=3;code=exact-size]"
        "dist/hero.png: the pixel size differs: expected 3840x2160, got 2560x1440. "
        "Fix: produce it again at the promised size"
    )
    assert [re.findall("type=([a-z]+)", line) for line in lines] == [["error"], ["error"], ["warning"], []]


def test_azure_knows_no_notes() -> None:
    assert "type=warning" in rendered("azure", report((asset(),), (finding(severity="note"),)))


def test_nasty_names_never_leave_their_azure_property() -> None:
    told = finding(place=PLACE._replace(path="a;b]c%\n.yaml"), message="x]y;z%")
    line = rendered("azure", report((asset(),), (told,))).splitlines()[0]
    assert "sourcepath=a%3Bb%5Dc%AZP25\\x0a.yaml;" in line
    assert "]dist/hero.png: x]y;z%AZP25: expected" in line


# -- markdown ---------------------------------------------------------------------------------

GFM = MarkdownIt("gfm-like")
assert GFM.linkify is not None
GFM.linkify.set({"fuzzy_link": False})  # GitHub links www. and schemes only
ALLOWED = re.compile(r"</?(code|details|summary)>")


def cells(text: str) -> list[list[str]]:
    """The rows of all tables, as GitHub's parser sees them."""
    rows: list[list[str]] = []
    for token in GFM.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def test_a_table_shows_what_is_wrong_worst_first() -> None:
    rows = cells(rendered("markdown", mixed()))
    assert rows[0] == ["", "Asset", "Rule", "Problem", "Promised", "Fix"]
    assert [row[0] for row in rows[1:4]] == ["❌", "❓", "⚠️"]
    assert "the pixel size differs: expected 3840x2160, got 2560x1440" in rows[1][3]
    assert "verify4k.yaml:4:3" in rows[1][4]
    assert rows[4] == ["Verdict", "Asset", "Promised", "Measured"]
    assert rows[6][3] == "png, 2560x1440, alpha none, 1,234 bytes"


def test_totals_and_notes_come_first() -> None:
    text = rendered("markdown", mixed())
    assert text.startswith(
        "## verify4k: ❌ Promises are broken\n\n5 assets&#58; 3 passed, 1 failed, 1 undecided (1 error"
    )
    assert "> 1 ignore is not used&#58; dist/gone.png" in text


def test_a_good_run_has_a_heading_and_no_problems() -> None:
    text = rendered("markdown", good())
    assert text.startswith("## verify4k: ✅ Every promise holds\n")
    assert "### Problems" not in text


def test_an_asset_is_a_row_with_promise_and_measure() -> None:
    text = rendered("markdown", report((asset(), asset("b.png", "undecided", facts={}, size=None))))
    assert "<details><summary>Assets (2)</summary>\n\n| Verdict | Asset |" in text
    row = "| ✅ passed | <code>dist/hero.png</code> | size <code>3840x2160</code> | png, 2560x1440, alpha none, 1,234 bytes |"
    assert row in text
    assert "| ❓ undecided | <code>b.png</code> | size <code>3840x2160</code> |  |" in text
    assert text.endswith("|\n\n</details>\n")


def test_problems_have_a_heading_of_their_own() -> None:
    text = rendered("markdown", report((asset(verdict="failed"),), (finding(origin="a: b"),)))
    assert "\n### Problems\n\n|  | Asset | Rule |" in text
    assert "| verify4k.yaml&#58;4&#58;3 <code>a&#58; b</code> | produce it again" in text
    only = report((asset(verdict="undecided"),), (), (undecided(),))
    assert rendered("markdown", only).startswith("## verify4k: ❓ Not verified\n")


def test_nothing_checked_is_a_heading_too() -> None:
    assert rendered("markdown", report()) == "## verify4k: ❌ Nothing was checked\n\nnothing was checked\n"


def test_nothing_foreign_becomes_markup() -> None:
    text = rendered("markdown", nasty(300))
    assert "www." not in text
    for token in GFM.parse(text):
        assert token.type not in {"fence", "code_block", "hr"}
        for child in token.children or ():
            assert child.type in {"text", "html_inline", "softbreak"}, child
            if child.type == "html_inline":
                assert ALLOWED.fullmatch(child.content), child.content
        if token.type == "html_block":
            assert not ALLOWED.sub("", token.content).replace("Assets (16)", "").strip()


def test_every_row_has_as_many_cells_as_its_head() -> None:
    rows = cells(rendered("markdown", nasty(300)))
    assert {len(row) for row in rows} == {6, 4}
    assert len(rows) == 2 + 300 + len(NASTY) * 3  # undecided, not asked, and the assets themselves


def test_a_long_summary_is_cut_by_rows_and_says_how_many() -> None:
    text = rendered("markdown", nasty())
    assert ROOM - 20_000 < len(text.encode()) <= ROOM
    shown = sum(row[0] in {"❌", "⚠️", "ℹ️", "❓"} for row in cells(text))
    told = re.search(r"\n\n… and ([\d,]+) more rows: see the full report\.\n", text)
    assert told is not None
    assert shown + int(told[1].replace(",", "")) == 10_000 + 2 * len(
        NASTY
    )  # and what is undecided or was not asked
    assert "16 assets: 0 passed, 16 failed" in text.splitlines()[2].replace("&#58;", ":")
