"""Text for logs and terminals: one line, nothing that a terminal or a CI runner obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.text import counted, printable

if TYPE_CHECKING:
    from typing import Literal

    from verify4k.documents.nodes import Place
    from verify4k.report import Finding, Part, Report, Unasked

UNDECIDED = "undecided"


def shown(text: str) -> str:
    """Return foreign text as it may stand anywhere in a log or on a terminal."""
    return printable(text)


def spot(place: Place) -> str:
    """Return ``path:line:column``."""
    return shown(str(place))


def sentence(finding: Finding) -> str:
    """Return what is wrong, expected and got, raw and in one sentence."""
    parts = []
    if finding.expected:
        parts.append(f"expected {finding.expected}")
    if finding.actual:
        parts.append(f"got {finding.actual}")
    told = finding.message + (": " + ", ".join(parts) if parts else "")
    return told + (f"; {hops(finding)}" if finding.chain else "")


def hops(finding: Finding) -> str:
    """Return the way from the first source, raw: "a.png 64x36 ok -> b.png 32x18 (lost here: size)"."""
    what = finding.rule if finding.key in ("", "from", "edits") else finding.key
    words = {"ok": "ok", "same": "(already so)", "": ""}
    told = []
    for index, link in enumerate(finding.chain):
        note = f"; {link.note}" if link.note else ""
        here = "so from the start" if index == 0 else "lost here"
        state = f"({here}: {what}{note})" if link.state == "lost" else words[link.state]
        told.append(" ".join(part for part in (link.path, link.said, state) if part))
    return " -> ".join(told)


def left_out(unasked: Unasked) -> str:
    """Return what was promised and not asked, raw and in one sentence."""
    return f"promised and not asked: {unasked.promise}; {unasked.reason} leaves rule {unasked.rule} out"


def part_of(part: Part) -> str:
    """Return how much of what is promised a run has checked, raw: "2 of 10 promises, chosen by --staged"."""
    chosen_by = f", chosen by {' and '.join(part.chosen_by)}" if part.chosen_by else ""
    return f"{part.checked:,} of {counted(part.promised, 'promise')}{chosen_by}"


def left_out_by_options(report: Report) -> dict[str, list[str]]:
    """Return the rules that options left out and that nobody promised anything about, by option."""
    found: dict[str, list[str]] = {}
    for each in report.rules_left_out:
        if each.by_option:
            found.setdefault(each.reason, []).append(each.rule)
    return found


def green(report: Report) -> tuple[Literal["passed", "undecided"], str]:
    """Return what a run that ends with exit code 0 is, and may say of itself."""
    if not report.assets:
        return "undecided", "Nothing was checked"
    if report.unasked:
        return "undecided", "Not every promise was asked"
    if report.uncompared:
        return "passed", "What was asked holds"
    if report.findings:
        return "passed", f"Passed, with {counted(len(report.findings), 'finding')}"
    if report.part is not None:
        return "passed", "What was checked holds"
    return "passed", "Every other promise holds" if report.suppressed else "Every promise holds"


def verdicts(report: Report) -> str:
    """Return the summary line: how many assets, passed, failed, undecided."""
    total = report.summary
    if not total.assets:
        return "nothing was checked"
    parts = [f"{total.passed:,} passed"]
    if total.failed:
        parts.append(f"{total.failed:,} failed")
    if total.undecided:
        parts.append(f"{total.undecided:,} undecided")
    line = f"{counted(total.assets, 'asset')}: {', '.join(parts)}"
    details = []
    for severity in ("error", "warning", "note"):
        number = sum(finding.severity == severity for finding in report.findings)
        if number:
            details.append(counted(number, severity))
    if report.undecided:
        details.append(f"{len(report.undecided):,} unverified")
    if total.not_asked:
        details.append(f"{counted(total.not_asked, 'promise')} not asked")
    if total.suppressed:
        details.append(f"{total.suppressed:,} ignored")
    if report.part is not None:
        left, promised = report.part.promised - report.part.checked, report.part.promised
        details.append(f"{left:,} of {promised:,} promises left out")
    for why, rules in left_out_by_options(report).items():
        details.append(f"{counted(len(rules), 'rule')} left out by {shown(why)}")
    return line + (f" ({', '.join(details)})" if details else "")
