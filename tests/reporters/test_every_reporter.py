"""What all reporters have in common: same bytes, no obeyed commands, nothing hidden, in time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reports import finding, good, mixed, nasty, partial, rendered, report, shallow, with_rules_left_out

from verify4k.reporters import names, reporter

if TYPE_CHECKING:
    from verify4k.report import Report

FORMATS = names()
PROMISED = {
    "azure", "checkstyle", "concise", "github", "gitlab", "html", "in-toto", "json", "jsonl", "junit",
    "markdown", "predicate", "rdjson", "sarif", "sha256sums", "text",
}  # fmt: skip
BYTES_AS_THEY_ARE = {"sha256sums"}  # a checksum file names files by their bytes
INVISIBLE = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
COMMANDS = {"github": r"::(error|warning|notice) title=verify4k", "azure": r"##vso\[task\.logissue type="}


@pytest.fixture(scope="module")
def worst() -> dict[str, str]:
    whole = nasty(500)
    return {name: rendered(name, whole) for name in FORMATS}


def test_no_format_that_was_promised_is_gone() -> None:
    assert set(FORMATS) >= PROMISED
    assert tuple(sorted(FORMATS)) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_the_first_line_of_the_module_says_what_the_format_is_for(name: str) -> None:
    title = (reporter(name).__doc__ or "").partition("\n")[0]
    assert 20 < len(title) < 110
    assert title.endswith(".")


NOT_TOLD_BY_NAME = {"sha256sums"}  # a checksum file has a word for it, and no checksums


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_promised_and_not_asked_is_told_in_every_format_and_is_no_pass(name: str) -> None:
    text = rendered(name, shallow())
    assert re.search(r"not[ -_]asked", text) or '"dist/b.png: metadata"' in text, text
    assert "PASSED" not in text
    assert "very promise holds" not in text
    if name not in NOT_TOLD_BY_NAME:
        assert "metadata" in text


LISTS_OF_PROBLEMS = {"checkstyle", "gitlab", "rdjson"}  # which have no word for what holds


@pytest.mark.parametrize("name", sorted(set(FORMATS) - LISTS_OF_PROBLEMS))
def test_every_format_that_says_what_holds_says_of_a_part_that_it_is_one(name: str) -> None:
    text = rendered(name, partial())
    assert re.search("54,?321", text), text
    assert "PASSED" not in text
    assert "very promise holds" not in text


@pytest.mark.parametrize("name", sorted(set(FORMATS) - LISTS_OF_PROBLEMS - {"sarif"}))
def test_every_format_that_says_what_holds_says_which_rules_an_option_left_out(name: str) -> None:
    text = rendered(name, with_rules_left_out())
    assert "2 rules left out by --select" in text or re.search(
        "rule-a.*--select|--select.*rule-a", text, re.DOTALL
    )
    assert "PASSED" not in text
    assert "very promise holds" in text or "very promise holds" not in rendered(name, good())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "what", [good(), mixed(), report(), nasty(300)], ids=["good", "mixed", "empty", "nasty"]
)
def test_the_same_report_is_the_same_text_ending_in_one_line_break(name: str, what: object) -> None:
    text = rendered(name, what)  # type: ignore[arg-type]
    assert text == rendered(name, what)  # type: ignore[arg-type]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_hash_seeds_and_clocks_change_nothing() -> None:
    here = Path(__file__).parent
    code = (
        "import hashlib; from reports import nasty, rendered; from test_every_reporter import FORMATS\n"
        "for n in FORMATS:\n"
        "    text = rendered(n, nasty(200), epoch=1700000000)\n"
        "    print(n, hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest())"
    )
    outs = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        paths = os.pathsep.join([str(here), str(here.parent.parent)])
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths, "LC_ALL": "C"}
        outs.append(
            subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout
        )
    assert outs[0] == outs[1]
    assert outs[0].count(b"\n") == len(FORMATS)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in BYTES_AS_THEY_ARE])
def test_no_control_character_and_no_invisible_one_reaches_the_reader(
    name: str, worst: dict[str, str]
) -> None:
    text = worst[name]
    assert not re.findall(INVISIBLE, text)
    text.encode()  # no half of a surrogate pair either


@pytest.mark.parametrize("name", FORMATS)
def test_a_ci_runner_obeys_none_but_our_own_commands(name: str, worst: dict[str, str]) -> None:
    ours = COMMANDS.get(name, r"(?!)")
    for line in re.split(r"[\r\n\v\f\x85\u2028\u2029]", worst[name]):
        rest = re.sub(rf"^{ours}", "", line)
        assert not rest.lstrip().startswith("::"), line
        if name not in BYTES_AS_THEY_ARE:
            assert not re.search(r"##(\[|vso\[)", rest, re.IGNORECASE), line


def calls(name: str, findings: int) -> int:
    """How many functions, of Python and of C, a report of so many findings calls: time without a clock."""
    whole, counted = nasty(findings), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        rendered(name, whole)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("name", FORMATS)
def test_the_work_grows_with_the_findings_and_no_faster(name: str) -> None:
    few, many = calls(name, 200), calls(name, 1600)
    assert many - few <= 10 * max(1, calls(name, 400) - few)  # 1,400 more findings against 200 more


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"sha256sums", "github", "markdown", "sarif"}))
def test_no_finding_is_left_out(name: str) -> None:
    whole = mixed()
    text = rendered(name, whole)
    told = [(one.target, one.rule) for one in whole.findings] + [
        (one.target, one.rule) for one in whole.undecided
    ]
    for target, rule in told:
        assert target in text
        assert rule in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_reporter_works_without_knowing_anything(name: str) -> None:
    assert rendered(name, report())


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    ("what", "said"),
    [
        (good(), "very promise holds"),
        (good()._replace(suppressed=(finding("dist/a.png"),)), "very other promise holds"),
        (good()._replace(findings=(finding("dist/a.png", severity="warning"),)), "passed"),
        (report(), "othing was checked"),
    ],
)
def test_every_promise_holds_is_said_of_every_promise_alone(name: str, what: Report, said: str) -> None:
    text = rendered(name, what._replace(exit_code=0))
    assert said in text
    assert ("very promise holds" in text) is (said == "very promise holds")
