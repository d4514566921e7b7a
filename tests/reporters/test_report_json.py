"""JSON and JSON lines: as their schema says, every field, foreign text harmless."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from reports import (
    NASTY,
    REPORT_SCHEMA,
    asset,
    every_report,
    finding,
    loaded,
    mixed,
    nasty,
    rendered,
    report,
    valid,
)

if TYPE_CHECKING:
    from verify4k.report import Report


@every_report
def test_json_is_as_the_published_schema_says(what: Report) -> None:
    valid(loaded("json", what), json.loads(REPORT_SCHEMA.read_bytes()))


def test_the_schema_refuses_what_is_no_report() -> None:
    schema = json.loads(REPORT_SCHEMA.read_bytes())
    changes: list[dict[str, Any]] = [
        {"schema": 2}, {"exit_code": 70}, {"summary": {}}, {"assets": [{}]}, {"findings": [{}]}
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**loaded("json", mixed()), **change}, schema)


def test_json_holds_every_field_of_a_finding() -> None:
    (first, _) = loaded("json", mixed())["findings"]
    assert first == {
        "target": "dist/hero.png",
        "rule": "exact-size",
        "severity": "error",
        "message": "the pixel size differs",
        "expected": "3840x2160",
        "actual": "2560x1440",
        "fix": "produce it again at the promised size",
        "origin": "size: 4k-landscape (preset, 2026-11-22)",
        "artifact": "dist/hero.png",
        "path": "verify4k.yaml",
        "line": 4,
        "column": 3,
        "url": None,
        "hop": None,
        "chain": [],
        "also": [],
        "evidence": None,
    }


def test_json_gives_the_run_its_totals_and_verdicts() -> None:
    document = loaded("json", mixed())
    assert document["summary"] == {
        "assets": 5, "passed": 3, "failed": 1, "undecided": 1, "findings": 2, "suppressed": 1,
        "not_asked": 0,
    }  # fmt: skip
    assert [one["verdict"] for one in document["assets"]] == [
        "failed",
        "passed",
        "undecided",
        "passed",
        "passed",
    ]
    assert document["undecided"][0]["reason"] == "no decoder for JPEG XL"
    assert document["suppressed"][0]["suppressed"] == {
        "kind": "ignore",
        "reason": "accepted until May",
        "line": 4,
    }
    assert (document["exit_code"], document["schema"], document["notes"]) == (1, 1, list(mixed().notes))


def test_json_keeps_foreign_text_but_for_bytes_that_are_no_text() -> None:
    document = loaded("json", nasty(0))
    names = [one["target"] for one in document["assets"]]
    for index, text in enumerate(NASTY):
        if not re.search("[\ud800-\udfff]", text):
            assert f"{text}{index}" in names
    assert "not utf-8: \\xff\\x80 and half \\ud83d9" in names


def test_numbers_that_json_has_not_are_null() -> None:
    odd = finding(evidence={"a": float("nan"), "b": [float("inf"), 1.5], "c": (float("-inf"),)})
    (told,) = loaded("json", report((asset(),), (odd,)))["findings"]
    assert told["evidence"] == {"a": None, "b": [None, 1.5], "c": [None]}


@every_report
def test_jsonl_is_the_same_in_lines(what: Report) -> None:
    rows = [json.loads(line) for line in rendered("jsonl", what).splitlines()]
    whole = loaded("json", what)
    assert rows[0]["type"] == "run"
    assert rows[0]["summary"] == whole["summary"]
    for kind, name in (
        ("asset", "assets"),
        ("finding", "findings"),
        ("undecided", "undecided"),
        ("suppressed",) * 2,
    ):
        told = [{key: row[key] for key in row if key != "type"} for row in rows if row["type"] == kind]
        assert told == whole[name]
    assert [row["message"] for row in rows if row["type"] == "note"] == whole["notes"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x7fb", "a\\u007fb"),
        ("##[x]", "#\\u0023[x]"),
        ("\udc80", "\\\\x80"),
        ("\udcff", "\\\\xff"),
        ("\udc7f", "\\\\udc7f"),
        ("ä😀", "\\u00e4\\ud83d\\ude00"),
    ],
)
def test_json_is_ascii_that_no_terminal_or_runner_obeys(text: str, written: str) -> None:
    assert rendered("json", report(notes=(text,))).splitlines()[-3].strip() == f'"{written}"'
