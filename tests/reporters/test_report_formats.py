"""Each machine format against its own validator, and what its readers rely on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from reports import (
    DIGEST,
    NASTY,
    PLACE,
    RULES,
    asset,
    finding,
    good,
    mixed,
    nasty,
    rendered,
    report,
    undecided,
)

import verify4k
from verify4k.report import Report, RuleInfo, Suppression

SCHEMAS = Path(__file__).parent / "schemas"
REPORT_SCHEMA = Path(verify4k.__file__).parent / "data" / "report.schema.json"
EVERY = [good(), mixed(), report(), nasty(500)]
IDS = ["good", "mixed", "empty", "nasty"]
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
coreutils = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
every_report = pytest.mark.parametrize("what", EVERY, ids=IDS)

GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"minimum": 1}},
                    },
                },
            },
        },
    },
}
RDJSON = {
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "diagnostics"],
    "properties": {
        "source": {"type": "object", "required": ["name"]},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["message", "location"],
                "properties": {
                    "message": {"type": "string"},
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {"type": "object", "required": ["value"]},
                    "location": {
                        "type": "object",
                        "required": ["path", "range"],
                        "properties": {
                            "range": {
                                "properties": {
                                    "start": {
                                        "properties": {"line": {"minimum": 1}, "column": {"minimum": 1}},
                                        "required": ["line", "column"],
                                    }
                                }
                            }
                        },
                    },
                },
            },
        },
    },
}


def valid(data: Any, schema: Any) -> None:
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    errors = sorted(kind(schema).iter_errors(data), key=str)
    assert not errors, errors[0]


def loaded(name: str, what: Report, **options: Any) -> Any:
    return json.loads(rendered(name, what, **options))


# -- json, jsonl -----------------------------------------------------------------------------


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


# -- sarif -----------------------------------------------------------------------------------


@every_report
@pytest.mark.parametrize("epoch", [None, 1_700_000_000])
def test_sarif_is_as_the_standard_says(what: Report, epoch: int | None) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_bytes())
    log = loaded("sarif", what, epoch=epoch)
    valid(log, schema)
    (run,) = log["runs"]
    for one in run["results"]:
        assert one["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
        if "ruleIndex" in one:
            assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        for place in one["locations"] + one["relatedLocations"]:
            where = place["physicalLocation"]["artifactLocation"]
            assert run["artifacts"][where["index"]]["location"]["uri"] == where["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%:-]*", where["uri"])
    prints = [one["partialFingerprints"]["verify4k/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_points_at_the_promise_and_then_at_the_artifact() -> None:
    run = loaded("sarif", mixed())["runs"][0]
    open_, first, second, covered = run["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "verify4k.yaml", "uriBaseId": "SRCROOT", "index": 0},
        "region": {"startLine": 4, "startColumn": 3},
    }
    related = first["relatedLocations"][0]["physicalLocation"]["artifactLocation"]
    assert related == {"uri": "dist/hero.png", "uriBaseId": "SRCROOT", "index": 1}
    assert run["artifacts"][1]["hashes"] == {"sha-256": DIGEST}
    assert [one["level"] for one in (open_, first, second, covered)] == [
        "error",
        "error",
        "warning",
        "warning",
    ]
    assert open_["properties"] == {"undecided": True}
    assert covered["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "accepted until May"}
    ]
    assert "suppressions" not in first
    assert run["tool"]["driver"]["rules"][0]["help"]["markdown"].startswith("The decoded pixels")


def test_sarif_tells_everything_in_words_and_keeps_the_numbers() -> None:
    told = finding(evidence={"box": [1, 2, 3, 4]}, rule="unheard-of")
    run = loaded("sarif", report((asset(),), (told,), (undecided(),), notes=("a note",)))["runs"][0]
    open_, first = run["results"]
    assert first["message"]["text"] == (
        "dist/hero.png: the pixel size differs: expected 3840x2160, got 2560x1440. "
        "Promised by: size: 4k-landscape (preset, 2026-11-22). Fix: produce it again at the promised size"
    )
    assert first["properties"] == {"evidence": {"box": [1, 2, 3, 4]}}
    assert "ruleIndex" not in first
    assert first["relatedLocations"][0]["message"] == {"text": "the artifact"}
    assert open_["message"]["text"] == (
        "dist/scan.jxl: could not be verified: no decoder for JPEG XL. pip install verify4k[jxl]"
    )
    assert open_["ruleIndex"] == 1
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "exitCode": 1,
            "toolExecutionNotifications": [{"level": "note", "message": {"text": "a note"}}],
        }
    ]
    assert list(run["originalUriBaseIds"]) == ["SRCROOT"]
    assert "toolExecutionNotifications" not in loaded("sarif", good())["runs"][0]["invocations"][0]
    assert loaded("sarif", report())["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_sarif_describes_rules_and_files() -> None:
    rules = (*RULES, RuleInfo("no-alpha", "No alpha.", "No alpha.", "note"))
    run = loaded("sarif", report((asset(size=7), asset("b.png", sha256=None, size=None)), rules=rules))[
        "runs"
    ][0]
    assert run["tool"]["driver"]["rules"][3] == {
        "id": "no-alpha",
        "name": "NoAlpha",
        "shortDescription": {"text": "No alpha"},
        "fullDescription": {"text": "No alpha"},
        "help": {"text": "No alpha.", "markdown": "No alpha."},
        "defaultConfiguration": {"level": "note"},
        "properties": {"tags": ["image"], "precision": "very-high", "problem.severity": "recommendation"},
    }
    assert run["tool"]["driver"]["rules"][1]["properties"]["problem.severity"] == "warning"
    manifest, first, second = run["artifacts"]
    assert manifest["hashes"] == {"sha-256": "f" * 64}
    assert first["length"] == 7
    assert set(second) == {"location", "roles"}


def test_sarif_says_a_baseline_is_kept_elsewhere() -> None:
    covered = finding(suppressed=Suppression("baseline", "known"))
    run = loaded("sarif", report((asset(),), (), (), (covered,)))["runs"][0]
    assert run["results"][0]["suppressions"][0]["kind"] == "external"


def test_sarif_leaves_out_what_github_would_refuse_the_mildest_first_and_says_so() -> None:
    many = tuple(finding(severity="note", message=str(n)) for n in range(6_000))
    worst = finding(message="last and worst")
    run = loaded("sarif", report((asset(),), (*many, worst)))["runs"][0]
    assert len(run["results"]) == 5_000
    assert "last and worst" in run["results"][0]["message"]["text"]
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert told == "1,001 of 6,001 results were left out; see the full report"


def test_a_moved_line_keeps_the_fingerprint() -> None:
    def prints(line: int) -> list[str]:
        what = report((asset(),), (finding(place=PLACE._replace(line=line)),))
        gitlab = loaded("gitlab", what)[0]["fingerprint"]
        return [gitlab, loaded("sarif", what)["runs"][0]["results"][0]["partialFingerprints"]["verify4k/v1"]]

    assert prints(4) == prints(40)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ä.png", "a%20b/%C3%A4.png"),
        ("a:b.png", "a%3Ab.png"),
        ("a\nb\udcff#?.png", "a%0Ab%FF%23%3F.png"),
        ("../x.png", "../x.png"),
        ("/abs/x y.png", "file:///abs/x%20y.png"),
        ("C:/a b.png", "file:///C:/a%20b.png"),
        ("https://cdn.example/a?b=1&c=ü", "https://cdn.example/a?b=1&c=%C3%BC"),
    ],
)
def test_paths_are_uris_and_only_relative_ones_have_a_base(path: str, uri: str) -> None:
    run = loaded("sarif", report((asset(path=path),)))["runs"][0]
    where = run["artifacts"][1]["location"]
    assert where["uri"] == uri
    assert ("uriBaseId" in where) is (":" not in path.replace("a:b.png", "") and not path.startswith("/"))


def test_sarif_tells_the_time_it_was_given() -> None:
    told = loaded("sarif", good(), epoch=0)["runs"][0]["invocations"][0]
    assert told["endTimeUtc"] == "1970-01-01T00:00:00Z"
    assert "endTimeUtc" not in loaded("sarif", good())["runs"][0]["invocations"][0]


# -- gitlab, rdjson, checkstyle ---------------------------------------------------------------


@every_report
def test_gitlab_gets_every_finding_once(what: Report) -> None:
    issues = loaded("gitlab", what)
    valid(issues, GITLAB)
    assert len(issues) == len(what.findings) + len(what.undecided) + len(what.unasked)
    assert len({one["fingerprint"] for one in issues}) == len(issues)


def test_gitlab_paths_are_relative_and_severities_are_its_own() -> None:
    issues = loaded("gitlab", report((asset(),), (finding(place=PLACE._replace(path="./sub/m.yaml")),)))
    assert issues[0]["location"]["path"] == "sub/m.yaml"
    assert [one["severity"] for one in loaded("gitlab", mixed())] == ["major", "minor", "major"]
    assert issues[0]["description"] == (
        "dist/hero.png: the pixel size differs: expected 3840x2160, got 2560x1440. "
        "Fix: produce it again at the promised size"
    )


@every_report
def test_rdjson_is_a_diagnostic_result(what: Report) -> None:
    result = loaded("rdjson", what)
    valid(result, RDJSON)
    assert len(result["diagnostics"]) == len(what.findings) + len(what.undecided) + len(what.unasked)


def test_rdjson_has_severities_of_its_own() -> None:
    assert [one["severity"] for one in loaded("rdjson", mixed())["diagnostics"]] == [
        "ERROR",
        "WARNING",
        "ERROR",
    ]


@every_report
def test_checkstyle_is_xml_with_a_place_for_each_error(what: Report) -> None:
    root = ET.fromstring(rendered("checkstyle", what))  # noqa: S314 - our own
    assert root.tag == "checkstyle"
    errors = list(root.iter("error"))
    assert len(errors) == len(what.findings) + len(what.undecided) + len(what.unasked)
    for error in errors:
        assert set(error.attrib) == {"line", "column", "severity", "message", "source"}
        assert error.attrib["severity"] in {"error", "warning", "info"}
    names = [file.attrib["name"] for file in root]
    assert len(set(names)) == len(names)


# -- junit -----------------------------------------------------------------------------------


@every_report
@pytest.mark.parametrize("epoch", [None, 1_700_000_000])
def test_junit_is_as_its_schema_says_and_counts_right(what: Report, epoch: int | None) -> None:
    text = rendered("junit", what, epoch=epoch)
    JUNIT.validate(text)
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert int(root.attrib["tests"]) == len(list(root.iter("testcase")))
    for kind, tag in (("failures", "failure"), ("errors", "error")):
        assert int(root.attrib[kind]) == len(list(root.iter(tag)))
        assert sum(int(suite.attrib[kind]) for suite in root) == int(root.attrib[kind])
    assert sum(int(suite.attrib["skipped"]) for suite in root) == len(list(root.iter("skipped")))
    if epoch and len(root):
        assert root[0].attrib["timestamp"] == "2023-11-14T22:13:20"


def test_junit_has_a_test_for_every_rule_that_was_asked() -> None:
    root = ET.fromstring(rendered("junit", mixed()))  # noqa: S314 - our own
    told = {
        (case.attrib["classname"], case.attrib["name"]): [child.tag for child in case]
        for case in root.iter("testcase")
    }
    assert told == {
        ("dist/hero.png", "readable"): [],
        ("dist/hero.png", "exact-size"): ["failure"],
        ("dist/fine.png", "readable"): [],
        ("dist/fine.png", "exact-size"): [],
        ("dist/scan.jxl", "color"): ["error"],
        ("dist/scan.jxl", "exact-size"): ["skipped"],
        ("dist/old.png", "color"): ["skipped"],
        ("dist/old.png", "readable"): [],
        ("dist/meh.png", "color"): ["system-out"],
        ("dist/meh.png", "readable"): [],
    }


def test_junit_tells_the_whole_story_of_a_test() -> None:
    root = ET.fromstring(rendered("junit", mixed()))  # noqa: S314 - our own
    assert root.attrib["name"] == "verify4k"
    (failure,) = root.iter("failure")
    assert failure.attrib == {
        "type": "error",
        "message": "the pixel size differs: expected 3840x2160, got 2560x1440",
    }
    assert (failure.text or "").splitlines() == [
        "verify4k.yaml:4:3: error: the pixel size differs",
        "file: dist/hero.png",
        "expected: 3840x2160",
        "got: 2560x1440",
        "promised by: size: 4k-landscape (preset, 2026-11-22)",
        "fix: produce it again at the promised size",
    ]
    (error,) = root.iter("error")
    assert error.attrib == {"type": "undecided", "message": "could not be verified: no decoder for JPEG XL"}
    assert error.text == "verify4k.yaml:9:3: no decoder for JPEG XL (pip install verify4k[jxl])"
    assert [one.attrib["message"] for one in root.iter("skipped")] == [
        "not reached: see the asset's other results",
        "ignore: accepted until May",
    ]


def test_a_warning_fails_a_junit_test_when_the_gate_is_a_warning() -> None:
    told = (finding(rule="color", severity="warning"),)
    what = report((asset(rules={"color": "problem"}),), told, fail_on="warning")
    root = ET.fromstring(rendered("junit", what))  # noqa: S314 - our own
    assert root.attrib["failures"] == "1"


def test_junit_says_why_a_test_was_skipped() -> None:
    covered = finding(rule="color", suppressed=Suppression("baseline", "known since May"))
    bare = finding(rule="readable")
    what = report((asset(rules={"color": "problem", "readable": "holds"}),), (), (), (covered, bare))
    told = [one.attrib["message"] for one in ET.fromstring(rendered("junit", what)).iter("skipped")]  # noqa: S314
    assert told == ["baseline: known since May", "ignored"]


# -- attestations ----------------------------------------------------------------------------


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
    ("a warning", report((asset(),), (finding(severity="warning"),)), "WARNED", ["1 below --fail-on"]),
    (
        "ignored",
        report((asset(),), (), (), (finding(suppressed=Suppression("ignore", "x")),)),
        "WARNED",
        ["1 ignored or baselined"],
    ),
]


@pytest.mark.parametrize(("_why", "what", "word", "reasons"), NOT_PASSED, ids=[row[0] for row in NOT_PASSED])
def test_only_a_run_without_open_questions_is_passed(
    _why: str, what: Report, word: str, reasons: list[str]
) -> None:
    found = loaded("predicate", what)
    assert (found["result"], found["reasons"]) == (word, reasons)
    assert loaded("in-toto", what)["predicate"] == found
    assert rendered("sha256sums", what).startswith(f"# verify4k 0.1.0: {word}: {reasons[0]}")


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
