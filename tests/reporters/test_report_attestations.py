"""Statements and checksum lists: what was seen, and when nothing may be called passed."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from reports import (
    DIGEST,
    asset,
    finding,
    good,
    loaded,
    mixed,
    partial,
    rendered,
    report,
    undecided,
    with_rules_left_out,
)

from verify4k.report import Part, Report, Suppression

if TYPE_CHECKING:
    from pathlib import Path

coreutils = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")


def test_a_statement_names_the_bytes_that_were_seen_and_the_manifest() -> None:
    statement = loaded("in-toto", good())
    assert statement == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "dist/a.png", "digest": {"sha256": DIGEST}},
            {"name": "dist/b.png", "digest": {"sha256": "ab" * 32}},
        ],
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {
            "result": "PASSED",
            "configuration": [{"name": "verify4k.yaml", "digest": {"sha256": "f" * 64}}],
            "passedTests": [
                "dist/a.png: readable", "dist/a.png: exact-size", "dist/b.png: readable", "dist/b.png: exact-size",
            ],
            "warnedTests": [],
            "failedTests": [],
        },
    }  # fmt: skip


NOT_PASSED = [
    ("nothing checked", report(), "FAILED", ["nothing was checked"]),
    ("a finding", report((asset(verdict="failed"),), (finding(),)), "FAILED", ["1 failed"]),
    ("undecided", report((asset(verdict="undecided"),), (), (undecided(),)), "FAILED", ["1 undecided"]),
    ("undecided beside a pass", report((asset(),), (), (undecided(),)), "FAILED", ["1 undecided"]),
    (
        "header depth",
        report((asset(depth="header", sha256=None),)),
        "FAILED",
        ["1 checked at header depth only"],
    ),
    ("not hashed", report((asset(sha256=None),)), "FAILED", ["1 not read as a whole"]),
    (
        "two contents under one name",
        report((asset(), asset(sha256="ab" * 32))),
        "FAILED",
        ["1 changed during the run"],
    ),
    ("a warning", report((asset(),), (finding(severity="warning"),)), "WARNED", ["1 below --fail-on"]),
    (
        "ignored",
        report((asset(),), (), (), (finding(suppressed=Suppression("ignore", "x")),)),
        "WARNED",
        ["1 ignored or baselined"],
    ),
    ("rules that an option left out", with_rules_left_out(), "WARNED", ["2 rules left out by --select"]),
    ("a part", partial(), "WARNED", ["a part: 2 of 54,321 promises, chosen by --since main"]),
]


@pytest.mark.parametrize(("_why", "what", "word", "reasons"), NOT_PASSED, ids=[row[0] for row in NOT_PASSED])
def test_only_a_run_without_open_questions_is_passed(
    _why: str, what: Report, word: str, reasons: list[str]
) -> None:
    found = loaded("predicate", what)
    assert (found["result"], found["reasons"]) == (word, reasons)
    assert loaded("in-toto", what)["predicate"] == found
    assert rendered("sha256sums", what).startswith(f"# verify4k 0.1.0: {word}: {reasons[0]}")


def test_a_name_of_a_commit_is_no_line_of_a_checksum_file() -> None:
    what = good()._replace(part=Part(0, 1, ("--since x\n# verify4k 0.1.0: PASSED",)))
    said = rendered("sha256sums", what).splitlines()[0]
    assert (
        said
        == "# verify4k 0.1.0: WARNED: a part: 0 of 1 promise, chosen by --since x\\x0a# verify4k 0.1.0: PASSED"
    )


def test_rules_that_the_manifest_itself_leaves_out_are_listed_and_the_result_is_bound_to_it() -> None:
    what = with_rules_left_out()
    found = loaded("predicate", what._replace(rules_left_out=what.rules_left_out[2:]))
    assert (found["result"], "reasons" in found) == ("PASSED", False)
    assert found["rulesLeftOut"] == [{"rule": "rule-c", "reason": "rules: {rule-c: off}", "assets": 77}]


def test_an_unusual_exit_code_is_never_passed() -> None:
    found = loaded("predicate", good()._replace(exit_code=70))
    assert (found["result"], found["reasons"]) == ("FAILED", ["exit code 70"])


def test_all_reasons_are_told() -> None:
    told = rendered("sha256sums", mixed()).splitlines()
    assert told == ["# verify4k 0.1.0: FAILED: 1 failed, 1 undecided, 1 ignored or baselined"]


def test_what_failed_and_what_only_warned_is_listed_apart() -> None:
    found = loaded("predicate", mixed())
    assert found["failedTests"] == [
        "dist/hero.png: exact-size",
        "dist/scan.jxl: color",
        "dist/scan.jxl: exact-size",
    ]
    assert found["warnedTests"] == ["dist/old.png: color", "dist/meh.png: color"]
    assert len(found["passedTests"]) == 5


def test_no_time_is_told_unless_the_format_has_a_place_for_it() -> None:
    for name in ("in-toto", "predicate", "sha256sums"):
        assert rendered(name, good(), epoch=1) == rendered(name, good(), epoch=2)


def test_a_file_that_was_not_hashed_is_no_subject() -> None:
    assert loaded("in-toto", report((asset(sha256=None), asset("b.png"))))["subject"] == [
        {"name": "b.png", "digest": {"sha256": DIGEST}}
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a b.png", f"{DIGEST}  a b.png"),
        ("a\nb.png", f"\\{DIGEST}  a\\nb.png"),
        ("a\\b\r.png", f"\\{DIGEST}  a\\\\b\\r.png"),
        ("ä\udcff.png", f"{DIGEST}  ä\udcff.png"),
    ],
)
def test_checksum_lines_are_written_as_coreutils_does(path: str, line: str) -> None:
    assert rendered("sha256sums", report((asset(path=path),))) == f"# verify4k 0.1.0: PASSED\n{line}\n"


@coreutils
def test_sha256sum_accepts_the_file_and_finds_the_changed_byte(tmp_path: Path) -> None:
    import hashlib

    from verify4k.reporters.sha256sums import ERRORS

    names = [
        "plain.png",
        "with space.png",
        "line\nbreak.png",
        "back\\slash.png",
        "no-utf8-\udcff.png",
        "-dash.png",
    ]
    assets = []
    for name in names:
        (tmp_path / name).write_bytes(name.encode("utf-8", "surrogateescape"))
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
        assets.append(asset(name, path=name, sha256=digest))
    sums = tmp_path / "SUMS"
    sums.write_bytes(rendered("sha256sums", report(tuple(assets))).encode("utf-8", ERRORS))

    def check() -> int:
        command = ["sha256sum", "--strict", "-c", "SUMS"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert check() == 0
    (tmp_path / "plain.png").write_bytes(b"changed")
    assert check() == 1


@coreutils
def test_sha256sum_refuses_the_file_of_a_failed_run(tmp_path: Path) -> None:
    (tmp_path / "SUMS").write_text(rendered("sha256sums", mixed()))
    run = subprocess.run(
        ["sha256sum", "-c", "SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "no properly formatted" in run.stderr
