"""Each machine format against its own validator, and what its readers rely on."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import xmlschema
from reports import (
    PLACE,
    SCHEMAS,
    asset,
    every_report,
    finding,
    loaded,
    mixed,
    rendered,
    report,
    valid,
)

from verify4k.report import Report, Suppression, Unasked

JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))

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


def test_rdjson_has_severities_of_its_own_and_points_at_the_promise() -> None:
    told = loaded("rdjson", mixed())["diagnostics"]
    assert [one["severity"] for one in told] == ["ERROR", "WARNING", "ERROR"]
    assert told[0]["location"] == {
        "path": PLACE.path,
        "range": {"start": {"line": PLACE.line, "column": PLACE.column}},
    }


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


@pytest.mark.parametrize("order", [1, -1])
def test_a_failed_junit_test_is_called_by_its_worst_finding(order: int) -> None:
    told = (finding(severity="note", message="a spot"), finding(severity="error", message="a hole"))[::order]
    what = report((asset(rules={"exact-size": "problem"}),), told, (), ())
    [failure] = ET.fromstring(rendered("junit", what)).iter("failure")  # noqa: S314 - our own
    assert (failure.attrib["type"], "a hole" in failure.attrib["message"]) == ("error", True)
    assert all(words in (failure.text or "") for words in ("a hole", "a spot"))


def test_junit_skips_what_was_promised_and_not_asked() -> None:
    left = asset(rules={"color": "not-asked", "still": "not-asked"})
    unasked = (Unasked(left.target, "color", "mode: rgb", "--ignore", PLACE, left.path),)
    [suite] = ET.fromstring(rendered("junit", report((left,), unasked=unasked)))  # noqa: S314
    assert [one.attrib["message"] for one in suite.iter("skipped")] == [
        "promised and not asked: this run leaves the rule out"
    ]
    assert (suite.attrib["tests"], suite.attrib["skipped"]) == ("1", "1")


def test_what_nobody_asked_is_a_warning_wherever_it_is_told() -> None:
    what = report((asset(),), unasked=(Unasked("a", "color", "mode: rgb", "--ignore", PLACE, "a"),))
    assert [one["severity"] for one in loaded("rdjson", what)["diagnostics"]] == ["WARNING"]
    assert [one["severity"] for one in loaded("gitlab", what)] == ["minor"]
