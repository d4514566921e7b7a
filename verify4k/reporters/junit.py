"""JUnit XML: a suite for every asset, a test for every rule it was asked, for any CI's test view."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from verify4k.report import SEVERITIES
from verify4k.reporters._cases import cases
from verify4k.reporters._plain import left_out_by_options, part_of, sentence
from verify4k.reporters._xml import block, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.report import Finding, RenderOptions, Report
    from verify4k.reporters._cases import Case, Outcome


_SKIPPED = ("not-reached", "ignored", "not-asked")


def render(report: Report, options: RenderOptions) -> str:
    """Return all suites; what is below --fail-on does not fail a test, what is undecided does."""
    return "".join(pieces(report, options))


def pieces(report: Report, options: RenderOptions) -> Iterator[str]:
    """Yield the head with the totals, then a suite at a time."""
    stamp, properties = _stamp(options.epoch), _properties(report)
    total = _counts([case.outcome for case in cases(report)])
    total.pop("skipped")  # a suite has it, all suites together have not
    head, end = tag("testsuites", {"name": "verify4k", **total, "time": "0"}, "\n").split("\n")
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n'
    for _, group in groupby(cases(report), key=lambda case: case.asset.target):
        yield f"  {_suite(list(group), stamp, properties)}\n"
    yield f"{end}\n"


def _suite(group: list[Case], stamp: dict[str, str], properties: str) -> str:
    asset = group[0].asset
    tests = "".join(f"    {_test(case, asset.path)}\n" for case in group)
    return tag(
        "testsuite",
        {"name": asset.target, **_counts([case.outcome for case in group]), "time": "0", **stamp},
        f"\n{properties}{tests}  ",
    )


def _properties(report: Report) -> str:
    """Return what was left out of this run, as properties of each suite: a file has no place for it."""
    said = {} if report.part is None else {"part": part_of(report.part)}
    for why, rules in left_out_by_options(report).items():
        said[f"left out by {why}"] = ", ".join(rules)
    told = "".join(tag("property", {"name": name, "value": value}) for name, value in said.items())
    return f"    <properties>{told}</properties>\n" if told else ""


def _counts(outcomes: list[Outcome]) -> dict[str, str | int]:
    return {
        "tests": len(outcomes),
        "failures": outcomes.count("failed"),
        "errors": outcomes.count("undecided"),
        "skipped": sum(outcome in _SKIPPED for outcome in outcomes),
    }


def _test(case: Case, path: str) -> str:
    about = {"classname": case.asset.target, "name": case.rule, "time": "0"}
    content = _content(case, path)
    return tag("testcase", about, content or None)


def _content(case: Case, path: str) -> str:
    lines = [line for finding in case.findings for line in _lines(finding, path)]
    if case.outcome == "failed":
        worst = min(case.findings, key=lambda finding: SEVERITIES.index(finding.severity))
        return tag("failure", {"type": worst.severity, "message": sentence(worst)}, block(lines))
    if case.outcome == "undecided":
        first = case.undecided[0]
        told = [
            f"{one.place}: {one.reason}" + (f" ({one.hint})" if one.hint else "") for one in case.undecided
        ]
        return tag(
            "error", {"type": "undecided", "message": f"could not be verified: {first.reason}"}, block(told)
        )
    if case.outcome == "not-reached":
        return tag("skipped", {"message": "not reached: see the asset's other results"})
    if case.outcome == "not-asked":
        return tag("skipped", {"message": "promised and not asked: this run leaves the rule out"})
    if case.outcome == "ignored":
        why = case.findings[0].suppressed
        return tag("skipped", {"message": "ignored" if why is None else f"{why.kind}: {why.reason}"})
    return tag("system-out", {}, block(lines)) if lines else ""


def _lines(finding: Finding, path: str) -> list[str]:
    rows = [
        ("expected", finding.expected),
        ("got", finding.actual),
        ("promised by", finding.origin),
        ("fix", finding.fix),
    ]
    told = [f"{finding.place}: {finding.severity}: {finding.message}", f"file: {path}"]
    return told + [f"{label}: {text}" for label, text in rows if text]


def _stamp(epoch: int | None) -> dict[str, str]:
    """Give a time only when one was given: the same run is the same bytes."""
    if epoch is None:
        return {}
    from datetime import UTC, datetime

    return {"timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S")}
