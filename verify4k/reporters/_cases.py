"""Every (asset, rule) that was asked, with its outcome: what test formats and statements count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES, Finding, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.report import AssetResult, Report

T = TypeVar("T", Finding, Undecided)

Outcome = Literal["passed", "warned", "failed", "undecided", "not-reached", "ignored", "not-asked"]


class Case(NamedTuple):
    """One question and its answer.

    ``not-reached``: what another rule found made it pointless. ``not-asked``: promised, and left out.
    """

    asset: AssetResult
    rule: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()


def cases(report: Report) -> Iterator[Case]:
    """Give all cases in report order; rules that were not asked are none, unless a promise needs them."""
    findings = _by_case(report.findings + report.inherited)
    undecided = _by_case(report.undecided)
    suppressed = _by_case(report.suppressed)
    unasked = {(one.target, one.rule) for one in report.unasked}
    gate = SEVERITIES.index(report.fail_on)
    for asset in report.assets:
        for rule, state in asset.rules.items():
            key = (asset.target, rule)
            found, open_, hidden = findings.get(key, ()), undecided.get(key, ()), suppressed.get(key, ())
            if any(SEVERITIES.index(finding.severity) <= gate for finding in found):
                yield Case(asset, rule, "failed", found)
            elif open_:
                yield Case(asset, rule, "undecided", (), open_)
            elif state == "undecided":
                yield Case(asset, rule, "not-reached")
            elif found:
                yield Case(asset, rule, "warned", found)
            elif hidden:
                yield Case(asset, rule, "ignored", hidden)
            elif state != "not-asked":
                yield Case(asset, rule, "passed")
            elif key in unasked:
                yield Case(asset, rule, "not-asked")


def _by_case(told: tuple[T, ...]) -> dict[tuple[str, str], tuple[T, ...]]:
    groups: dict[tuple[str, str], list[T]] = {}
    for one in told:
        groups.setdefault((one.target, one.rule), []).append(one)
    return {key: tuple(group) for key, group in groups.items()}
