"""SARIF as the standard and GitHub want it: places, words, rules, limits, fingerprints."""

from __future__ import annotations

import json
import re

import pytest
from reports import (
    DIGEST,
    PLACE,
    RULES,
    SCHEMAS,
    asset,
    every_report,
    finding,
    good,
    loaded,
    mixed,
    report,
    undecided,
    valid,
)

from verify4k.report import Report, RuleInfo, RuleLeftOut, Suppression


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


def test_sarif_says_in_its_own_words_which_rules_were_switched_off() -> None:
    left = (RuleLeftOut("color", "--ignore", 1), RuleLeftOut("color", "rules: {color: off}", 1))
    [run] = loaded("sarif", good()._replace(rules_left_out=left))["runs"]
    [override] = run["invocations"][0]["ruleConfigurationOverrides"]
    assert override["configuration"] == {"enabled": False}
    assert run["tool"]["driver"]["rules"][override["descriptor"]["index"]]["id"] == "color"
    assert "ruleConfigurationOverrides" not in loaded("sarif", good())["runs"][0]["invocations"][0]
