"""Rules' pages in the HTML report: read by people, so no sign of Markdown is left."""

from __future__ import annotations

import re

import pytest
from reports import asset, finding, rendered, report

from verify4k.cli._rule_page import page
from verify4k.report import RuleInfo
from verify4k.reporters._html_page import as_html, inline
from verify4k.rules import all_rules


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a `b` c", "a <code>b</code> c"),
        ("**a** `**b**`", "<strong>a</strong> <code>**b**</code>"),
        ("**a `b` c**, d", "<strong>a <code>b</code> c</strong>, d"),
        ("`<picture>` & co", "<code>&lt;picture&gt;</code> &amp; co"),
        ("one ` alone", "one ` alone"),
    ],
)
def test_code_and_bold_are_shown_as_such(text: str, html: str) -> None:
    assert inline(text) == html


def test_a_page_keeps_its_lists_and_headings() -> None:
    text = "# id\n\n**Claim.**\nWords\ngo on:\n- one\n  and more\n- two\n  - found\n    at last\n\n## Fails\n\n- x"
    assert as_html(text) == (
        "<p><strong>Claim.</strong> Words go on:</p>"
        "<ul><li>one and more</li><li>two<ul><li>found at last</li></ul></li></ul>"
        "<h3>Fails</h3><ul><li>x</li></ul>"
    )


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)
def test_nothing_of_a_rules_page_is_lost_or_left_raw(rule: object) -> None:
    text = page(rule)  # type: ignore[arg-type]
    shown = re.sub(r"<code>.*?</code>", "", as_html(text))
    assert "`" not in shown
    assert "**" not in shown
    assert "\n- " not in shown
    told = set(
        re.findall(r"\w+", re.sub(r"<[^>]*>", " ", as_html(text).replace("&lt;", " ").replace("&gt;", " ")))
    )
    assert set(re.findall(r"\w+", text.partition("\n")[2])) <= told


def test_the_list_of_rules_shows_code_as_code() -> None:
    told = RuleInfo("x-rule", "What `<picture>` promises", "# x-rule\n\n`a`", "error", None, (), True)
    html = rendered("html", report((asset(verdict="failed"),), (finding(rule="x-rule"),), rules=(told,)))
    assert "<code>x-rule</code> What <code>&lt;picture&gt;</code> promises</summary>" in html
