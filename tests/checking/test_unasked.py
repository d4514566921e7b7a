"""A promise that no rule was asked about is not a promise kept: told, never PASSED, refused by a gate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

import verify4k

if TYPE_CHECKING:
    from pathlib import Path

SMALL = save(gradient(64, 36), "x.png")
BROKEN = "version: 1\nfiles:\n  a.png: {size: 128x72, alpha: forbidden}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A picture of half the promised size."""
    (tmp_path / "a.png").write_bytes(SMALL)
    (tmp_path / "verify4k.yaml").write_text(BROKEN)
    return tmp_path


def left_out(run: Any, *argv: str) -> list[tuple[str, str, str]]:
    report = json.loads(run("check", "--format", "json", *argv).out)
    assert report["summary"]["not_asked"] == len(report["not_asked"])
    return [(one["rule"], one["promise"], one["reason"]) for one in report["not_asked"]]


def test_a_promise_that_the_command_line_leaves_out_is_told_and_never_passes(project: Path, run: Any) -> None:
    reports = ["--report=in-toto=s.json", "--report=sha256sums=sums", "--report=predicate=p.json"]
    outcome = run("check", "--ignore", "exact-size", *reports)
    assert outcome.code == 0
    assert "every promise holds" not in outcome.out
    assert "1 promise not asked: --ignore leaves out exact-size" in outcome.out
    assert "size: 128x72 (verify4k.yaml:3:11)" in outcome.out
    predicate = json.loads((project / "p.json").read_text())
    assert (predicate["result"], predicate["reasons"]) == ("FAILED", ["1 promised and not asked"])
    assert predicate["failedTests"] == ["a.png: exact-size"]
    assert "PASSED" not in (project / "s.json").read_text()
    assert (
        project / "sums"
    ).read_text() == f"# verify4k {verify4k.__version__}: FAILED: 1 promised and not asked\n"
    assert run("verify-attestation", "s.json", "--against", ".").code == 1


@pytest.mark.parametrize(
    ("argv", "left"),
    [
        (["--ignore", "exact-size"], [("exact-size", "size: 128x72", "--ignore")]),
        (["--ignore", "exact-size,still"], [("exact-size", "size: 128x72", "--ignore")]),
        (["--ignore", "still"], []),
        (["--ignore", "readable"], [("readable", "that it can be read", "--ignore")]),
        (["--select", "exact-size,readable"], [("no-stray-alpha", "alpha: forbidden", "--select")]),
        (
            [
                "--select",
                "metadata",
            ],  # asked of no file here: the file is not in the report, its promises are
            [
                ("exact-size", "size: 128x72", "--select"),
                ("no-stray-alpha", "alpha: forbidden", "--select"),
                ("readable", "that it can be read", "--select"),
            ],
        ),
        ([], []),
        (["--depth", "header"], []),  # what a header cannot tell of a promise is undecided
    ],
)
def test_each_promise_left_out_is_listed_with_what_leaves_it_out(
    argv: list[str], left: list[tuple[str, str, str]], project: Path, run: Any
) -> None:
    assert left_out(run, *argv) == left


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("{size: 128x72, rules: {exact-size: off}}", ["size: 128x72"]),
        ("{size: 128x72, tolerance: 2px, rules: {exact-size: off}}", ["size: 128x72, tolerance: 2px"]),
        ("{alpha: any, rules: {no-stray-alpha: off}}", []),  # asks nothing
        ("{padding: allowed, rules: {not-padded: off}}", []),
        ("{provenance: none-required, rules: {provenance: off}}", []),
        ("{native: off, rules: {native-resolution: off}}", []),
        ("{size: 64x36, rules: {upright: off}}", []),  # nothing was promised
        ("{size: 64x36, rules: {readable: off}}", ["that it can be read"]),
        ("{same-as-others: forbidden, rules: {same-picture: off}}", []),  # there is no other
    ],
)
def test_a_rule_that_the_manifest_turns_off_under_a_promise_is_told_too(
    entry: str, left: list[str], project: Path, run: Any
) -> None:
    (project / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {entry}\n")
    assert [promise for _, promise, _ in left_out(run)] == left


def test_a_promise_left_out_is_told_at_its_first_option(project: Path, run: Any) -> None:
    (project / "verify4k.yaml").write_text(
        "version: 1\nfiles:\n  a.png:\n    tolerance: 2px\n    size: 128x72\n    rules: {exact-size: off}\n"
    )
    [told] = json.loads(run("check", "--format", "json").out)["not_asked"]
    assert (told["promise"], told["path"], told["line"], told["column"]) == (
        "size: 128x72, tolerance: 2px",
        "verify4k.yaml",
        5,
        5,
    )


def test_a_rule_that_only_lends_to_the_end_of_a_chain_was_not_asked(project: Path, run: Any) -> None:
    for name in ("b.png", "c.png"):
        (project / name).write_bytes(SMALL)
    (project / "verify4k.yaml").write_text(
        "version: 1\ndefaults: {same-as-others: allowed}\nfiles:\n  a.png:\n"
        "  b.png: {from: a.png, nothing-lost: [icc], rules: {nothing-lost: off}}\n"
        "  c.png: {from: b.png, nothing-lost: [icc]}\n"
    )
    assert left_out(run) == [("nothing-lost", "nothing-lost: [icc]", "rules: {nothing-lost: off}")]


def test_the_promise_may_come_from_the_defaults(project: Path, run: Any) -> None:
    (project / "verify4k.yaml").write_text(
        "version: 1\ndefaults: {alpha: forbidden}\nrules: {no-stray-alpha: off}\nfiles: {a.png: 64x36}\n"
    )
    assert left_out(run) == [("no-stray-alpha", "alpha: forbidden", "rules: {no-stray-alpha: off}")]


# -- rules that nobody promised anything about -----------------------------------------------------

ENTRIES = "b.png: {alpha: any}, c.png: {size: 64x36, rules: {still: off}}"
USUAL: list[tuple[str, list[str], list[tuple[str, str, int]]]] = [
    ("", [], [("still", "rules: {still: off}", 1)]),
    ("", ["--ignore", "still"], [("still", "--ignore", 1), ("still", "rules: {still: off}", 1)]),
    (
        "",
        ["--ignore", "no-stray-alpha,exact-size"],
        [("still", "rules: {still: off}", 1)],
    ),  # anything will do
    ("", ["--ignore", "unlisted"], [("still", "rules: {still: off}", 1)]),  # which is off by default
    (
        "rules: {unlisted: error, still: off}\n",
        ["--ignore", "unlisted"],
        [("still", "rules: {still: off}", 2), ("unlisted", "--ignore", 2)],
    ),
]


@pytest.mark.parametrize(("top", "argv", "left"), USUAL)
def test_rules_left_out_that_nobody_promised_anything_about_are_told_with_how_many_files(
    top: str, argv: list[str], left: list[tuple[str, str, int]], project: Path, run: Any
) -> None:
    for number, name in enumerate(("b.png", "c.png")):
        (project / name).write_bytes(save(gradient(64, 36, 90 * number), "x.png"))
    (project / "verify4k.yaml").write_text(f"version: 1\n{top}files: {{{ENTRIES}}}\n")
    outcome = run("check", "--report=json=r.json", "--report=in-toto=s.json", "--ignore", "exact-size", *argv)
    assert outcome.code == 0, outcome.out
    report = json.loads((project / "r.json").read_text())
    told = [(each["rule"], each["reason"], each["assets"]) for each in report["rules_left_out"]]
    assert told == left
    optional = [rule for rule, reason, _ in left if reason == "--ignore"]
    said = f"--ignore leaves out 1 rule asked by default: {''.join(optional)}"
    assert (said in report["notes"]) == bool(optional)
    assert ("1 rule left out by --ignore" in outcome.out) == bool(optional)


@pytest.mark.parametrize("argv", [["--ignore", "still"], ["--select", "readable,exact-size"]])
def test_a_gate_is_told_what_an_option_left_out(argv: list[str], project: Path, run: Any) -> None:
    (project / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    reports = ["--report=in-toto=s.json", "--report=sha256sums=sums"]
    assert run("check", *reports).code == 0
    assert run("verify-attestation", "s.json", "--against", ".").code == 0
    outcome = run("check", *reports, *argv)
    assert (outcome.code, "every promise holds" in outcome.out) == (0, True)
    for name in ("s.json", "sums"):
        answer = run("verify-attestation", name, "--against", ".")
        assert (answer.code, f"left out by {argv[0]}\n" in answer.out) == (1, True)
        assert run("verify-attestation", name, "--against", ".", "--allow-warned").code == 0


def test_what_several_manifests_are_not_asked_is_counted_together(project: Path, run: Any) -> None:
    for name in ("one.yaml", "two.yaml"):
        (project / name).write_text("version: 1\nfiles: {a.png: 64x36}\n")
    report = json.loads(
        run("check", "-c", "one.yaml", "-c", "two.yaml", "--format=json", "--ignore=still").out
    )
    assert report["rules_left_out"] == [{"rule": "still", "reason": "--ignore", "assets": 2}]


# -- a gate ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--ignore", "still"], "--ignore would leave some out"),
        (["--select", "exact-size"], "--select would"),
        (["--depth", "header"], "--depth header would"),
        (["--depth", "header", "--ignore", "still"], "--ignore and --depth header would"),
    ],
)
def test_no_ignores_refuses_what_leaves_a_promise_out(
    argv: list[str], words: str, project: Path, run: Any
) -> None:
    outcome = run("check", "--no-ignores", "--report", "predicate=p.json", *argv)
    assert (outcome.code, words in outcome.err) == (2, True), outcome
    assert not (project / "p.json").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SELECT", "still"),
        ("IGNORE", "exact-size"),
        ("DEPTH", "header"),
        ("FAIL_ON", "note"),
        ("CONFIG", "other.yaml"),
        ("BASELINE", "nowhere.json"),
        ("ALLOW_EMPTY", "1"),
        ("CHANGED", "1"),
        ("STAGED", "1"),
        ("LIMIT", "pixels=1"),
        ("SCHEDULER", "tcp://127.0.0.1:1"),
    ],
)
def test_a_gate_takes_nothing_that_changes_a_verdict_from_the_environment(
    variable: str, value: str, project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "other.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    monkeypatch.setenv(f"VERIFY4K_{variable}", value)
    outcome = run("check", "--no-ignores")
    assert (outcome.code, "128x72" in outcome.out) == (1, True), outcome
    assert f"takes nothing from VERIFY4K_{variable}" in outcome.err


@pytest.mark.parametrize(
    ("variable", "value"), [("SIZE", "64x36"), ("PROMISE", "format: png"), ("ALPHA", "forbidden")]
)
@pytest.mark.parametrize("more", [[], ["--no-ignores"]])
def test_no_variable_promises_something_else_in_the_manifest_s_place(
    variable: str, value: str, more: list[str], project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"VERIFY4K_{variable}", value)
    outcome = run("check", "a.png", *more)
    assert (outcome.code, "128x72" in outcome.out) == (1, True), outcome


def test_a_variable_limits_what_a_file_may_cost(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY4K_LIMIT", "pixels=1")
    assert "unverified" in run("check").out


def test_a_gate_hears_its_own_command_line_and_how_to_tell_the_answer(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "other.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    monkeypatch.setenv("VERIFY4K_FORMAT", "json")
    monkeypatch.setenv("VERIFY4K_CONFIG", "verify4k.yaml")
    outcome = run("check", "--no-ignores", "-c", "other.yaml", "--fail-on", "note")
    assert outcome.code == 0
    assert json.loads(outcome.out)["manifest"]["path"] == "other.yaml"
