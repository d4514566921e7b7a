"""The one word of a release gate: PASSED only when every promise was verified and holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from verify4k.reporters._cases import cases
from verify4k.reporters._plain import left_out_by_options, part_of
from verify4k.text import counted

if TYPE_CHECKING:
    from verify4k.report import Report

Result = Literal["PASSED", "WARNED", "FAILED"]

PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"


def result(report: Report) -> tuple[Result, list[str]]:
    """Return the word, and the reasons why it is not PASSED.

    FAILED also for what could not be verified or was promised and not asked: a file that was
    not read to its end is not bound by a hash, and nobody may take an open question for a yes.
    WARNED also for a part of what is promised, and for rules that an option left out, though nobody
    promised anything about them: who knows PASSED only must not take it for the whole. What the manifest
    leaves out is its own affair: the result is bound to it.
    """
    total = report.summary
    unread, shallow, remembered, changed = _not_measured(report)
    failed = [
        ("nothing was checked", not report.assets),
        (f"{total.failed:,} failed", total.failed),
        (f"{len(report.undecided) or total.undecided:,} undecided", report.undecided or total.undecided),
        (f"{total.not_asked:,} promised and not asked", total.not_asked),
        (f"{report.uncompared:,} not compared with promises that were left out", report.uncompared),
        (f"{shallow:,} checked at header depth only", shallow),
        (f"{unread:,} not read as a whole", unread and not shallow),
        (f"{remembered:,} remembered from an earlier run", remembered),
        (f"{changed:,} changed during the run", changed),
    ]
    warned = [
        (f"{total.findings:,} below --fail-on", total.findings and not total.failed),
        (f"{total.suppressed:,} ignored or baselined", total.suppressed),
        ("" if report.part is None else f"a part: {part_of(report.part)}", report.part),
        *(
            (f"{counted(len(rules), 'rule')} left out by {why}", rules)
            for why, rules in left_out_by_options(report).items()
        ),
    ]
    reasons = [[reason for reason, holds in group if holds] for group in (failed, warned)]
    if report.exit_code and not reasons[0]:
        reasons[0].append(f"exit code {report.exit_code}")
    word: Result = "FAILED" if reasons[0] else "WARNED" if reasons[1] else "PASSED"
    return word, reasons[0] + reasons[1]


def _not_measured(report: Report) -> tuple[int, int, int, int]:
    """Return how many were not hashed, read as headers only, remembered, and not the same all the time.

    The last: promised by several manifests of a run. Each asset may have to be read from a file, so once.
    """
    unread = shallow = remembered = 0
    contents: set[tuple[str, str | None]] = set()
    for asset in report.assets:
        unread += asset.sha256 is None
        shallow += asset.depth == "header"
        remembered += bool(asset.remembered)
        contents.add((asset.target, asset.sha256))
    return unread, shallow, remembered, len(contents) - len({target for target, _ in contents})


def predicate(report: Report) -> dict[str, Any]:
    """Return a test-result predicate; a test is ``target: rule``."""
    word, reasons = result(report)
    tests: dict[str, list[str]] = {"passed": [], "warned": [], "failed": []}
    for case in cases(report):
        group = {"passed": "passed", "warned": "warned", "ignored": "warned"}.get(case.outcome, "failed")
        tests[group].append(f"{case.asset.target}: {case.rule}")
    found: dict[str, Any] = {
        "result": word,
        "configuration": [{"name": ref.path, "digest": {"sha256": ref.sha256}} for ref in report.manifests],
        "passedTests": tests["passed"],
        "warnedTests": tests["warned"],
        "failedTests": tests["failed"],
    }
    if report.part is not None:
        found["part"] = {
            "checked": report.part.checked,
            "promised": report.part.promised,
            "chosenBy": list(report.part.chosen_by),
        }
    if report.rules_left_out:
        found["rulesLeftOut"] = [each._asdict() for each in report.rules_left_out]
    if reasons:  # consumers ignore fields that they do not know
        found["reasons"] = reasons
    return found
