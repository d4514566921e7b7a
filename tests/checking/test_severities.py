"""How bad a problem is: the rule's default, the manifest's word, the entry's word, the problem's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import make

from verify4k.rule import Picture

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Picture(32, 18, "small.png")
PADDED = Picture(name="nul.png", kind="trailing-nul")  # no-trailing-data calls this a warning by itself
SOFT = Picture(640, 360, "soft.png", "soft")  # detail: a rule whose problems are warnings


def severities(run: Any, *argv: str) -> tuple[list[str], int]:
    outcome = run("check", "--format", "json", *argv)
    report = json.loads(outcome.out)
    assert outcome.code == report["exit_code"]
    return [found["severity"] for found in report["findings"]], outcome.code


def manifest(folder: Path, entry: str, top: str = "") -> None:
    (folder / "verify4k.yaml").write_text(f"version: 1\n{top}\nfiles:\n  {entry}\n")


@pytest.mark.parametrize(
    ("top", "defaults", "entry", "severity"),
    [
        ("", "", "", "error"),
        ("warning", "", "", "warning"),
        ("", "warning", "", "warning"),
        ("", "", "warning", "warning"),
        ("note", "warning", "", "warning"),
        ("warning", "note", "", "note"),
        ("note", "", "error", "error"),
        ("", "note", "error", "error"),
        ("", "error", "note", "note"),
        ("note", "note", "warning", "warning"),
        ("off", "", "", None),
        ("", "off", "", None),
        ("", "", "off", None),
        ("off", "warning", "", "warning"),
        ("off", "", "warning", "warning"),
        ("", "off", "warning", "warning"),
        ("error", "error", "off", None),
    ],
)
def test_the_nearest_word_wins(
    top: str, defaults: str, entry: str, severity: str | None, tmp_path: Path, run: Any
) -> None:
    make(SMALL, tmp_path)
    lines = [f"rules: {{exact-size: {top}}}"] if top else []
    lines += [f"defaults: {{rules: {{exact-size: {defaults}}}}}"] if defaults else []
    rules = f", rules: {{exact-size: {entry}}}" if entry else ""
    manifest(tmp_path, f"small.png: {{size: 64x36{rules}}}", "\n".join(lines))
    found, code = severities(run)
    assert found == ([] if severity is None else [severity])
    assert code == (1 if severity == "error" else 0)


@pytest.mark.parametrize(
    ("said", "own", "mild", "weak"),
    [  # what the manifest says; then of an error, a warning of its own, and a rule of warnings
        (None, "error", "warning", "warning"),
        ("error", "error", "warning", "error"),
        ("warning", "warning", "warning", "warning"),
        ("note", "note", "note", "note"),
    ],
)
def test_a_rule_turned_down_caps_a_problem_and_one_turned_up_leaves_a_blemish_a_blemish(
    said: str | None, own: str, mild: str, weak: str, tmp_path: Path, run: Any
) -> None:
    for picture in (SMALL, PADDED, SOFT):
        make(picture, tmp_path)
    rules = ", ".join(f"{name}: {said}" for name in ("exact-size", "no-trailing-data", "detail"))
    top = f"rules: {{{rules}}}" if said else ""
    for entry, severity in (
        ("small.png: 64x36", own),
        ("nul.png: 64x36", mild),
        ("soft.png: {detail: 45}", weak),
    ):
        manifest(tmp_path, entry, top)
        assert severities(run, "--fail-on", "note") == ([severity], 1), entry


@pytest.mark.parametrize("severity", ["error", "warning", "note"])
@pytest.mark.parametrize("gate", ["error", "warning", "note"])
def test_a_finding_fails_the_run_from_the_gate_upwards(
    severity: str, gate: str, tmp_path: Path, run: Any
) -> None:
    make(SMALL, tmp_path)
    manifest(tmp_path, "small.png: 64x36", f"rules: {{exact-size: {severity}}}")
    order = ["note", "warning", "error"]
    fails = order.index(severity) >= order.index(gate)
    outcome = run("check", "--format", "json", "--fail-on", gate)
    [asset] = json.loads(outcome.out)["assets"]
    assert (outcome.code, asset["verdict"]) == ((1, "failed") if fails else (0, "passed"))


def test_severities_of_one_entry_say_nothing_about_another(tmp_path: Path, run: Any) -> None:
    make(SMALL, tmp_path)
    make(SMALL._replace(name="other.png", width=30), tmp_path)
    manifest(
        tmp_path, "small.png: {size: 64x36, rules: {exact-size: note}}\n  other.png: 64x36", "defaults: {}"
    )
    assert severities(run) == (["note", "error"], 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: {exact-size: fatal}", "'fatal' is no severity"),
        ("rules: {exact-sise: error}", "unknown rule 'exact-sise'"),
        ("rules: {exact-size: [error]}", "found a list"),
        ("defaults: {rules: {exact-size: fatal}}", "'fatal' is no severity"),
    ],
)
def test_a_word_that_is_no_severity_is_a_mistake(text: str, words: str, tmp_path: Path, run: Any) -> None:
    make(SMALL, tmp_path)
    manifest(tmp_path, "small.png: 64x36", text)
    outcome = run("check")
    assert outcome.code == 2
    assert words in outcome.err
