"""The blocks that people read."""

from __future__ import annotations

import re

import pytest
from reports import PLACE, asset, finding, good, mixed, rendered, report, undecided

from verify4k.report import Suppression


def test_a_finding_is_a_block_with_everything_one_needs() -> None:
    text = rendered("text", report((asset(verdict="failed"),), (finding(),)))
    assert text == (
        "error[exact-size] dist/hero.png\n"
        "  the pixel size differs\n"
        "  expected  3840x2160\n"
        "  got       2560x1440\n"
        "  promised  verify4k.yaml:4:3  size: 4k-landscape (preset, 2026-11-22)\n"
        "  fix       produce it again at the promised size\n"
        "\n"
        "1 asset: 0 passed, 1 failed (1 error)\n"
    )


def test_an_undecided_promise_is_its_own_kind_of_block_and_no_pass() -> None:
    text = rendered("text", report((asset("dist/scan.jxl", "undecided"),), (), (undecided(),)))
    assert text == (
        "undecided[color] dist/scan.jxl\n"
        "  could not be verified: no decoder for JPEG XL\n"
        "  promised  verify4k.yaml:9:3\n"
        "  hint      pip install verify4k[jxl]\n"
        "\n"
        "1 asset: 0 passed, 1 undecided (1 unverified); "
        "what could not be verified is not a pass (exit code 3)\n"
    )


def test_a_good_run_is_one_line() -> None:
    assert rendered("text", good()) == "2 assets: 2 passed; every promise holds\n"


def test_warnings_below_the_gate_are_not_called_holding() -> None:
    text = rendered("text", report((asset(),), (finding(severity="warning"),)))
    assert text.endswith("\n1 asset: 1 passed (1 warning)\n")


def test_nothing_checked_is_said() -> None:
    assert rendered("text", report()) == "nothing was checked\n"


def test_empty_fields_leave_no_empty_rows() -> None:
    bare = finding(expected="", actual="", fix="", origin="")
    text = rendered("text", report((asset(),), (bare,)), verbosity=-1)
    assert (
        text == "error[exact-size] dist/hero.png\n  the pixel size differs\n  promised  verify4k.yaml:4:3\n"
    )


def test_quiet_leaves_findings_only() -> None:
    text = rendered("text", mixed(), verbosity=-1)
    assert "note" not in text
    assert "5 assets" not in text
    assert text.count("\n\n") == 2
    assert rendered("text", good(), verbosity=-1) == ""


def test_notes_stand_before_the_summary() -> None:
    lines = rendered("text", mixed()).splitlines()
    assert lines[-3:] == [
        "note: 1 ignore is not used: dist/gone.png",
        "",
        "5 assets: 3 passed, 1 failed, 1 undecided (1 error, 1 warning, 1 unverified, 1 ignored)",
    ]


@pytest.mark.parametrize(("verbosity", "told"), [(0, False), (1, True), (2, True)])
def test_verbose_tells_what_is_ignored_and_why_and_what_passed(verbosity: int, told: bool) -> None:
    text = rendered("text", mixed(), verbosity=verbosity)
    assert ("ignored[color] dist/old.png" in text) is told
    assert ("  because   ignore: accepted until May (verify4k.yaml:4:3)" in text) is told
    assert ("passed dist/fine.png  png, 2560x1440, 1,234 bytes" in text) is told
    assert ("  holds     readable" in text) is (verbosity == 2)
    assert ("undecided dist/scan.jxl  png" in text) is (verbosity == 2)


def test_an_asset_without_facts_is_just_named() -> None:
    text = rendered("text", report((asset(facts={}, size=None),)), verbosity=1)
    assert text.startswith("passed dist/hero.png\n\n1 asset")


def test_a_baseline_has_no_place() -> None:
    covered = finding(suppressed=Suppression("baseline", "known"))
    assert "  because   baseline: known\n" in rendered(
        "text", report((asset(),), (), (), (covered,)), verbosity=1
    )


def test_colours_come_only_when_asked_for_and_change_no_word() -> None:
    plain, painted = rendered("text", mixed()), rendered("text", mixed(), color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[exact-size]\x1b[0m \x1b[1mdist/hero.png\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_long_texts_are_broken_at_spaces_and_stay_below_their_label() -> None:
    text = rendered("text", report((asset(),), (finding(fix="word " * 40),)), width=60)
    rows = text.split("  fix       ")[1].split("\n\n")[0].splitlines()
    assert len(rows) == 5
    assert all(row.startswith(" " * 12 + "word") for row in rows[1:])
    assert all(len(row) <= 60 for row in rows)


def test_a_word_longer_than_the_line_stays_whole() -> None:
    name = "x" * 200
    assert f"\n  got       {name}\n" in rendered(
        "text", report((asset(),), (finding(actual=name),)), width=60
    )


def test_a_url_says_what_served_it() -> None:
    served = finding(url="https://edge.example/a.png")
    assert "  served at https://edge.example/a.png\n" in rendered("text", report((asset(),), (served,)))


@pytest.mark.parametrize("name", ["text", "concise"])
@pytest.mark.parametrize(
    "attack", ["::error::x", "  ::error::x", "\n::error::x", "word " * 30 + "::error::x", "##[error]x"]
)
def test_no_line_gives_a_command_to_a_ci_runner(name: str, attack: str) -> None:
    told = finding(place=PLACE._replace(path=attack), message=attack, fix=attack, path=attack, rule=attack)
    text = rendered(name, report((asset(),), (told,)), width=60)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


def test_a_defused_command_can_still_be_read() -> None:
    text = rendered("text", report((asset(),), (finding(message="##[error]x ##VSO[y] ## [z]"),)))
    assert r"  #\x23[error]x #\x23VSO[y] ## [z]" in text


def test_two_colons_inside_a_word_stay() -> None:
    assert "std::x a:: b" in rendered("text", report((asset(),), (finding(message="std::x a:: b"),)))


def test_concise_is_a_line_a_finding() -> None:
    got = "expected 3840x2160, got 2560x1440"
    assert rendered("concise", mixed()).splitlines() == [
        f"verify4k.yaml:4:3: error exact-size dist/hero.png: the pixel size differs: {got}",
        f"verify4k.yaml:4:3: warning color dist/meh.png: a profile is missing: {got}",
        "verify4k.yaml:9:3: undecided color dist/scan.jxl: no decoder for JPEG XL",
        "5 assets: 3 passed, 1 failed, 1 undecided (1 error, 1 warning, 1 unverified, 1 ignored)",
    ]
    assert rendered("concise", good(), verbosity=-1) == ""
